# The commands of the portal. `make run` and `make test` do all the set-up by themselves.
# Each recipe is one script in deploy/tools/, which says in its first lines what it does and why.

SHELL := /bin/sh
# The Python inside .venv, after set-up.
PYTHON_HERE := .venv/bin/python
# Set-up with any Python that will do; quick when nothing has changed.
SETUP = python=$$(sh deploy/tools/find_python.sh) && "$$python" deploy/tools/setup.py

.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test test-fast test-long test-fuzz bench lint format messages lock sbom screenshots screens clean

help: ## show this list
	@grep -E '^[a-z-]+:.*##' Makefile | sed -E 's/^([a-z-]+):.*## /\1|/' \
	  | while IFS='|' read -r name text; do printf '  make %-14s%s\n' "$$name" "$$text"; done

setup: ## set-up alone: .venv, packages, static packages, catalogues (nothing outside this folder)
	@$(SETUP) run

run: setup ## the portal with demo content at http://127.0.0.1:8000/ (PORT=8001 for another port); Ctrl-C stops it
	@$(PYTHON_HERE) deploy/tools/run.py

setup-test:
	@$(SETUP) test

test: setup-test ## the whole suite: SQLite, PostgreSQL, real servers, real browser (ARGS="-k word" narrows it)
	@$(PYTHON_HERE) deploy/tools/suite.py -- $(ARGS)

test-fast: setup-test ## the suite on SQLite only, without servers or browser
	@$(PYTHON_HERE) deploy/tools/suite.py --fast -- $(ARGS)

test-long: setup-test ## faults at their full length and half an hour of load, about an hour (SOAK_SECONDS=60 for a try)
	@$(PYTHON_HERE) deploy/tools/suite.py --long -- $(ARGS)

test-fuzz: setup-test ## a minute of broken files for each importer (SECONDS=5 for a shorter run)
	@$(PYTHON_HERE) deploy/tools/fuzz.py

bench: setup-test ## pages against a bare view, importers against COPY, reminders against bare SMTP, 290 municipalities
	@$(PYTHON_HERE) -m tests.processes.servers postgres -- $(PYTHON_HERE) deploy/tools/bench_pages.py
	@$(PYTHON_HERE) -m tests.processes.servers postgres -- $(PYTHON_HERE) deploy/tools/bench.py
	@PYTHONPATH=. $(PYTHON_HERE) deploy/tools/bench_reminders.py
	@PYTHONPATH=. $(PYTHON_HERE) deploy/tools/bench_scale.py

lint: setup-test ## style, types, direction of imports, migrations, translations, templates, lock files
	@$(PYTHON_HERE) deploy/tools/lint.py

format: setup-test ## puts code and templates in the form that lint asks for
	@.venv/bin/ruff check --fix --quiet . || true
	@.venv/bin/ruff format .
	@find templates -name '*.html' -exec .venv/bin/djade --target-version 6.1 {} +

messages: setup ## adds new Swedish strings to the English catalogue and removes old ones
	@$(PYTHON_HERE) deploy/tools/check_messages.py --update

lock: setup-test ## makes the lock files anew from *.in and package.json (UPGRADE=1 for newest versions)
	@$(PYTHON_HERE) deploy/tools/lock.py

sbom: setup ## bill of materials (CycloneDX) of what runs in production, to var/sbom.json
	@$(PYTHON_HERE) deploy/tools/sbom.py

screenshots: setup-test ## the pictures of the README, taken of a portal with demo content
	@$(PYTHON_HERE) deploy/tools/screenshot.py

screens: setup-test ## every page type of residents, both widths, light and dark, to var/screens/index.html
	@$(PYTHON_HERE) deploy/tools/screenshot.py --pages

clean: ## removes what set-up and tests made; leaves var/ with the database
	rm -rf .venv node_modules .pytest_cache .ruff_cache .mypy_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find locale -name '*.mo' -delete 2>/dev/null || true
