# `make demo` and `make test` do their own set-up, in .venv. `make help` lists the rest.
# Another Python: `make test PYTHON=python3.13 VENV=.venv-3.13`.

PYTHON ?= python3
VENV ?= .venv
ARGS ?=

python := $(VENV)/bin/python
pip := $(python) -m pip --disable-pip-version-check install --quiet

.NOTPARALLEL:
.PHONY: help demo test lint types docs notebooks unit bench format clean

help:
	@echo "make demo   train on handwritten digits and show it; options: ARGS=\"--hidden 64,32 --epochs 20\""
	@echo "make test   lint, types, docs, notebooks, unit: all that must pass"
	@echo "make lint | types | docs | notebooks | unit | bench | format | clean"

demo: $(VENV)/demo.stamp $(VENV)/dot.stamp
	@$(python) -m nn.demo $(ARGS)

# The unit tests come last, so that pytest's summary closes the output.
test: lint types docs notebooks unit

lint: $(VENV)/dev.stamp
	$(python) -m ruff check
	$(python) -m ruff format --check

types: $(VENV)/dev.stamp
	$(python) -m mypy
	$(python) -m pyright --pythonpath $(python)

docs: $(VENV)/dev.stamp $(VENV)/dot.stamp
	$(python) -m sphinx --fail-on-warning --keep-going --quiet docs docs/_build/html

# Each runs from top to bottom; the outputs that are committed stay as they are.
notebooks: $(VENV)/dev.stamp $(VENV)/dot.stamp
	$(python) -m pytest --nbmake --nbmake-timeout=300 --quiet notebooks

unit: $(VENV)/dev.stamp $(VENV)/dot.stamp $(VENV)/chromium.stamp
	$(python) -m pytest --numprocesses auto --dist worksteal --cov $(ARGS)

bench: $(VENV)/dev.stamp
	$(python) benchmarks/peers.py --setup
	$(python) benchmarks/peers.py $(ARGS)

format: $(VENV)/dev.stamp
	$(python) -m ruff check --fix
	$(python) -m ruff format

clean:
	rm -rf .venv* build dist demo-output docs/_build docs/notebooks .coverage* .hypothesis .mypy_cache .pytest_cache .ruff_cache
	find autograd nn tests benchmarks docs -name __pycache__ -prune -exec rm -rf {} +

# What a stamp stands for is done; it is done again when pyproject.toml has changed.
$(VENV)/venv.stamp:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "GraphGrad needs Python 3.11 or newer, and '$(PYTHON)' is not: choose one with PYTHON=python3.12"; \
		exit 1; }
	@echo "Creating $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV)
	@touch $@

$(VENV)/demo.stamp: pyproject.toml $(VENV)/venv.stamp
	@echo "Installing GraphGrad and what the demo needs into $(VENV) (once)"
	@$(pip) --editable '.[demo]'
	@touch $@

$(VENV)/dev.stamp: pyproject.toml $(VENV)/venv.stamp
	@echo "Installing GraphGrad and its tools into $(VENV) (once)"
	@$(pip) --editable '.[dev]'
	@touch $@ $(VENV)/demo.stamp

# Pictures of graphs are drawn by Graphviz's `dot`; the explorer is tested in Debian's Chromium. Nothing but
# pictures fails without the one; without the other the tests that need it are skipped.
$(VENV)/dot.stamp $(VENV)/chromium.stamp: $(VENV)/%.stamp: | $(VENV)/venv.stamp
	@tools/ensure-programs $*
	@touch $@
