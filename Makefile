# The two commands of a newcomer: `make demo` and `make test`. `make help` lists the rest.
PYTHON ?= python3.11
BIN := .venv/bin
SCALE ?= city
RESET ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo serve test test-full check mutants bench screens diagrams lock clean

help: ## show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/.ready ## install the pinned dependencies and the front-end assets, nothing else

.venv/.ready: requirements-dev.txt requirements.txt package-lock.json app/assets.py pyproject.toml
	@command -v $(PYTHON) >/dev/null || { echo "Python 3.11 is needed ($(PYTHON) was not found); set PYTHON=/path/to/python3.11"; exit 1; }
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@# The files name every package, so pip has nothing to work out (and would trip over newer releases if it tried).
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements-dev.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	$(BIN)/python -m app.assets
	@touch $@

demo: setup ## run the main job on the real Hangzhou and serve it (SCALE=town|district|city, RESET=1)
	$(BIN)/fahui demo --scale $(SCALE) $(if $(RESET),--reset)

serve: setup ## serve the site with what is in the database
	$(BIN)/fahui serve

test: setup ## every test with few rounds (at most 8 minutes on 2 cores)
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m "not figures"

test-full: setup ## the issues' own figures: all rounds, no time limit
	FAHUI_TEST_ROUNDS=full $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

check: setup ## every static check: style, types, imports, sizes, templates, translations
	$(BIN)/python -m tests.architecture.check

mutants: setup ## remove each guard of a committed list and see its test fail
	$(BIN)/python -m tests.mutants.run

bench: setup ## measure what the issues set figures for, as ratios in one run
	$(BIN)/python -m benchmarks.run

screens: setup ## take the pictures of docs/screens
	$(BIN)/python -m tests.browser.screens

diagrams: setup ## write docs/states.md from the state machines, docs/figures-to-confirm.md from the figures
	$(BIN)/python -m tests.architecture.state_diagrams
	$(BIN)/python -m tests.architecture.figures_to_confirm

lock: setup ## write the pinned, hashed requirements from the .in files (needs uv)
	uv pip compile -q --python-version 3.11 --generate-hashes --no-header requirements.in -o requirements.txt
	uv pip compile -q --python-version 3.11 --generate-hashes --no-header requirements-dev.in -o requirements-dev.txt
	$(BIN)/npm install --package-lock-only --ignore-scripts

clean: ## remove what set-up made, and keep the data
	rm -rf .venv node_modules app/static/vendor
