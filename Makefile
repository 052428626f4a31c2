# Two commands do everything: `make demo` and `make test`. Each installs what it lacks and says what it does.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
export UV_SYSTEM_CERTS := 1
UV := .boot/bin/uv
RUN := $(UV) run --frozen --no-sync
UV_VERSION := 0.13.9

.PHONY: help demo test install assets spark system lint bench clean migrations

help: ## what can be asked
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

demo: assets ## install everything, build the demonstration territory and serve it
	@ESSOR_DEMO=1 ESSOR_DATA_DIR=$${ESSOR_DATA_DIR:-var/demo} $(RUN) essor demo $(DEMO_ARGS)

test: assets spark system ## every check: format, types, floors, migrations, templates, tests on SQLite and PostgreSQL
	@scripts/checks.sh

lint: assets ## the checks that take seconds
	@scripts/checks.sh lint

bench: assets ## the benchmarks (minutes); results are ratios
	@$(RUN) python bench/bench_registry.py $(BENCH_ARGS)

install: .venv/.done node_modules/.package-lock.json

.boot/bin/uv:
	@scripts/need.sh python
	@echo "→ uv $(UV_VERSION)"
	@python3 -m venv .boot && .boot/bin/pip install --quiet --disable-pip-version-check uv==$(UV_VERSION)

.venv/.done: .boot/bin/uv pyproject.toml uv.lock
	@echo "→ bibliothèques Python (uv.lock)"
	@$(UV) sync --frozen --quiet && touch $@

# Only its own tests need it (478 MB): the demonstration does without.
.venv/.spark: .venv/.done
	@echo "→ Spark, pour ses tests (groupe « spark » de uv.lock)"
	@$(UV) sync --frozen --group spark --quiet && touch $@

node_modules/.package-lock.json: package.json package-lock.json
	@scripts/need.sh node
	@echo "→ paquets npm (package-lock.json)"
	@npm ci --ignore-scripts --silent --no-progress

assets: install ## fonts, scripts, icons and reference geography, from the installed packages
	@$(RUN) python scripts/assets.py
	@$(RUN) python scripts/geography.py

spark: .venv/.spark

system:
	@scripts/need.sh tests

migrations: install
	@ESSOR_DATA_DIR=var/make $(RUN) python -m django makemigrations --settings essor.config.settings

clean: ## remove what was installed or made, except data (var/)
	rm -rf .boot .venv node_modules dist build src/essor/kernel/static/vendor src/essor/kernel/fonts src/essor/territories/data/*.parquet
