# Each target makes the environment it needs by itself. `make demo` and `make test` are all a newcomer needs.
.DEFAULT_GOAL := help
.PHONY: help install demo test check lint bench faults docs messages lock clean
RUN := .venv/.run
DEVELOP := .venv/.develop
# Wheels only: no compiler is needed, and nothing is built that the hashes do not cover.
PIP := .venv/bin/python -m pip --disable-pip-version-check --quiet --no-input
LOCKED := install --require-hashes --no-deps --only-binary :all:

help:  ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

install: $(RUN)  ## install Serai into .venv; the command is .venv/bin/serai

demo: $(RUN)  ## load the demonstration edition and serve it at http://127.0.0.1:8000
	@.venv/bin/serai demo --if-missing
	@.venv/bin/serai up

test: $(DEVELOP)  ## lint, then every test: both databases, a real browser
	@scripts/system-packages
	@.venv/bin/python -m scripts.test

check: lint  ## lint, then the tests of what differs from main, or with FROM=revision from that
	@.venv/bin/python -m scripts.test --quick $(FROM)

lint: $(DEVELOP)  ## format check, lint, size, layers, types
	.venv/bin/ruff format --check --quiet .
	.venv/bin/ruff check --quiet .
	.venv/bin/python -m scripts.size --check
	.venv/bin/lint-imports --no-cache
	.venv/bin/mypy

bench: $(DEVELOP)  ## speed, as ratios against a rival or a physical limit in the same run
	.venv/bin/python -m benchmarks

faults: $(DEVELOP)  ## kill, starve and cut off a fair under load, and check that nothing is lost
	.venv/bin/python -m faults $(ARGUMENTS)

docs: $(DEVELOP)  ## write the reference pages of docs/ from the code, and execute its notebooks
	.venv/bin/python scripts/reference.py
	.venv/bin/python scripts/notebooks.py

messages: $(DEVELOP)  ## collect the strings to translate and compile the catalogues
	.venv/bin/python scripts/messages.py

lock: $(DEVELOP)  ## compile requirements/*.txt anew from pyproject.toml
	scripts/lock

clean:  ## remove the environment and the demonstration data
	rm -rf .venv serai-data

# The environment is made once; later calls compare time stamps only.
.venv/bin/python:
	@python=$$(scripts/find-python) && echo "Creating .venv with $$python" && \
		{ $$python -m venv .venv || { rm -rf .venv; exit 1; }; }

$(RUN): requirements/run.txt pyproject.toml | .venv/bin/python
	@echo "Installing Serai into .venv (some minutes the first time) ..."
	@$(PIP) $(LOCKED) -r requirements/run.txt
	@$(PIP) install --no-deps --editable .
	@touch $@

$(DEVELOP): requirements/develop.txt $(RUN)
	@echo "Installing the tools for tests and lint into .venv ..."
	@$(PIP) $(LOCKED) -r requirements/develop.txt
	@touch $@
