# Deep learning from scratch with NumPy. `make` alone lists what can be done.

PYTHON ?= python3
UV_VERSION := 0.13.9
MUTMUT_VERSION := 3.8.1
VENV := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif
RUN := $(BIN)/python -m

# One thread: faster than two on a busy machine, and the same digits everywhere.
export OPENBLAS_NUM_THREADS := 1
export JUPYTER_CONFIG_PATH := $(CURDIR)/.jupyter

# What the stored outputs show.
check test: export COURSE_DATA := digits28

.PHONY: help setup lab test check notebooks exercises bench mnist-results mutants
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' Makefile

setup: $(VENV)/ready ## create .venv with the locked packages (the other targets do it first)

$(VENV)/ready: requirements-dev.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo 'Python 3.11 or newer is needed: make PYTHON=python3.12, for example.'; exit 1; }
	@$(PYTHON) -m venv $(VENV) || \
	  { echo 'Python cannot make a virtual environment. On Debian: apt install python3-venv'; exit 1; }
	$(RUN) pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements-dev.lock || \
	  { echo 'uv could not install the packages (see above): pip takes over, which is slower.'; \
	    $(RUN) pip install --quiet --require-hashes -r requirements-dev.lock; }
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

lab: setup ## open JupyterLab on the introduction
	$(RUN) jupyterlab --ServerApp.root_dir="$(CURDIR)" \
	  --LabApp.default_url=/lab/tree/notebooks/0_introduction.ipynb \
	  $(shell [ "$$(id -u)" = 0 ] && echo --allow-root) $(LAB_OPTIONS)

check: setup ## the fast checks: style, types, library, exercises, sliders
	$(RUN) ruff check --quiet .
	$(RUN) ruff format --quiet --check .
	$(RUN) basedpyright
	$(RUN) pytest --quiet -n 2 --doctest-modules -m "not kernel and not browser"

test: check ## everything: the fast checks, all notebooks executed anew, a real browser
	$(RUN) pytest --quiet -p tests.notebook_guards --nbval --nbval-current-env \
	  --nbval-sanitize-with tests/notebook_sanitize.cfg -n 2 --dist loadfile notebooks solutions
	$(RUN) pytest --quiet -n 2 --dist worksteal -m "kernel or browser" tests
	@echo 'All tests passed.'

notebooks: setup ## execute the lessons and solutions that have changed
	$(RUN) tools.build notebooks

exercises: setup ## derive the exercises from the solutions
	$(RUN) tools.build exercises

# Every contender may use the kernels that it finds best for this machine.
bench mnist-results: export MNIST_DIR ?= $(abspath $(wildcard ../shared/mnist))
bench: setup ## measure speed and accuracy against other libraries, and the sliders
	@env -u OPENBLAS_CORETYPE $(RUN) benchmarks.library
	@echo && $(RUN) benchmarks.explorers

mnist-results: setup ## train the models of the course on real MNIST (some ten minutes)
	@env -u OPENBLAS_CORETYPE $(RUN) benchmarks.mnist_results

mutants: setup ## plant some 1,900 bugs in the library, and list those that no test finds
	$(BIN)/uv pip install --quiet --python $(BIN)/python mutmut==$(MUTMUT_VERSION)
	@rm -rf mutants
	$(BIN)/mutmut run
	@$(BIN)/mutmut results
