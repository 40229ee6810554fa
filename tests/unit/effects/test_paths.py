import numpy as np
import pytest

from ctieval.domain.outcome import State
from ctieval.domain.state_paths import PATH_CURVES
from ctieval.domain.weekly_states import WeeklyStates
from ctieval.domain.window import Window
from ctieval.effects.paths import estimate_curves
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design

ARM = np.array([0, 1] * 20)
BLOCK = np.repeat(["A", "B"], [8, 32])


def weekly(cells, start=-2):
    cells = np.asarray(cells, dtype=np.int8)
    window = Window(start, start + cells.shape[1])
    return WeeklyStates(window, np.zeros_like(cells), (cells,) * len(PATH_CURVES))


@pytest.fixture
def allocation(make_allocation):
    return make_allocation(ARM, BLOCK)


@pytest.fixture
def cells():
    rng = np.random.default_rng(5)
    drawn = rng.integers(0, 2, (40, 6))
    drawn[3, 4] = -1
    return drawn


def test_each_week_is_an_outcome_of_the_design(allocation, cells):
    curve = estimate_curves(weekly(cells), allocation)[0]
    expected = by_design(np.where(cells < 0, np.nan, cells.astype(float)), allocation)
    assert curve.state is State.ORDINARY_JOB
    assert curve.estimate == tuple(expected.estimate)
    assert curve.conf_low == tuple(expected.conf_low)
    assert curve.conf_high == tuple(expected.conf_high)
    assert curve.n_treated == (20, 20, 20, 20, 19, 20)


def test_the_effect_is_the_difference_of_the_shares(allocation, cells):
    curve = estimate_curves(weekly(cells), allocation)[0]
    differences = np.subtract(curve.intervention, curve.control)
    np.testing.assert_allclose(differences, curve.estimate, atol=1e-12)


def test_weeks_outside_zero_are_counted_before_the_draw_alone(allocation):
    cells = np.zeros((40, 4))
    cells[:, 1] = ARM
    cells[0, 1] = 1
    cells[:, 3] = ARM
    cells[0, 3] = 1
    placebo = estimate_curves(weekly(cells), allocation)[0].placebo
    assert (placebo.weeks, placebo.outside) == (1, 1)


def test_a_week_in_which_nobody_differs_has_no_interval(allocation):
    curve = estimate_curves(weekly(np.zeros((40, 3))), allocation)[0]
    assert np.isnan(curve.conf_low).all()
    assert curve.estimate == (0.0, 0.0, 0.0)
    assert curve.placebo.weeks == 0


def test_an_arm_of_a_block_that_nobody_is_left_in_cannot_be_estimated(allocation, cells):
    cells[(ARM == 1) & (BLOCK == "A"), 5] = -1
    with pytest.raises(EstimationError, match="block A"):
        estimate_curves(weekly(cells), allocation)
