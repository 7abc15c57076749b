# Two commands: `make run` serves Tocsin on this machine, `make test` checks and tests everything.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input --require-hashes
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe --no-header --no-annotate \
	--no-emit-index-url --no-emit-find-links

.DEFAULT_GOAL := help
.PHONY: help run editor test check format messages openapi requirements bench clean libraries dev-libraries

help:
	@echo "make run           serve the portal on http://127.0.0.1:8000 (PORT=8001 make run: elsewhere)"
	@echo "make editor        make an account: make editor EMAIL=ada@example.org NAME='Ada L.' ROLE=publisher"
	@echo "make test          every check and test; says what it skipped and why (REQUIRE_ALL=1: no skip allowed)"
	@echo "make check         the checks alone: format, lint, templates, types, imports, settings, migrations"
	@echo "make format        bring code and templates into shape"
	@echo "make messages      gather what is marked for translation into portal/locale, and compile it"
	@echo "make openapi       write docs/openapi.yaml anew (PORTAL=http://127.0.0.1:8000 KEY=…: with its answers as examples)"
	@echo "make bench         measure how fast pages are served"
	@echo "make requirements  pin the newest allowed libraries, with hashes"

run: libraries
	@exec $(BIN)/python manage.py serve

editor: libraries
	@exec $(BIN)/python manage.py make_editor $(if $(EMAIL),--email "$(EMAIL)") $(if $(NAME),--name "$(NAME)") $(if $(ROLE),--role "$(ROLE)")

test: dev-libraries
	@exec $(BIN)/python -m tests.run.everything

check: dev-libraries
	@exec $(BIN)/python -m tests.run.checks

format: dev-libraries
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format --quiet . ; git ls-files 'templates/**.html' | xargs $(BIN)/djade --target-version 5.2

messages: dev-libraries
	@exec $(BIN)/python -m tests.run.messages

openapi: dev-libraries
	@exec $(BIN)/python -m tests.run.openapi $(PORTAL) $(KEY)

bench: dev-libraries
	@exec $(BIN)/python -m tests.bench --write docs/performance.md

requirements: dev-libraries
	@$(COMPILE) --upgrade requirements.in --output-file requirements.txt
	@$(COMPILE) --upgrade requirements-dev.in --output-file requirements-dev.txt

clean:
	@rm -rf $(VENV) .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis

# The libraries are installed when the pinned list differs from the one installed last.
libraries: $(BIN)/python
	@cmp -s requirements.txt $(VENV)/installed.txt || cmp -s requirements-dev.txt $(VENV)/installed-dev.txt || { \
		echo "Installing the libraries …"; \
		$(PIP) --progress-bar on -r requirements.txt && cp requirements.txt $(VENV)/installed.txt; }

dev-libraries: $(BIN)/python
	@cmp -s requirements-dev.txt $(VENV)/installed-dev.txt || { \
		echo "Installing the libraries for development …"; \
		$(PIP) -q -r requirements-dev.txt && cp requirements-dev.txt $(VENV)/installed-dev.txt; }

$(BIN)/python:
	@test -w . || { echo "This folder cannot be written: move Tocsin to one of your own." >&2; exit 1; }
	@command -v $(PYTHON) >/dev/null || { echo "Python is missing: install Python 3.11 or newer." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Tocsin needs Python 3.11 or newer, this is $$($(PYTHON) -V 2>&1): try PYTHON=python3.12 make run" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >/dev/null 2>&1 || { rm -rf $(VENV); \
		echo "$(PYTHON) cannot make a virtual environment: install its venv module (Debian: apt install python3-venv)." >&2; exit 1; }
