# make app   build the graph from data/ and open the app
# make test  all tests, in as many processes as there are cores (at most 4); WORKERS=0 for one after the other

PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
WORKERS ?= logical

.PHONY: app build test lint neo4j-test docs clean

app: build
	$(BIN)/liantu app

build: $(VENV)/.installed
	$(BIN)/liantu build

test: $(VENV)/.installed-dev
	$(BIN)/pytest -n $(WORKERS) --maxprocesses 4

lint: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.installed-dev
	PYTHONPATH=. $(BIN)/python docs/make.py

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Liantu needs Python 3.11 or later; set PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(BIN)/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

clean:
	rm -rf $(VENV) build dist *.egg-info
