"""The map of coverage: the declared grid run anew, and the map that the report prints held against it."""

import pytest

from ctieval.report.coverage_map import load_coverage_map
from ctieval.studies.coverage import diagnose_coverage
from ctieval.studies.coverage_grid import MAP_SEED, MAP_WORLDS, enumerate_cells, is_exception

MONTE_CARLO_ERRORS = 4
MOST_BIASED = 4.5
"""Of 204 cells the largest bias, in standard errors, stays below this with probability 0.999."""
FEWEST_WARNED = 0.75
PLATFORM = 0.002
"""The seed gives the same worlds everywhere; sums may differ in their last digits, and an end that touches the effect
may then fall on the other side in a few of 4,000 worlds."""


def name_of(cell):
    layout = cell.layout
    return f"{layout.family.value}-{layout.n}-{layout.treated}of{layout.units}-{cell.law.value}-{cell.method.value}"


@pytest.mark.slow
@pytest.mark.parametrize("cell", enumerate_cells(), ids=name_of)
def test_interval_covers_the_known_effect_or_the_report_warns(cell, record_testsuite_property):
    found = diagnose_coverage(cell, n_worlds=MAP_WORLDS, seed=MAP_SEED)

    slack = MONTE_CARLO_ERRORS * found.mc_error
    print(
        f"{name_of(cell)}: coverage {found.coverage:.4f} (Monte Carlo error {found.mc_error:.4f}), bias "
        f"{found.bias:+.1f} standard errors, warned {found.warned:.2f}, wrong unwarned {found.wrong_unwarned:.4f}"
    )
    record_testsuite_property(name_of(cell), f"{found.coverage:.4f}")
    assert abs(found.bias) <= MOST_BIASED
    assert found.wrong_unwarned <= 0.05 + slack
    if found.coverage < 0.95 - slack:
        assert is_exception(cell)
        assert found.warned >= FEWEST_WARNED
    mapped = next(
        each
        for each in load_coverage_map().cells
        if (each.family, each.n, each.treated, each.units, each.law, each.method)
        == (cell.layout.family, cell.layout.n, cell.layout.treated, cell.layout.units, cell.law, cell.method)
    )
    assert mapped.coverage == pytest.approx(found.coverage, abs=PLATFORM)


@pytest.mark.slow
def test_the_map_holds_just_the_declared_grid():
    grid = [
        (cell.layout.n, cell.layout.treated, cell.layout.units, cell.law, cell.method) for cell in enumerate_cells()
    ]
    mapped = load_coverage_map()
    assert [(cell.n, cell.treated, cell.units, cell.law, cell.method) for cell in mapped.cells] == grid
    assert (mapped.worlds, mapped.seed) == (MAP_WORLDS, MAP_SEED)
