"""The distribution has the range that was stated, or the range is refused."""

import numpy as np
import pytest

from ctieval.domain.parameter import Distribution, Parameter
from ctieval.economics.decision.parameters import to_margin
from ctieval.errors import InputError

GAMMA, BETA, TRIANGULAR, NORMAL = (
    Distribution.GAMMA,
    Distribution.BETA,
    Distribution.TRIANGULAR,
    Distribution.NORMAL,
)


@pytest.mark.parametrize("coverage", [0.5, 0.8, 0.95])
@pytest.mark.parametrize(
    ("kind", "low", "base", "high"),
    [
        (GAMMA, 30, 40, 55),
        (GAMMA, 0.01, 1, 100),
        (GAMMA, 0.999, 1, 1.001),
        (BETA, 0.2, 0.25, 0.3),
        (BETA, 0.01, 0.5, 0.99),
        (BETA, 1e-6, 1e-5, 1e-4),
        (BETA, 0.9, 0.98, 0.999),
        (TRIANGULAR, 1, 1, 3),
        (TRIANGULAR, 1, 1.5, 3),
        (TRIANGULAR, 1, 3, 3),
        (NORMAL, -1, 0, 1),
    ],
)
def test_the_range_is_the_stated_part_of_the_distribution(kind, low, base, high, coverage):
    margin = to_margin(Parameter("x", base, low, high, kind, coverage=coverage))
    ends = margin.ppf(np.array([(1 - coverage) / 2, (1 + coverage) / 2]))
    assert ends == pytest.approx([low, high], rel=1e-6)


def test_a_range_is_the_tenth_to_the_ninetieth_percentile_unless_said_otherwise():
    assert to_margin(Parameter("x", 0, -1, 1, NORMAL)).ppf(np.array([0.1, 0.9])) == pytest.approx([-1, 1])


def test_the_ends_of_a_triangle_can_be_its_own():
    margin = to_margin(Parameter("displacement", 0.25, 0, 1, TRIANGULAR, coverage=1))
    assert margin.ppf(np.array([0.0, 0.25, 1.0])) == pytest.approx([0, 0.25, 1])


def test_the_base_of_a_triangle_is_its_peak():
    margin = to_margin(Parameter("x", 2, 1, 5, TRIANGULAR))
    width = np.diff(margin.ppf(np.linspace(0, 1, 100_001)))
    peak = margin.ppf(np.array([np.argmin(width) / 1e5]))[0]
    assert peak == pytest.approx(2, abs=0.01), "found on a grid of ranks"


@pytest.mark.parametrize(
    ("parameter", "expected"),
    [
        (Parameter("x", 5, 1, 3, GAMMA), "low <= base <= high"),
        (Parameter("x", 1, 1, 1, GAMMA), "a range that has a width"),
        (Parameter("x", 2, 1, 3, GAMMA, coverage=1), "1 only for a triangle"),
        (Parameter("x", 2, 1, 3, TRIANGULAR, coverage=0), "a coverage between 0 and 1"),
        (Parameter("x", 2, 0, 3, GAMMA), "a range above nil"),
        (Parameter("x", 0.5, 0, 0.9, BETA), "a range within 0 and 1"),
        (Parameter("x", 0.5, 0.1, 1, BETA), "a range within 0 and 1"),
        (Parameter("x", 1.2, 1, 3, NORMAL), "a base in the middle"),
        (Parameter("x", 1, 1 - 1e-9, 1 + 1e-9, GAMMA), "neither a point nor beyond measure"),
    ],
)
def test_ranges_that_contradict_themselves(parameter, expected):
    with pytest.raises(InputError, match="range of a parameter") as caught:
        to_margin(parameter)
    assert expected in caught.value.expected
    assert caught.value.where == "parameter x"
