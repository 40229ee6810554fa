import math
from itertools import combinations, product

import numpy as np
import pytest

from ctieval.errors import EstimationError
from ctieval.inference.contrasts import pairwise_differences
from ctieval.inference.difference import blocked_difference, satterthwaite_df
from ctieval.inference.least_squares import fit_least_squares
from ctieval.inference.robust_variance import variance_of_contrast
from ctieval.inference.small_blocks import BlockWeight, block_share, hybrid_difference, pool_blocks

PAIRS_AND_A_BLOCK = ((2, 1), (2, 1), (3, 1), (3, 2), (4, 2))
"""Persons, and how many of them are drawn, of each block."""


def every_draw(blocks):
    """Every assignment of blocks drawn independently, all equally likely, with the block numbers."""
    ways = [
        [np.isin(np.arange(size), chosen).astype(np.int64) for chosen in combinations(range(size), drawn)]
        for size, drawn in blocks
    ]
    block = np.repeat(np.arange(len(blocks)), [size for size, _ in blocks])
    return [np.concatenate(parts) for parts in product(*ways)], block


def world(n, seed=3):
    """What everybody would have in either arm, with effects that differ."""
    rng = np.random.default_rng(seed)
    control = rng.normal(size=n) * 3
    return control, control + rng.normal(1, 2, size=n)


def names(n):
    return tuple(f"B{number + 1}" for number in range(n))


@pytest.mark.parametrize("weight", list(BlockWeight))
@pytest.mark.parametrize(
    "blocks", [PAIRS_AND_A_BLOCK, ((2, 1),) * 5, ((2, 1), (2, 1), (6, 3)), ((2, 1), (6, 1), (4, 2))]
)
def test_over_every_draw_the_estimate_is_unbiased_and_its_variance_never_too_small(blocks, weight):
    draws, block = every_draw(blocks)
    control, treated = world(len(block))
    share = block_share(control, block, len(blocks), weight)
    truth = share @ [(treated - control)[block == b].mean() for b in range(len(blocks))]

    found = [
        hybrid_difference(np.where(arm == 1, treated, control), arm, block, names(len(blocks)), share=share).total
        for arm in draws
    ]

    estimates = np.array([each.estimate for each in found])
    assert estimates.mean() == pytest.approx(truth, abs=1e-12)
    assert np.mean([each.variance for each in found]) >= estimates.var() * (1 - 1e-12)


def test_with_one_constant_effect_the_pooled_variance_is_exact():
    draws, block = every_draw(((2, 1), (2, 1), (3, 1), (3, 2), (4, 1)))
    control, _ = world(len(block))
    found = [hybrid_difference(control + 2.0 * arm, arm, block, names(5)).total for arm in draws]
    true = np.var([each.estimate for each in found])
    assert np.mean([each.variance for each in found]) == pytest.approx(true, rel=1e-10)


def test_the_pair_formula_on_all_blocks_is_wrong_where_the_hybrid_is_right():
    """estimatr 1.x used the variance of matched pairs for every block as soon as one block was a pair."""
    blocks = ((2, 1), (2, 1), (2, 1), (8, 4))
    draws, block = every_draw(blocks)
    control, _ = world(len(block))
    control[block == 3] *= 4
    found = [hybrid_difference(control, arm, block, names(4)) for arm in draws]
    true = np.var([each.total.estimate for each in found])
    as_pairs = np.mean([((each.effect - each.total.estimate) ** 2).sum() / (4 * 3) for each in found])
    assert as_pairs < 0.75 * true
    assert np.mean([each.total.variance for each in found]) == pytest.approx(true, rel=1e-9)


def test_leverage_one_makes_hc2_too_small_where_the_hybrid_is_right():
    """With one person in an arm of a block, HC2 of the regression within blocks leaves out what it cannot see."""
    blocks = ((3, 1), (3, 1), (4, 2))
    draws, block = every_draw(blocks)
    control, _ = world(len(block))
    share = np.array([3, 3, 4]) / 10
    cells = np.eye(3)[block]
    contrast = np.concatenate([np.zeros(3), share])
    hc2, hybrid = [], []
    for arm in draws:
        x = np.hstack([cells, cells * arm[:, None]])
        one = variance_of_contrast(x, fit_least_squares(x, control), contrast)
        assert one.full_leverage == 2
        hc2.append(one.variance)
        hybrid.append(hybrid_difference(control, arm, block, names(3)).total)
    true = np.var([each.estimate for each in hybrid])
    assert np.mean(hc2) < 0.75 * true
    assert np.mean([each.variance for each in hybrid]) >= true * (1 - 1e-12)


def test_without_small_blocks_it_is_the_blocked_difference():
    rng = np.random.default_rng(1)
    arm, block = np.tile([0, 0, 1, 1, 1], 6), np.repeat(np.arange(6), 5)
    y = rng.normal(size=30)
    found, plain = hybrid_difference(y, arm, block, names(6)), blocked_difference(y, arm, block, 6)
    assert found.total.estimate == pytest.approx(plain.estimate, rel=1e-13)
    assert found.total.variance == pytest.approx(plain.variance, rel=1e-13)
    assert found.total.df == pytest.approx(satterthwaite_df(plain), rel=1e-13)
    assert not found.pooled.any()


def test_pairs_alone_have_the_variance_of_their_mean_and_pairs_less_one_df():
    y, arm, block = np.arange(8.0) ** 2, np.tile([0, 1], 4), np.repeat(np.arange(4), 2)
    found = hybrid_difference(y, arm, block, names(4))
    effects = y[1::2] - y[::2]
    assert found.total.variance == pytest.approx(effects.var(ddof=1) / 4, rel=1e-13)
    assert found.total.df == pytest.approx(3, rel=1e-12)


def test_two_pairs_are_enough():
    found = pool_blocks(np.array([1.0, 4.0]), np.array([0.5, 0.5]), np.ones(2))
    assert found.variance == pytest.approx(9 / 4)
    assert found.df == pytest.approx(1)


def test_one_small_block_alone_is_refused_by_name():
    y, arm, block = np.arange(6.0), np.array([0, 1, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    with pytest.raises(EstimationError) as caught:
        hybrid_difference(y, arm, block, ("Tønder", "Brøndby"))
    assert caught.value.where == "block Tønder"
    assert "merge" in caught.value.do


def test_a_block_without_anybody_in_an_arm_is_refused_by_name():
    y, arm, block = np.arange(6.0), np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    with pytest.raises(EstimationError) as caught:
        hybrid_difference(y, arm, block, ("Tønder", "Brøndby"))
    assert caught.value.where == "block Tønder"


def test_blocks_without_labels_are_named_by_their_place():
    y, arm, block = np.arange(6.0), np.array([0, 0, 0, 0, 1, 1]), np.array([0, 0, 1, 1, 1, 1])
    with pytest.raises(EstimationError) as caught:
        hybrid_difference(y, arm, block, ("", ""))
    assert caught.value.where == "block number 1"


def test_an_outcome_that_never_varies_has_no_variance_and_no_df():
    arm, block = np.tile([0, 1], 3), np.repeat(np.arange(3), 2)
    found = hybrid_difference(np.ones(6), arm, block, names(3)).total
    assert (found.estimate, found.variance) == (0, 0)
    assert math.isnan(found.df)


def test_persons_and_blocks_are_two_estimands():
    y = np.array([0.0, 0, 4, 4, 0, 0, 0, 0, 1, 1, 1, 1])
    arm = np.array([0, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1])
    block = np.array([0] * 4 + [1] * 8)
    by = {each: block_share(y, block, 2, each) for each in BlockWeight}
    found = {each: hybrid_difference(y, arm, block, names(2), share=share).total.estimate for each, share in by.items()}
    assert found == {BlockWeight.PERSONS: pytest.approx(2), BlockWeight.BLOCKS: pytest.approx(2.5)}


def test_each_pair_of_arms_is_compared_by_its_own_two_arms():
    rng = np.random.default_rng(5)
    arm, block = np.tile([0, 0, 1, 1, 2, 2, 2], 3), np.repeat(np.arange(3), 7)
    y = rng.normal(size=21)
    found = {
        (each.arm, each.reference): each.found.total for each in pairwise_differences(y, arm, block, names(3), n_arms=3)
    }
    assert list(found) == [(1, 0), (2, 0), (2, 1)]
    for (high, low), one in found.items():
        means = [[y[(arm == a) & (block == b)].mean() for a in (low, high)] for b in range(3)]
        by_hand = sum(
            y[(arm == a) & (block == b)].var(ddof=1) / ((arm == a) & (block == b)).sum() / 9
            for a in (low, high)
            for b in range(3)
        )
        assert one.estimate == pytest.approx(np.mean([b - a for a, b in means]), rel=1e-12)
        assert one.variance == pytest.approx(by_hand, rel=1e-12)
    assert found[2, 0].estimate == pytest.approx(found[2, 1].estimate + found[1, 0].estimate, rel=1e-12)


def test_other_arms_change_nothing_but_the_weights():
    y, arm = np.array([1.0, 3, 4, 6, 9, 9]), np.array([0, 0, 1, 1, 2, 2])
    before = pairwise_differences(y, arm, np.zeros(6, dtype=int), ("",), n_arms=3)[0].found.total
    y[4:] = 1e6
    assert pairwise_differences(y, arm, np.zeros(6, dtype=int), ("",), n_arms=3)[0].found.total == before


def test_what_rounding_leaves_of_a_constant_is_no_variance():
    arm = np.tile([0, 1, 1], 100)
    one = hybrid_difference(np.full(300, 3.7), arm, np.zeros(300, dtype=int), ("",)).total
    more = hybrid_difference(np.full(300, 3.7), arm, np.repeat(np.arange(4), 75), names(4)).total
    assert (one.variance, more.variance) == (0, 0)
    assert math.isnan(one.df)
    assert math.isnan(more.df)
