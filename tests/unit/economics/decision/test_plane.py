"""Draws in the order of their angle."""

import math

import numpy as np
import pytest

from ctieval.economics.decision.plane import ends_by_turn, left_out_of, turn_from


def test_turns_are_counted_from_the_centre():
    angles = np.array([-3, -1, 0, 1, 3.0])
    for centre in (-3.0, 0.0, 2.0):
        found = turn_from(np.cos(angles), np.sin(angles), centre=(math.cos(centre), math.sin(centre)))
        expected = [math.remainder(angle - centre, 2 * math.pi) for angle in angles]
        assert found == pytest.approx(expected)


def test_the_cut_lies_opposite_the_centre():
    assert turn_from(np.array([-1.0]), np.array([0.0]), centre=(1, 0)) == pytest.approx([math.pi])


@pytest.mark.parametrize(("n", "level", "left_out"), [(2000, 0.95, 50), (2000, 0.9, 100), (19, 0.95, 0), (40, 0.95, 1)])
def test_how_many_are_left_out(n, level, left_out):
    assert left_out_of(n, level) == left_out


def test_the_ends_are_draws():
    rng = np.random.default_rng(1)
    cost, gain = rng.normal(10, 1, 1001), rng.normal(5, 1, 1001)
    low, high = ends_by_turn(cost, gain, centre=(10, 5), conf_level=0.95)
    ratio = gain / cost
    assert (np.sum(ratio < ratio[low]), np.sum(ratio > ratio[high])) == (25, 25)
