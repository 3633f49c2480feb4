# make run: set everything up and start Naru.  make test, make lint, make bench: what they say.
# A bare Debian machine with Python 3.11, git and make is enough.

UV := $(shell command -v uv 2>/dev/null || echo .uv/bin/uv)
RUN := .venv/bin
export RASA_TELEMETRY_ENABLED = false
export TF_CPP_MIN_LOG_LEVEL = 3

.PHONY: run test lint bench setup ready dev format

run: ready
	@$(RUN)/naru serve

# The environment, without what only development needs.
setup: .venv/.made

.venv/.made: pyproject.toml uv.lock | $(UV)
	@echo "== Setting up the environment (once, about a minute)"
	@$(UV) sync --frozen --no-dev --compile-bytecode --inexact
	@touch $@

.venv/.made-dev: pyproject.toml uv.lock | $(UV)
	@echo "== Setting up the development environment (once, about a minute)"
	@$(UV) sync --frozen --compile-bytecode
	@touch $@ .venv/.made

dev: .venv/.made-dev

.uv/bin/uv:
	@echo "== Getting uv"
	@python3 -m venv .uv
	@.uv/bin/pip install --quiet uv

# Knowledge and model, made again only when their inputs changed.
ready: setup
	@echo "== Knowledge"
	@$(RUN)/naru knowledge build
	@echo "== Language model"
	@$(RUN)/naru train

lint: dev
	@$(RUN)/ruff check .
	@$(RUN)/ruff format --check .
	@$(RUN)/lint-imports
	@$(RUN)/mypy
	@$(RUN)/naru knowledge check
	@PYTHONWARNINGS=ignore $(RUN)/rasa data validate --domain bot/domain --data nlu_data bot/rules --config config.yml --fail-on-warnings

test: dev
	@$(RUN)/naru knowledge build
	@$(RUN)/naru train
	@$(RUN)/pytest -n 2 --dist loadfile

bench: dev ready
	@$(RUN)/python -m tests.bench

format: dev
	@$(RUN)/ruff check --fix .
	@$(RUN)/ruff format .
