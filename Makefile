# The only way anything is run. `make help` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
LOCAL := $(BIN)/python -m seb_survey.local_postgres --
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes
LINT := seb_survey questionnaire outputs tests manage.py

.PHONY: help run demo test test-slow check fix bench fuzz docs screenshots manage requirements clean setup setup-dev browser

help: ## list what can be run
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

run: setup ## set everything up and serve the product at http://127.0.0.1:8000
	@exec $(LOCAL) $(BIN)/python manage.py serve --demo

demo: setup ## the same, with a made-up employer: 2,400 staff, two waves, results by grade and department
	@exec $(LOCAL) $(BIN)/python manage.py serve --demo-employer

manage: setup ## run a management command: make manage ARGS="close_survey demo"
	@exec $(LOCAL) $(BIN)/python manage.py $(ARGS)

test: setup-dev browser check ## all tests but the slow ones
	@$(LOCAL) $(BIN)/python -m pytest -m "not slow" $(ARGS)

test-slow: setup-dev browser ## the slow tests
	@$(LOCAL) $(BIN)/python -m pytest -m slow $(ARGS)

check: setup-dev ## format, lint, types, import rules, migrations, generated docs
	@$(BIN)/ruff format --check --quiet $(LINT)
	@$(BIN)/ruff check --quiet $(LINT)
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 8
	@$(LOCAL) $(BIN)/python manage.py makemigrations --check --dry-run --verbosity 1
	@$(LOCAL) $(BIN)/python manage.py write_docs --check

fix: setup-dev ## mend what can be mended: format, lint, generated docs
	@$(BIN)/ruff format --quiet $(LINT)
	@$(BIN)/ruff check --quiet --fix $(LINT)
	@$(LOCAL) $(BIN)/python manage.py write_docs

docs: setup ## write the generated pages of docs/
	@$(LOCAL) $(BIN)/python manage.py write_docs

bench: setup-dev ## measure, on this machine, what docs/performance.md tells
	@$(LOCAL) $(BIN)/python -m tests.bench $(ARGS)

fuzz: setup-dev ## attack a server of its own with 20,000 hostile requests
	@$(LOCAL) $(BIN)/python -m tests.fuzz $(ARGS)

screenshots: setup-dev browser ## the pictures in docs/
	@$(LOCAL) $(BIN)/python -m tests.functional.screenshots

requirements: ## pin the requirements anew from pyproject.toml, with hashes and without addresses
	@for extra in "" dev node; do \
	  $(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	    --strip-extras --allow-unsafe $${extra:+--extra $$extra --constraint requirements.txt} \
	    --output-file "requirements$${extra:+-$$extra}.txt" pyproject.toml; \
	done

clean: ## remove what set-up made, but no data
	rm -rf $(VENV) node_modules static-built

# Set-up: each step runs only when what it depends on has changed. Its messages go to standard error.
setup: $(VENV)/.runtime
	@$(BIN)/python -m seb_survey.frontend

setup-dev: setup $(VENV)/.dev

$(VENV)/.created:
	@echo "Setting up: Python packages" >&2
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) >&2
	@touch $@

$(VENV)/.runtime: $(VENV)/.created requirements.txt requirements-node.txt
	@$(PIP) -r requirements.txt >&2
	@command -v npm >/dev/null || $(PIP) -r requirements-node.txt >&2
	@touch $@

$(VENV)/.dev: $(VENV)/.runtime requirements-dev.txt
	@echo "Setting up: packages for tests" >&2
	@$(PIP) -r requirements-dev.txt >&2
	@touch $@

# A real Chromium: the machine's own, or Debian's through apt where this may install it; and the one library that its
# driver needs and a bare Debian lacks.
browser: setup-dev
	@{ command -v chromium || command -v chromium-browser || command -v google-chrome; } >/dev/null \
	&& $(VENV)/lib/python3*/site-packages/playwright/driver/node --version >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    echo "Setting up: Chromium" >&2; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium libatomic1; } >/dev/null; \
	  else \
	    echo "The tests need Chromium: install it first, for example with 'sudo apt install chromium libatomic1'." >&2; exit 1; \
	  fi; }
