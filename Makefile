# Deep learning from scratch with NumPy. `make` alone lists what can be done.

MUTMUT_VERSION := 3.8.1
ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif
RUN := $(BIN)/python -m

# One thread: faster than two on a busy machine, and the same digits everywhere.
export OPENBLAS_NUM_THREADS := 1

# Where nobody may write to the home folder, settings and caches go to .venv, as in start.py.
export HOME := $(if $(shell test -w "$$HOME" && echo yes),$(HOME),$(CURDIR)/.venv/home)

# The order of the tests is new in every run; `make test SEED=...` repeats one.
SEED := $(shell date +%s)
PYTEST := $(RUN) pytest --quiet -n 2 --durations=10

# What the stored outputs show.
fast tests outputs: export COURSE_DATA := digits28

.PHONY: help setup lab test check style fast tests outputs oldest newest soak notebooks exercises handout bench sliders mnist-results mutants
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z -]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## create .venv with the packages of the tests (the other targets do it first)
	@$(PYTHON) start.py --setup-only requirements-dev.lock

lab: ## open JupyterLab on the introduction
	@$(PYTHON) start.py $(LAB_OPTIONS)

check: style fast ## the fast checks: style, types, library, exercises, sliders

test: style tests outputs ## everything: all tests, also in a real browser, and all notebooks executed anew
	@echo 'All tests passed.'

style: setup
	$(RUN) ruff check --quiet .
	$(RUN) ruff format --quiet --check .
	$(RUN) basedpyright

fast: setup
	$(PYTEST) --randomly-seed=$(SEED) --dist worksteal --doctest-modules \
	  -m "not kernel and not browser"

tests: setup
	$(PYTEST) --randomly-seed=$(SEED) --dist load --maxschedchunk 1 --doctest-modules

outputs: setup
	$(PYTEST) -p no:randomly -p tests.notebook_guards --nbval --nbval-current-env \
	  --nbval-sanitize-with tests/notebook_sanitize.cfg --dist loadfile notebooks solutions

oldest newest: setup ## the tests with the oldest or newest packages that pyproject.toml allows
	$(RUN) tools.versions $@

ROUNDS := 20
soak: setup ## `make test` twenty times, or ROUNDS=..., each time under other conditions
	$(RUN) tools.soak $(ROUNDS)

notebooks: setup ## execute the lessons and solutions that have changed, or NAMES=... alone
	$(RUN) tools.build notebooks $(NAMES)

exercises: setup ## derive the exercises from the solutions
	$(RUN) tools.build exercises

handout: setup ## pack what learners get, without the solutions, into dist/
	@$(RUN) tools.handout

# Every contender may use the kernels that it finds best for this machine. Real MNIST may lie in
# shared/mnist, in the folder beside the checkout.
bench mnist-results: export MNIST_DIR ?= $(shell cd ../shared/mnist 2>/dev/null && pwd)
bench: setup ## measure speed and accuracy against other libraries
	@env -u OPENBLAS_CORETYPE $(RUN) benchmarks.library

sliders: setup ## move every slider in a real browser, and print how long it takes
	SLIDER_ALLOWANCE=1 $(RUN) pytest --quiet -m browser -k sliders tests

mnist-results: setup ## train the models of the course on real MNIST (some ten minutes)
	@env -u OPENBLAS_CORETYPE $(RUN) benchmarks.mnist_results

mutants: setup ## plant some 1,900 bugs in the library, and list those that no test finds
	$(RUN) uv pip install --quiet --python $(BIN)/python mutmut==$(MUTMUT_VERSION)
	@rm -rf mutants
	$(BIN)/mutmut run
	@$(BIN)/mutmut results
