# Everything that is done to the tree, one target each: make help

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
WORKERS ?= logical

.DEFAULT_GOAL := app
.PHONY: help app build test quick lint docs hooks clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-6s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

app: build  ## build the graph from data/ and open the app (also plain: make)
	$(BIN)/liantu app

build: $(VENV)/.installed  ## build the graph from data/
	$(BIN)/liantu build

quick: $(VENV)/.installed-dev  ## tests without a database, a browser and made-up inputs, under a minute
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 4 -m "not database and not neo4j and not browser and not slow and not hypothesis"

test: $(VENV)/.installed-dev  ## all tests, in as many processes as there are cores (at most 4); WORKERS=0 for one after the other
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 4

lint: $(VENV)/.installed-dev  ## ruff, mypy, import-linter
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev  ## write the pages that come from the code (docs/ontology.md, thresholds in docs/methods.md)
	PYTHONPATH=. $(BIN)/python docs/make.py

hooks: $(VENV)/.installed-dev  ## have git run make lint's checks before every commit (needs pre-commit)
	pre-commit install

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Liantu needs Python 3.11 or later; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:  ## remove the virtual environment and what was built
	rm -rf $(VENV) build dist *.egg-info
