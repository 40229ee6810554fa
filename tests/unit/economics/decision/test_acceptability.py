"""The share of draws in which an outcome is worth its cost, and what a mistake costs."""

import numpy as np
import pytest

from ctieval.economics.decision.acceptability import estimate_acceptability, normal_acceptability, share_gaining
from ctieval.economics.decision.information import perfect_information

RNG = np.random.default_rng(7)
EFFECT, COST = RNG.normal(2, 1, 500), RNG.normal(3000, 2000, 500)
GRID = (0.0, 500.0, 1000.0, 1500.0, 2000.0, 4000.0)


@pytest.fixture
def curve():
    return estimate_acceptability((2.0, 3000.0), EFFECT, COST, GRID, named=("work", "weeks", "municipality"))


def test_a_draw_of_nil_gains_nothing():
    assert share_gaining(np.array([0.0, 0.0])) == 0


def test_the_curve_says_what_it_is_of(curve):
    assert (curve.outcome, curve.unit, curve.payer, curve.worth) == ("work", "weeks", "municipality", GRID)


def test_the_loss_of_the_better_choice_is_the_value_of_information(curve):
    for worth, adopted, declined in zip(GRID, curve.loss_if_adopted, curve.loss_if_declined, strict=True):
        assert min(adopted, declined) == pytest.approx(perfect_information(worth * EFFECT - COST))
        assert declined - adopted == pytest.approx(np.mean(worth * EFFECT - COST))


def test_the_normal_share_is_that_of_many_normal_draws():
    """Of 500,000 draws: a Monte Carlo error of .0007."""
    draws = np.random.default_rng(2).multivariate_normal([2, 3000], [[1, 600], [600, 4e6]], 500_000)
    expected = share_gaining(2000 * draws[:, 0] - draws[:, 1])
    assert normal_acceptability((2, 3000), (1, 2000), 0.3, 2000) == pytest.approx(expected, abs=0.003)
