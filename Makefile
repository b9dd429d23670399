# Two commands for everyone: make demo, make test. Nothing but Python 3.11 or later, make and a package index is needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.PHONY: help demo test test-all lint docs screenshots packs bench bench-quick clean

help:
	@echo "make demo      make $(VENV), install kapteam, and run the whole demonstration"
	@echo "make test      the same $(VENV); lint, types, import contracts, all tests (some ten minutes)"
	@echo "make test-all  the same, with a longer search for counterexamples"
	@echo "make docs      write the generated pages and pictures anew, and the site into build/site;   make packs   write the law packs anew"
	@echo "make screenshots  the pictures of the report and the page, by a browser"
	@echo "make bench     the benchmarks, side by side with what one would use instead"
	@echo "make bench-quick  has anything become slower? a few ratios beside a committed table, in two minutes"
	@echo "make clean     take away $(VENV) and what tools leave behind"

demo: $(VENV)/installed
	$(BIN)/kapteam demo kapteam-demo

test: $(VENV)/installed-dev lint
	$(BIN)/python -m pytest -n auto

test-all: $(VENV)/installed-dev lint
	KAPTEAM_TESTS=thorough $(BIN)/python -m pytest -n auto

lint: $(VENV)/installed-dev
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python law/make_packs.py --check
	$(BIN)/python tools/make_docs.py --check
	$(BIN)/python tools/make_pictures.py --check

docs: $(VENV)/installed-dev
	$(BIN)/python tools/make_docs.py
	$(BIN)/python tools/make_pictures.py
	$(BIN)/python tools/make_site.py

screenshots: $(VENV)/installed-dev
	$(BIN)/python tools/make_screenshots.py

packs: $(VENV)/installed-dev
	$(BIN)/python law/make_packs.py

bench: $(VENV)/installed-dev
	$(BIN)/pip install --quiet --editable ".[bench]"
	$(BIN)/python benchmarks/run.py

bench-quick: $(VENV)/installed-dev
	$(BIN)/python benchmarks/guard.py

$(VENV)/made:
	@$(PYTHON) -c "import sys; sys.exit(sys.version_info < (3, 11))" || \
	  { echo "kapteam needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) --version 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml
	$(BIN)/python -m pip install --quiet --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --editable ".[dev]"
	@touch $@

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache kapteam-demo
