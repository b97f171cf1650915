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

# What the stored outputs show.
check test: export COURSE_DATA := digits28

.PHONY: help setup lab test check notebooks exercises handout bench sliders mnist-results mutants
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: ## create .venv with the packages of the tests (the other targets do it first)
	@$(PYTHON) start.py --setup-only requirements-dev.lock

lab: ## open JupyterLab on the introduction
	@$(PYTHON) start.py $(LAB_OPTIONS)

check: setup ## the fast checks: style, types, library, exercises, sliders
	$(RUN) ruff check --quiet .
	$(RUN) ruff format --quiet --check .
	$(RUN) basedpyright
	$(RUN) pytest --quiet -n 2 --doctest-modules -m "not kernel and not browser"

test: check ## everything: the fast checks, all notebooks executed anew, a real browser
	$(RUN) pytest --quiet -p tests.notebook_guards -p tests.dead_kernel --nbval --nbval-current-env \
	  --nbval-sanitize-with tests/notebook_sanitize.cfg -n 2 --dist loadfile notebooks solutions
	$(RUN) pytest --quiet -n 2 --dist worksteal -m "kernel or browser" tests
	@echo 'All tests passed.'

notebooks: setup ## execute the lessons and solutions that have changed
	$(RUN) tools.build notebooks

exercises: setup ## derive the exercises from the solutions
	$(RUN) tools.build exercises

handout: setup ## pack what learners get, without the solutions, into dist/
	@$(RUN) tools.handout

# Every contender may use the kernels that it finds best for this machine.
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
