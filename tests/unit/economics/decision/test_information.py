"""Values of information against closed forms, plain conditional means and one another."""

import numpy as np
import pytest

from ctieval.economics.decision.information import (
    normal_information,
    partial_information,
    perfect_information,
    population_value,
    sample_information,
)
from ctieval.rates.rate import Step


def test_nothing_is_to_be_known_of_what_is_certain():
    assert perfect_information(np.full(5, -3.0)) == 0
    assert normal_information(100, 0) == 0


def test_the_sign_of_the_mean_does_not_matter():
    draws = np.random.default_rng(1).normal(1, 2, 100)
    assert perfect_information(draws) == pytest.approx(perfect_information(-draws))
    assert normal_information(-5, 3) == pytest.approx(normal_information(5, 3))


def test_the_closed_form_is_that_of_many_normal_draws():
    """Of 500,000 draws: a Monte Carlo error of .002."""
    draws = np.random.default_rng(1).normal(1, 2, 500_000)
    assert normal_information(1, 2) == pytest.approx(perfect_information(draws), abs=0.01)


def test_a_larger_trial_tells_more_and_never_everything():
    values = [sample_information(1, 2, error) for error in (100.0, 2.0, 0.1)]
    assert values == sorted(values)
    assert values[-1] < normal_information(1, 2)
    assert values[-1] == pytest.approx(normal_information(1, 2), rel=0.01), "a trial of nearly no error"


def test_few_values_are_known_by_their_own_means():
    group = np.repeat([0.0, 1.0, 2.0], 4)
    net = np.array([1.0, -3, 2, 0, -1, -2, 5, 1, 0, 0, -9, 3])
    means = net.reshape(3, 4).mean(axis=1)
    expected = np.maximum(means, 0).mean() - max(net.mean(), 0)
    assert partial_information(net, group[:, None]) == pytest.approx(expected)


def test_a_constant_tells_nothing():
    assert partial_information(np.array([-1.0, 3.0, -1.5]), np.ones((3, 1))) == pytest.approx(0)


def test_two_inputs_that_add_up_tell_everything():
    first, second = np.random.default_rng(1).normal(size=(2, 400))
    net = 3 * first**2 - 2 * second - 2
    both = np.column_stack([first, second])
    assert partial_information(net, both) == pytest.approx(perfect_information(net), rel=0.02), (
        "a cubic spline is near a parabola of 400 draws, not on it where knots are few"
    )
    assert partial_information(net, both) > partial_information(net, both[:, :1])


def test_the_population_is_discounted_from_the_start_of_each_year():
    steps = (Step(0, 0.035),)
    found = population_value(2.0, persons_per_year=100, years=3, steps=steps)
    assert found == pytest.approx(200 * (1 + 1 / 1.035 + 1 / 1.035**2))
    assert population_value(2.0, persons_per_year=100, years=0, steps=steps) == 0
