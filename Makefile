# Every target prepares the virtual environment by itself: with uv when it is there, with pip when it is not.

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
# The first Python on PATH that is new enough; `make PYTHON=/path/to/python ...` chooses another.
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)

.PHONY: help check test lint all bench clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 14

check: $(INSTALLED) ## run schemalint on the reference project, with the embedded server
	$(BIN)/schemalint check

test: $(INSTALLED) ## run the whole test suite
	$(BIN)/python -m coverage erase
	$(BIN)/python -m pytest -n auto --cov --cov-report=term $(ARGS)

lint: $(INSTALLED) ## format, lint, types, layers
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports

all: lint check test ## everything that a reviewer would run

bench: $(INSTALLED) ## measure the two ratios that the README states
	$(BIN)/python benchmarks/ratios.py

clean: ## remove the virtual environment and the caches
	rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache .coverage*

$(INSTALLED): pyproject.toml
	@test -n "$(PYTHON)" || { echo "make: no Python 3.11 or newer was found; name one: make PYTHON=/path/to/python"; exit 1; }
	@if command -v uv >/dev/null; then \
		set -ex; \
		uv venv --quiet --allow-existing --python "$(PYTHON)" $(VENV); \
		uv pip install --quiet --python $(BIN)/python --group dev --editable .; \
	else \
		set -ex; \
		"$(PYTHON)" -m venv $(VENV); \
		$(BIN)/python -m pip install --quiet --upgrade 'pip>=25.1'; \
		$(BIN)/python -m pip install --quiet --group dev --editable .; \
	fi
	@touch $@
