"""Points, values, the split of the variance, and indices."""

import numpy as np
import pytest

from ctieval.domain.parameter import Distribution, Parameter
from ctieval.economics.decision.formula import Term
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.sensitivity import (
    SAMPLING,
    cross,
    draw_points,
    estimate_indices,
    pair,
    pick,
    sort_draws,
    split_variance,
    to_values,
)
from ctieval.errors import InputError

RATE = Parameter("rate", 2.0, 1.0, 3.0, Distribution.NORMAL)
COST = Parameter("cost", 1.0, 0.5, 2.0, Distribution.GAMMA)
NET = (Term(("weeks", "rate")), Term(("cost",), -1))


@pytest.fixture
def draws():
    weeks = np.random.default_rng(3).normal(4, 2, 300)
    return JointDraws(("weeks", "wellbeing"), np.array([4.0, 0.0]), np.column_stack([weeks, -weeks]))


def test_points_are_balanced_inside_the_cube_and_the_same_for_a_seed():
    points = draw_points(3, log2_points=6, seed=5)
    assert ((points > 0) & (points < 1)).all()
    for column in points.T:
        assert np.sort(np.floor(64 * column)).tolist() == list(range(64))
    assert (points == draw_points(3, log2_points=6, seed=5)).all()
    assert (points != draw_points(3, log2_points=6, seed=6)).any()


def test_values_have_the_stated_ranges():
    values = to_values(draw_points(2, log2_points=12, seed=1), [RATE, COST])
    found = np.quantile(values, [0.1, 0.9], axis=0)
    assert found[:, 0] == pytest.approx([1, 3], rel=0.01), "quantiles of 4,096 points"
    assert found[:, 1] == pytest.approx([0.5, 2], rel=0.01), "likewise"


def test_no_parameter_has_no_values():
    assert to_values(draw_points(1, log2_points=3, seed=1)[:, 1:], []).shape == (8, 0)


def test_correlated_values():
    both = [RATE, Parameter("other", 0.0, -1.0, 1.0, Distribution.NORMAL)]
    wanted = np.array([[1, 0.6], [0.6, 1]])
    values = to_values(draw_points(2, log2_points=12, seed=1), both, wanted)
    assert np.corrcoef(values.T)[0, 1] == pytest.approx(0.6, abs=0.01), "of 4,096 points"
    assert np.quantile(values[:, 1], [0.1, 0.9]) == pytest.approx([-1, 1], abs=0.02), "likewise"


@pytest.mark.parametrize(
    "wrong",
    [
        np.eye(3),
        np.array([[1, 0.5], [0.4, 1]]),
        np.array([[2, 0.5], [0.5, 2]]),
        np.array([[1.0, 1.0], [1.0, 1.0]]),
    ],
    ids=["size", "not symmetric", "no correlations", "not positive definite"],
)
def test_correlations_that_are_none(wrong):
    with pytest.raises(InputError, match="no correlations"):
        to_values(draw_points(2, log2_points=2, seed=1), [RATE, COST], wrong)


def test_the_split_adds_up_to_the_whole_variance(draws):
    values = to_values(draw_points(2, log2_points=6, seed=1), [RATE, COST])
    table = cross(NET, draws, [RATE, COST], values)
    assert table.shape == (300, 64)
    assert table[7, 5] == pytest.approx(draws.of("weeks")[1][7] * values[5, 0] - values[5, 1])
    split = split_variance(table)
    within, between = np.var(table, axis=0).mean(), np.var(table.mean(axis=0))
    assert split.std_deviation**2 == pytest.approx(within + between)
    assert (split.sampling, split.parameters) == pytest.approx(np.array([within, between]) / (within + between))


def test_a_formula_of_parameters_alone_meets_every_replicate(draws):
    table = cross((Term(("cost",)),), draws, [COST], np.array([[1.0], [2.0]]))
    assert table.shape == (300, 2)


def test_pairs_pick_replicates_whole(draws):
    points = draw_points(3, log2_points=5, seed=1)
    picked, values = pick(points, 300), to_values(points[:, 1:], [RATE, COST])
    expected = draws.of("weeks")[1][picked] * values[:, 0] - values[:, 1]
    assert pair(NET, draws, [RATE, COST], points) == pytest.approx(expected)
    assert 0 <= picked.min() <= picked.max() < 300


def test_replicates_are_sorted_by_the_net_benefit_with_their_quantities_together(draws):
    ordered = sort_draws(NET, draws, [RATE, COST])
    assert (np.diff(ordered.of("weeks")[1]) >= 0).all()
    assert (ordered.of("weeks")[1] == -ordered.of("wellbeing")[1]).all()


def test_a_sum_of_independent_sources_splits_into_their_variances(draws):
    """Indices over 4,096 points are within .01 of the exact shares."""
    plain = (Term(("weeks",)), Term(("rate",), 3))
    found = {each.key: each for each in estimate_indices(plain, draws, [RATE], log2_points=12, seed=2)}
    of_weeks, of_rate = draws.of("weeks")[1].var(), 9 * (1 / 1.2815515655446004) ** 2
    expected = of_weeks / (of_weeks + of_rate)
    assert list(found) == [SAMPLING, "rate"]
    assert found[SAMPLING].first_order == pytest.approx(expected, abs=0.01)
    assert found["rate"].first_order == pytest.approx(1 - expected, abs=0.01)
    assert found["rate"].total == pytest.approx(found["rate"].first_order, abs=0.02)
