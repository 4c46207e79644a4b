# make run    the two seed articles, from nothing to a table of events
# make test   lint, types, tests on SQLite and Postgres, quality gate (under 5 minutes on 2 cores)
# make help   the rest

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export PIP_NO_INPUT = 1

.PHONY: run test lint types unit acceptance lock clean help

run: $(VENV)/.installed
	@$(BIN)/dateline db upgrade
	@$(BIN)/dateline run

test: $(VENV)/.installed-dev
	@$(MAKE) --no-print-directory lint types unit

lint: $(VENV)/.installed-dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.installed-dev
	$(BIN)/mypy

unit: $(VENV)/.installed-dev
	$(BIN)/pytest -n 2 --dist loadfile -m "not acceptance" --durations=5 $(PYTEST_ARGS)

acceptance: $(VENV)/.installed-dev
	$(BIN)/pytest -m acceptance tests --durations=10 $(PYTEST_ARGS)

# Both lock files name no index: pip asks the one it is set up for. Needs uv (pip install uv); the ranges are pyproject.toml's.
lock:
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --extra pictures \
	  --group build -o requirements.lock pyproject.toml
	uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-emit-find-links --python-version 3.11 --all-extras \
	  --group build --group dev -c requirements.lock -o requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .hypothesis

help:
	@sed -n 's/^# make/make/p' Makefile
	@echo "make acceptance  the long tests: crashes, scale, real sources (under 25 minutes)"
	@echo "make lock        resolve the dependencies anew"

$(VENV)/bin/python:
	@$(PYTHON) tools/check_python.py
	@echo "Creating $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the locked dependencies (about two minutes the first time) ..."
	@$(PIP) install -qq --require-hashes --no-deps -r requirements.lock
	@$(PIP) install -qq --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.installed-dev: requirements-dev.lock $(VENV)/.installed
	@echo "Installing the locked tools for testing ..."
	@$(PIP) install -qq --require-hashes --no-deps -r requirements-dev.lock
	@$(PIP) check -qq
	@touch $@
