"""Runs the declared grid of coverage and writes the map that the report prints; ``make slow`` checks the map."""

import argparse
from pathlib import Path

from ctieval.effects.analyses import Method
from ctieval.studies.coverage import diagnose_coverage
from ctieval.studies.coverage_grid import MAP_SEED, MAP_WORLDS, Cell, enumerate_cells

MAP = Path(__file__).parents[1] / "src" / "ctieval" / "report" / "evidence" / "coverage.toml"
HEAD = """# Share of simulated worlds whose 95 % interval holds the true effect, by design and law of the outcome.
# Written by bench/coverage_map.py; checked by tests/simulation/test_coverage_map.py.

worlds = {worlds}
seed = {seed}
"""
ROW = """
[[cell]]
family = "{layout.family.value}"
n = {layout.n}
treated = {layout.treated}
units = {layout.units}
law = "{law.value}"
method = "{method.value}"
coverage = {coverage:.4f}
warned = {warned:.4f}
"""


def to_row(cell: Cell) -> str:
    """Simulate one cell and write it down."""
    found = diagnose_coverage(cell, n_worlds=MAP_WORLDS, seed=MAP_SEED)
    return ROW.format(
        layout=cell.layout, law=cell.law, method=Method(cell.method), coverage=found.coverage, warned=found.warned
    )


def main() -> None:
    """Run the grid; two to three minutes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", type=Path, default=MAP, help="file of the map")
    out = parser.parse_args().write
    out.write_text(
        HEAD.format(worlds=MAP_WORLDS, seed=MAP_SEED) + "".join(map(to_row, enumerate_cells())), encoding="utf-8"
    )


if __name__ == "__main__":
    main()
