import numpy as np
import pytest

from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design


def test_toy_trial_of_the_economics_specification(make_allocation):
    outcome = np.array([12000, 4000, 2000, -2000, 9000, 3000, 0, 1000, 2000, 3000.0])
    arm = np.array([1, 1, 0, 0, 1, 1, 1, 0, 0, 0])
    block = np.array(["A"] * 4 + ["B"] * 6)
    found = by_design(outcome[:, None], make_allocation(arm, block))
    assert found.estimate[0] == pytest.approx(4400)
    assert found.std_error[0] ** 2 == pytest.approx(5_840_000)
    assert found.method == "blocked_difference_neyman_satterthwaite"


def test_a_block_with_one_treated_person_is_an_error_that_names_it(make_allocation):
    allocation = make_allocation([0, 0, 1, 1, 0, 0, 0, 1], ["A"] * 4 + ["B"] * 4)
    with pytest.raises(EstimationError) as caught:
        by_design(np.arange(8.0)[:, None], allocation)
    assert "block B" in caught.value.where
    assert caught.value.exit_code == 40


def test_a_plain_trial_with_one_person_in_an_arm_is_an_error(make_allocation):
    with pytest.raises(EstimationError) as caught:
        by_design(np.arange(4.0)[:, None], make_allocation([0, 0, 0, 1]))
    assert "block" not in caught.value.where


def test_missing_values_can_leave_a_block_too_small(make_allocation):
    allocation = make_allocation([0, 0, 1, 1, 0, 0, 1, 1], ["A"] * 4 + ["B"] * 4)
    outcome = np.array([1, 2, 3, np.nan, 1, 2, 3, 4])
    with pytest.raises(EstimationError, match="block A"):
        by_design(outcome[:, None], allocation)


def test_an_infinite_value_is_an_error(make_allocation):
    with pytest.raises(EstimationError, match="infinite"):
        by_design(np.array([[1.0], [2.0], [np.inf], [4.0]]), make_allocation([0, 0, 1, 1]))


def test_an_outcome_without_variation_has_no_interval(make_allocation):
    found = by_design(np.ones((4, 1)), make_allocation([0, 0, 1, 1]))
    assert found.estimate[0] == 0
    assert found.std_error[0] == 0
    assert np.isnan([found.df[0], found.p_value[0], found.conf_low[0], found.conf_high[0]]).all()


def test_several_outcomes_are_estimated_as_each_alone(make_allocation):
    rng = np.random.default_rng(20180201)
    values = rng.normal(size=(40, 3))
    values[rng.random(size=values.shape) < 0.1] = np.nan
    allocation = make_allocation(np.tile([0, 1], 20), np.repeat(["A", "B"], 20))
    together = by_design(values, allocation)
    for number in range(3):
        alone = by_design(values[:, [number]], allocation)
        assert together.estimate[number] == alone.estimate[0]
        assert together.conf_high[number] == alone.conf_high[0]
        assert together.n[number] == alone.n[0]


def test_the_level_of_the_interval_is_obeyed(make_allocation):
    rng = np.random.default_rng(1)
    allocation = make_allocation(np.tile([0, 1], 20))
    values = rng.normal(size=(40, 1))
    wide, narrow = by_design(values, allocation, conf_level=0.99), by_design(values, allocation, conf_level=0.8)
    assert wide.conf_low[0] < narrow.conf_low[0] < narrow.conf_high[0] < wide.conf_high[0]


def test_a_large_common_level_costs_no_digits(make_allocation):
    small = np.array([1.0, 2.0, 4.0, 8.0])
    allocation = make_allocation([0, 0, 1, 1])
    near = by_design(small[:, None], allocation)
    far = by_design(small[:, None] + 2.0**40, allocation)
    assert far.std_error[0] == pytest.approx(near.std_error[0], rel=1e-12)
