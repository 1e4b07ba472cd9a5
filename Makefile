# `make` lists the targets; `make start` and `make test` are all there is to know.
.DEFAULT_GOAL := help
# Compiled code is kept, the rewritten asserts of the tests too: without it each of many processes compiles anew
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help start env test test-long test-faults check bench requirements screenshots

PY := .venv/bin/python
SERVED_FOR_CHECK := KRM_MODE=served ALLOWED_HOSTS=krm.example.org DATABASE_URL=postgresql://krm@localhost/krm \
	REDIS_URL=redis://localhost SECRET_KEY=only-for-the-check-0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGH

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

start: ## Run KRM on this machine: http://127.0.0.1:8000 (PORT=… for another), Ctrl-C ends it
	@bin/env.sh
	@exec $(PY) manage.py start

env: ## Make the environment alone: .venv and assets/
	@bin/env.sh

dev:
	@bin/env.sh dev

test: dev ## Run the suite; uses PostgreSQL, Redis and Chromium where they can be reached
	@$(PY) -m tests

test-long: dev ## Before each release: everything on both databases, with what takes long (docs/betrieb.md)
	@$(PY) -m tests --long
	@$(PY) -m tests.faults
	@$(PY) -m tests.mutation

test-faults: dev ## Kill processes while 1,000 due deadlines are told, in both modes; SEED=… repeats one
	@$(PY) -m tests.faults $(if $(SEED),--seed $(SEED))

check: dev ## Lint, format, types, templates, migrations, deployment settings
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	KRM_DATA_DIR=var/check $(PY) -m mypy
	.venv/bin/djade --check $$(git ls-files 'templates/*.html')
	KRM_DATA_DIR=var/check $(PY) manage.py makemigrations --check --dry-run
	KRM_DATA_DIR=var/check $(SERVED_FOR_CHECK) $(PY) manage.py check --deploy --fail-level WARNING

bench: dev ## Measure at 20,000 and 1,046,940 cases on PostgreSQL (ARGS=…), see bench/results.md
	@$(PY) -m bench --reuse $(ARGS)

requirements: dev ## Pin the newest versions that requirements*.in allow, with hashes
	@command -v uv >/dev/null || $(PY) -m pip install --quiet uv
	@for name in requirements requirements-dev requirements-node; do PATH=$$PATH:.venv/bin uv pip compile --quiet \
		--upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header \
		$$name.in -o $$name.txt; done

screenshots: dev ## Make the pictures of docs/bilder anew
	@$(PY) -m tests.screenshots
