import math

import pytest

from ctieval.report.disclosure.told import Arm, Reach, Told, find_narrow

THREE = Arm(drawn=(60, 60, 60), observed=(60, 60, 60), weights=(1 / 3,) * 3, missing=0)


def told(low, high, joint, mean=math.nan):
    return Told(low=low, high=high, joint=joint, joint_mean=mean)


def test_a_wide_share_in_each_municipality_gives_nothing_away():
    assert not list(find_narrow(THREE, [told((0.0,) * 3, (0.125,) * 3, 10)], 5))


def test_a_sum_at_the_end_of_its_range_settles_each_part():
    """Three times at most 0.05 of 60 are 9 at most: where they are 9, each is 3."""
    assert list(find_narrow(THREE, [told((0.0,) * 3, (0.05,) * 3, 9)], 5)) == [0]


def test_so_does_one_hidden_number_where_the_others_are_told():
    assert list(find_narrow(THREE, [told((1 / 6, 1 / 3, 0.0), (1 / 6, 1 / 3, 1.0), 33)], 5)) == [0]


def test_a_number_that_cannot_be_small_may_be_told():
    assert not list(find_narrow(THREE, [told((0.2,) * 3, (0.2,) * 3, 36)], 5))


@pytest.mark.parametrize(("joint", "mean"), [(0, 0.0), (180, 1.0)])
def test_nobody_and_everybody_give_nobody_away(joint, mean):
    assert not list(find_narrow(THREE, [told((0.0,) * 3, (1.0,) * 3, joint, mean)], 5))


def test_categories_that_add_up_narrow_each_other():
    """Two of three categories are told to within one person of 60, so that the third is."""
    exact = [told((s - 0.01,) * 3, (s + 0.01,) * 3, None) for s in (0.45, 0.5)]
    hidden = told((0.0,) * 3, (0.25,) * 3, None)
    assert not list(find_narrow(THREE, [*exact, hidden], 5))
    assert list(find_narrow(THREE, [*exact, hidden], 5, add_up=True)) == [2]


def test_few_missing_are_narrowed_down_by_shares_that_are_told_finely():
    """Of 110 with a value, a fifth in one municipality and two fifths in the other are 33: 55 in each."""
    arm = Arm(drawn=(60, 60), observed=(55, 55), weights=(0.5, 0.5), missing=10)
    assert list(find_narrow(arm, [told((0.2, 0.4), (0.2, 0.4), 33)], 7)) == [None]
    assert not list(find_narrow(arm, [told((0.1, 0.3), (0.3, 0.5), 33)], 7))


def test_a_joint_mean_settles_two_municipalities_that_weigh_unequally():
    """Ten of both are one number of each where 2 and 8 give another mean than 3 and 7."""
    arm = Arm(drawn=(50, 100), observed=(50, 100), weights=(0.5, 0.5), missing=0)
    free = (0.0, 0.0), (0.2, 0.2)
    assert not list(find_narrow(arm, [told(*free, 10)], 5))
    assert list(find_narrow(arm, [told(*free, 10, 0.5 * 3 / 50 + 0.5 * 7 / 100)], 5)) == [0]


def test_relations_at_odds_count_as_given_away():
    assert list(find_narrow(THREE, [told((0.0,) * 3, (0.1,) * 3, 100)], 5)) == [0]


def test_a_reach_is_narrow_where_it_holds_few_values_and_small_ones():
    assert Reach(2, 4).is_narrow(60, 5)
    assert Reach(57, 59).is_narrow(60, 5)
    assert not Reach(1, 5).is_narrow(60, 5)
    assert not Reach(20, 20).is_narrow(60, 5)
