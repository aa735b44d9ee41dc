# Everything that the project is asked to do; `make run` and `make test` need nothing prepared.
PYTHON ?= python3
BIN := .venv/bin
FRONT := $(shell find static/src static/build.mjs -type f 2>/dev/null)
CATALOGUES := $(wildcard locale/*/LC_MESSAGES/django.po)
export DEMO ?= 1

.PHONY: run setup test check fix bench soak messages services clean
.DELETE_ON_ERROR:

run: .venv/.run static/dist/build.txt .venv/.messages
	@$(BIN)/python -m server --prepare

setup: .venv/.dev static/dist/build.txt .venv/.messages

.venv/bin/python:
	@$(PYTHON) -c 'import sys; assert sys.version_info >= (3, 11), "Python 3.11 or newer is needed"'
	@$(PYTHON) -m venv .venv

.venv/.run: locks/run.txt .venv/bin/python
	@echo "Installing what the server needs ..." && $(BIN)/python -m pip install --quiet --use-pep517 --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.venv/.dev: locks/dev.txt .venv/.run
	@echo "Installing what the tests need ..." && $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

.venv/.bench: locks/bench.txt .venv/.dev
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r $<
	@touch $@

node_modules/.installed: package-lock.json .venv/.run
	@echo "Installing the front end's packages ..." && $(BIN)/python -m server.node npm ci --no-audit --no-fund --loglevel=error
	@touch $@

static/dist/build.txt: node_modules/.installed $(FRONT)
	@$(BIN)/python -m server.node node static/build.mjs

.venv/.messages: .venv/.run $(CATALOGUES)
	@$(BIN)/python -m server.messages compile && touch $@

services: .venv/.dev
	@sh tests/services.sh

test: setup services
	@$(BIN)/python -m server.node node --test "static/tests/**/*.test.ts"
	@$(BIN)/python -m tests

check: setup services
	@$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy . && $(BIN)/lint-imports
	@$(BIN)/python -m server.node npm run --silent check && git ls-files '*.html' | xargs $(BIN)/djade --check --target-version 5.2
	@$(BIN)/python manage.py makemigrations --check --dry-run && $(BIN)/python -m server.messages check && $(BIN)/python -m tools.licences

fix: setup
	@$(BIN)/ruff check --fix . ; $(BIN)/ruff format .
	@git ls-files '*.html' | xargs $(BIN)/djade --target-version 5.2 ; $(BIN)/python -m server.node npm run --silent fix

benchmarks/node_modules/.installed: benchmarks/package-lock.json .venv/.run
	@$(BIN)/python -m server.node npm ci --prefix benchmarks --no-audit --no-fund --loglevel=error
	@touch $@

bench: setup services .venv/.bench benchmarks/node_modules/.installed
	@$(BIN)/python -m benchmarks

soak: setup services
	@$(BIN)/python -m tests --soak

messages: setup
	@$(BIN)/python -m server.messages update

clean:
	@rm -rf .venv node_modules static/dist static/collected
