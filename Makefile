# One line per task; `make` lists them.
.DEFAULT_GOAL := help
PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3; do \
	command -v $$p >/dev/null 2>&1 && $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
BIN := .venv/bin

# One environment for all tasks: two must not install into it at once.
.NOTPARALLEL:
.PHONY: help book epub pack test coverage check add diff verify links bench serve lab dictionary lock lint audit clean

help: ## list the tasks
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 14

book: .venv/built ## environment, check, chapters executed, HTML and PDF
	@$(BIN)/evidencebook book

epub: .venv/built ## the e-book, from the same pages
	@$(BIN)/evidencebook epub

pack: .venv/built ## every edition, the tables, checksums and a script that verifies them, in one archive
	@$(BIN)/evidencebook pack

test: .venv/tested ## environment, browser, HTML and EPUB checkers, every test
	@$(BIN)/python -m tests.browser
	@$(BIN)/python -m tests.javatools
	@$(BIN)/python -m pytest --numprocesses auto --dist loadfile --no-loadscope-reorder $(COVERAGE) $(PYTEST)
	@$(if $(COVERAGE),:,cat tests/covered.txt)

coverage: COVERAGE := --cov --cov-report=term
coverage: test ## the same, and which branches of the engine no test reaches: takes half as long again
	@$(BIN)/python -m tests.covered $(if $(PYTEST),,--record)

check: .venv/built ## tables, keys, anchors: every problem at once
	@$(BIN)/evidencebook check

add: .venv/built ## intake of a new article: make add TEXT=article.txt (HTML and PDF too; ADD="--card url=...")
	@$(BIN)/evidencebook add $(ADD) $(TEXT)

diff: .venv/built ## every value, sentence and figure that moved since BASE=<revision or edition>
	@$(BIN)/evidencebook diff $(if $(BASE),"$(BASE)",HEAD) --html

verify: .venv/built ## builds twice in two places, compares bytes, prints the digest
	@$(BIN)/evidencebook verify

links: .venv/built ## asks the addresses outside the report whether they still answer
	@$(BIN)/evidencebook links

bench: .venv/built ## the budgets, side by side with stock tools (BENCH=--large for all sizes)
	@$(BIN)/evidencebook bench $(BENCH)

serve: .venv/built ## live preview: every save shows in the open page (SERVE=--port=8001 for another address)
	@$(BIN)/evidencebook serve $(SERVE)

lab: .venv/lab ## the chapters in JupyterLab, sentences with their numbers, and the tables
	@$(BIN)/evidencebook lab

dictionary: .venv/built ## data/README.md from data/datapackage.json
	@$(BIN)/evidencebook dictionary

lint: .venv/tested ## style, types, the arrows between rooms, and whether every imported package is declared
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy
	@$(BIN)/python -m pip --disable-pip-version-check check
	@$(BIN)/lint-imports
	@$(BIN)/deptry src book # what a user installs
	@$(BIN)/deptry src book tests --non-dev-dependency-groups build,dev,lab

audit: .venv/tested ## known weaknesses of the pinned packages, where their list can be reached
	@$(BIN)/python -m tests.audit

lock: ## requirements*.txt from pyproject.toml (needs uv)
	uv pip compile pyproject.toml --group build --universal --python-version 3.11 --generate-hashes --no-header -q -o requirements.txt
	uv pip compile pyproject.toml --group build --group dev --universal --python-version 3.11 --generate-hashes --no-header -q -c requirements.txt -o requirements-dev.txt
	uv pip compile pyproject.toml --group build --group lab --universal --python-version 3.11 --generate-hashes --no-header -q -c requirements.txt -o requirements-lab.txt

clean: ## remove what was built
	rm -rf _build

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and was not found; name it: make PYTHON=/path/to/python3.12 book" >&2; exit 1; }
	@echo "Making .venv with $$($(PYTHON) --version)."
	@$(PYTHON) -m venv .venv

# A lock names everything, so that nothing need be resolved, and pip would compile on one processor only: together this
# takes a quarter off the time of installing.
define install
@echo "Installing $$(grep -c '^[A-Za-z]' $(1)) packages of $(1) into .venv: about a minute, the first time only."
@start=$$(date +%s) && \
$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r $(1) && \
{ $(BIN)/python -m compileall -qq -j 0 .venv/lib || true; } && \
echo "Installed in $$(($$(date +%s) - start)) s."
endef

# Python reads a .pth file in the encoding of the locale, and in C's there are no letters but ASCII's: the path to the
# engine is written relative to the file, so that the folder may have any name.
define install-engine
@LC_ALL=C.UTF-8 $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
@for pth in .venv/lib/python*/site-packages/__editable__.evidencebook-*.pth; do echo ../../../../src >"$$pth"; done
@$(BIN)/python -m pip --disable-pip-version-check check >/dev/null || $(BIN)/python -m pip --disable-pip-version-check check
endef

.venv/built: requirements.txt pyproject.toml | .venv/bin/python
	$(call install,requirements.txt)
	$(install-engine)
	@touch $@

# The list for tests holds the one for builds: where both are missing, one run installs them.
.venv/tested: requirements-dev.txt requirements.txt pyproject.toml | .venv/bin/python
	$(call install,requirements-dev.txt)
	$(install-engine)
	@touch .venv/built $@

.venv/lab: requirements-lab.txt .venv/built
	$(call install,requirements-lab.txt)
	@touch $@
