"""The law of every design, from the very code that draws, in exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from ctieval.designs.intake.deal import deal, enumerate_intake
from ctieval.designs.intake.lot import enumerate_plays
from ctieval.designs.intake.minimisation import preferences
from ctieval.designs.intake.tally import NOBODY, columns, ratio
from ctieval.domain.design import BiasedCoin, Minimised, PermutedBlocks
from ctieval.errors import DesignError

SEX = Minimised(("sex",), (Fraction(1),), Fraction(4, 5))


def law(design, tally, levels):
    """Probability of each arm for the next person."""
    found = [Fraction(0)] * len(ratio(design))
    for (arm, _), probability in enumerate_plays(lambda lot: deal(design, tally, levels, lot)):
        found[arm] += probability
    return found


def test_the_histories_add_up_to_one(case):
    tree = enumerate_intake(*case)
    assert sum(probability for _, probability in tree) == 1
    assert len({tuple(arms) for arms, _ in tree}) == len(tree)


def test_permuted_rows_and_arms_wanted_alike_keep_the_ratio_at_every_person(case, to_marginal):
    design, levels = case
    wanted = ratio(design)
    kept = [[Fraction(each, sum(wanted)) for each in wanted]] * len(levels)
    exact = to_marginal(enumerate_intake(design, levels), len(wanted))
    unequal_minimisation = isinstance(design, Minimised) and len(set(wanted)) > 1
    assert (exact == kept) is not unequal_minimisation


def test_a_row_of_one_size_is_each_of_its_orders_with_equal_probability():
    tree = enumerate_intake(PermutedBlocks("", (2,), (1, 1)), [()] * 4)
    assert len(tree) == 6
    assert {probability for _, probability in tree} == {Fraction(1, 6)}
    assert {int(arms.sum()) for arms, _ in tree} == {2}


def test_random_rows_by_hand():
    tree = {tuple(arms): p for arms, p in enumerate_intake(PermutedBlocks("", (1, 2)), [(), ()])}
    short, long = Fraction(1, 2), Fraction(1, 2)
    assert tree[0, 0] == long * Fraction(2, 4) * Fraction(1, 3)
    assert tree[0, 1] == short * Fraction(1, 2) + long * Fraction(2, 4) * Fraction(2, 3)


def test_strata_of_permuted_rows_do_not_know_of_one_another(to_joint):
    joint = to_joint(enumerate_intake(PermutedBlocks("town", (1,)), [("a",), ("b",), ("a",)]), 2)
    quarter = Fraction(1, 4)
    assert [joint[0][k][1] for k in range(2)] == [[quarter, quarter], [quarter, quarter]]
    assert [joint[0][k][2] for k in range(2)] == [[0, Fraction(1, 2)], [Fraction(1, 2), 0]]


def test_efrons_coin_by_hand():
    design = BiasedCoin("", Fraction(2, 3))
    assert law(design, NOBODY, ()) == [Fraction(1, 2), Fraction(1, 2)]
    assert law(design, {(): (3, 3)}, ()) == [Fraction(1, 2), Fraction(1, 2)]
    assert law(design, {(): (4, 3)}, ()) == [Fraction(1, 3), Fraction(2, 3)]
    assert law(design, {(): (0, 9)}, ()) == [Fraction(2, 3), Fraction(1, 3)]


def test_efrons_lead_settles_as_he_found(to_marginal):
    """In the long run the arms are level, at an even number of persons, with probability 1 - 1/r, where r = p/q."""
    tree = enumerate_intake(BiasedCoin("", Fraction(3, 4)), [()] * 16)
    level = sum((p for arms, p in tree if arms.sum() == 8), Fraction(0))
    assert abs(float(level) - 2 / 3) < 0.01, "16 persons are not quite the long run"


def test_a_coin_without_favour_is_a_plain_coin():
    tree = enumerate_intake(BiasedCoin("", Fraction(1, 2)), [()] * 5)
    assert {probability for _, probability in tree} == {Fraction(1, 32)}


def test_minimisation_by_hand():
    """The control would leave ranges of 2, 1 and 1, the intervention 0, 3 and 3."""
    design = Minimised(("a", "b", "c"), (Fraction(1),) * 3, Fraction(3, 4))
    tally = {("a", "2"): (9, 8), ("b", "1"): (9, 11), ("c", "2"): (14, 16)}
    assert law(design, tally, ("2", "1", "2")) == [Fraction(3, 4), Fraction(1, 4)]


def test_minimisation_always_gives_the_best_arm_where_the_favour_is_certain():
    sure = Minimised(("sex",), (Fraction(1),), Fraction(1))
    assert law(sure, {("sex", "f"): (2, 1)}, ("f",)) == [0, 1]
    assert law(sure, {("sex", "f"): (2, 2)}, ("f",)) == [Fraction(1, 2), Fraction(1, 2)]


def test_a_tie_of_some_arms_is_broken_by_lot():
    design = Minimised(("sex",), (Fraction(1),), Fraction(7, 10), (1, 1, 1))
    shared = (Fraction(7, 10) + Fraction(3, 20)) / 2
    assert law(design, {("sex", "f"): (1, 0, 0)}, ("f",)) == [Fraction(3, 20), shared, shared]


def test_levels_that_nobody_had_before_are_a_tie():
    assert law(SEX, {("sex", "m"): (5, 0)}, ("f",)) == [Fraction(1, 2), Fraction(1, 2)]


def test_a_weight_decides_where_the_factors_disagree():
    tally = {("sex", "f"): (3, 0), ("town", "x"): (0, 3)}
    heavy = Minimised(("sex", "town"), (Fraction(3, 2), Fraction(1)), Fraction(1))
    light = Minimised(("sex", "town"), (Fraction(1, 3), Fraction(1)), Fraction(1))
    assert law(heavy, tally, ("f", "x")) == [0, 1]
    assert law(light, tally, ("f", "x")) == [1, 0]


def test_unequal_arms_are_compared_by_their_totals_over_the_ratio():
    design = Minimised(("sex",), (Fraction(1),), Fraction(1), (1, 2))
    assert law(design, {("sex", "f"): (5, 8)}, ("f",)) == [0, 1]
    assert law(design, {("sex", "f"): (5, 12)}, ("f",)) == [1, 0]


@pytest.mark.parametrize("wanted", [(1, 1), (1, 2), (3, 1, 2), (1, 1, 1)])
def test_an_arm_preferred_as_often_as_its_ratio_asks_is_dealt_as_often(wanted):
    given = preferences(Minimised(("sex",), (Fraction(1),), Fraction(9, 10), wanted))
    assert all(sum(row) == 1 and min(row) >= 0 for row in given)
    share = [Fraction(each, sum(wanted)) for each in wanted]
    assert [sum(p * row[k] for p, row in zip(share, given, strict=True)) for k in range(len(wanted))] == share
    assert given[wanted.index(min(wanted))][wanted.index(min(wanted))] == Fraction(9, 10)


def test_a_favour_that_is_none_gives_the_ratio_whatever_went_before():
    plain = Minimised(("sex",), (Fraction(1),), Fraction(1, 3), (1, 2))
    assert law(plain, {("sex", "f"): (9, 0)}, ("f",)) == [Fraction(1, 3), Fraction(2, 3)]


def test_columns_are_those_that_the_design_reads():
    assert columns(PermutedBlocks("", (1,))) == ()
    assert columns(PermutedBlocks("town", (1,))) == ("town",)
    assert columns(SEX) == ("sex",)


def test_a_tree_too_large_to_enumerate_is_refused():
    with pytest.raises(DesignError) as refused:
        enumerate_intake(BiasedCoin("", Fraction(2, 3)), [()] * 12, limit=1000)
    assert refused.value.expected == "at most 1000"


def test_what_went_before_is_left_as_it_was():
    tally = {("sex", "f"): (2, 1)}
    deal(SEX, tally, ("f",), lambda weights: 0)
    assert tally == {("sex", "f"): (2, 1)}


def test_arms_come_as_an_array():
    arms, _ = enumerate_intake(SEX, [("f",)])[0]
    assert arms.dtype == np.int64
