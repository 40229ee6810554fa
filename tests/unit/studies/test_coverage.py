import pytest

from ctieval.effects.analyses import Method
from ctieval.studies.coverage import diagnose_coverage
from ctieval.studies.coverage_grid import Cell, Family, Law, Layout, enumerate_cells, is_exception

COMPLETE = Layout(60, 12, 60, Family.COMPLETE)
CELLS = [
    *(Cell(COMPLETE, law) for law in Law),
    Cell(Layout(60, 2, 10, Family.BLOCKED), Law.NORMAL),
    Cell(Layout(80, 4, 8, Family.CLUSTERED), Law.YES_NO),
    Cell(Layout(200, 20, 200, Family.SITES), Law.LONG_TAIL),
    Cell(COMPLETE, Law.NORMAL, Method.ADJUSTED),
    Cell(COMPLETE, Law.YES_NO, Method.STANDARDIZED),
    Cell(COMPLETE, Law.NORMAL, Method.CACE),
]


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_a_cell_is_simulated_as_its_seed_says(cell):
    found = diagnose_coverage(cell, n_worlds=40, seed=5)
    assert found == diagnose_coverage(cell, n_worlds=40, seed=5)
    assert found != diagnose_coverage(cell, n_worlds=40, seed=6)
    assert 0.5 < found.coverage <= 1
    assert found.wrong_unwarned <= 1 - found.coverage + 1e-12


def test_every_cell_of_the_grid_stands_once():
    cells = enumerate_cells()
    assert len(set(cells)) == len(cells)
    assert all(cell.layout.treated < cell.layout.units for cell in cells)


def test_equal_arms_and_clusters_are_no_exception():
    assert not is_exception(Cell(Layout(60, 30, 60, Family.COMPLETE), Law.LONG_TAIL))
    assert not is_exception(Cell(Layout(200, 2, 20, Family.CLUSTERED), Law.LONG_TAIL))
    assert not is_exception(Cell(COMPLETE, Law.NORMAL))
    assert not is_exception(Cell(Layout(200, 120, 200, Family.SITES), Law.LONG_TAIL))
    assert is_exception(Cell(Layout(200, 20, 200, Family.SITES), Law.LONG_TAIL))
    assert is_exception(Cell(COMPLETE, Law.RARE))
    assert is_exception(Cell(Layout(50, 5, 50, Family.COMPLETE), Law.YES_NO))
