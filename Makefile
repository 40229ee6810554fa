# One command checks everything: make check. The first call of a target makes its own environment in .venv.

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: test demo check rest format lint types imports notebooks slow bench coverage-map bench-national bench-spark clean

test: .venv/test          ## the tests, with doctests and coverage floors
	$(BIN)/python -m pytest -m "not slow and not notebook" --numprocesses auto --dist loadfile --cov --cov-report=term

demo: .venv/run           ## simulate the five-municipality trial, evaluate it, and write its reports
	$(BIN)/ctieval demo reports/demo

check: test rest          ## everything that must hold before a change lands, simulations apart

rest: lint types imports notebooks

lint: .venv/dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: .venv/dev
	$(BIN)/basedpyright --pythonpath $(BIN)/python

imports: .venv/dev
	$(BIN)/lint-imports

notebooks: .venv/dev
	$(BIN)/python -m pytest tests/docs -m notebook -q

slow: .venv/test          ## simulations: coverage over the declared grids; the register engines against one another
	$(BIN)/python -m pytest -m slow -q -s

bench: .venv/test         ## every engine against its targets; minutes, and never in CI
	$(BIN)/python bench/registers.py --size 100000 --strict
	$(BIN)/python bench/assignment.py --strict
	$(BIN)/python bench/report.py --strict
	$(BIN)/python bench/effects.py --strict
	$(BIN)/python bench/economics.py --strict

coverage-map: .venv/test   ## simulate anew how often intervals hold the effect; the report prints this map
	$(BIN)/python bench/coverage_map.py

bench-national: .venv/test ## the same for a register of the whole country; 2 GB of disk
	$(BIN)/python bench/registers.py --size 0 --national 5000000 --strict

bench-spark: .venv/spark  ## the same on a local Spark; needs Java
	$(BIN)/python bench/registers.py --size 0 --spark 1000000 --strict

format: .venv/dev
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis .coverage .import_linter_cache

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit("ctieval needs Python 3.11 or later; say make PYTHON=python3.11" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv .venv

.venv/run: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable .
	touch $@

.venv/test: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable ".[test]"
	touch $@

.venv/spark: .venv/test   ## adds Spark, 490 MB, so that make slow runs it too; needs Java
	$(PIP) --editable ".[test,spark]"
	touch $@

.venv/dev: .venv/bin/python pyproject.toml constraints.txt
	$(PIP) --editable ".[dev]"
	touch $@
