# Everything is installed into .venv, pinned by constraints.txt.
PYTHON ?= python3
VENV ?= .venv
# Holds for the tools that build the package, too.
export PIP_CONSTRAINT := $(CURDIR)/constraints.txt
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test check benchmark clean

demo: $(VENV)/installed  ## crawl the bundled sample news web and keep what comes out
	$(VENV)/bin/bacajuga demo --keep demo-output

test: $(VENV)/installed-dev  ## run all tests, on SQLite and Postgres
	$(VENV)/bin/pytest -n auto --dist loadfile

check: $(VENV)/installed-dev  ## lint, format and types
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

# The others take long, or data of their own: CONTRIBUTING.md tells of each.
benchmark: $(VENV)/installed-dev  ## measure speed and focus: ratios against a baseline in the same run
	for name in read crawl dedupe focus; do $(VENV)/bin/python tests/benchmarks/$$name.py || exit 1; done

clean:
	rm -rf $(VENV) demo-output

$(VENV)/bin/pip:
	$(PYTHON) -m venv $(VENV)

$(VENV)/installed: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(VENV)/bin/pip install --quiet --editable .
	touch $@

$(VENV)/installed-dev: $(VENV)/bin/pip pyproject.toml constraints.txt
	$(VENV)/bin/pip install --quiet --editable '.[dev,postgres]'
	touch $(VENV)/installed $@
