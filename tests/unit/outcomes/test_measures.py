import numpy as np
import pytest

from ctieval.domain.outcome import Measure
from ctieval.domain.window import Window
from ctieval.outcomes.measures import count_measure, needed_weeks


@pytest.mark.parametrize(
    ("measure", "needed"),
    [
        (Measure.WEEKS, Window(4, 30)),
        (Measure.EVER, Window(4, 30)),
        (Measure.AT_END, Window(29, 30)),
        (Measure.RETAINED_13, Window(3, 42)),
        (Measure.RETAINED_26, Window(3, 55)),
        (Measure.RETAINED_52, Window(3, 81)),
    ],
)
def test_the_weeks_that_a_measure_needs(measure, needed):
    assert needed_weeks(measure, Window(4, 30)) == needed


def path_of(*spells, before=1, window=20, length=13):
    """Weeks of retention over a window, with spells of (first, end) counted from its start."""
    weeks = np.zeros((1, before + window + length - 1), dtype=np.bool_)
    for first, end in spells:
        weeks[0, first + before : end + before] = True
    return weeks


@pytest.mark.parametrize(
    ("spells", "retained"),
    [
        ([(0, 13)], 1.0),
        ([(0, 12)], 0.0),
        ([(-1, 13)], 0.0),
        ([(-1, 32)], 0.0),
        ([(-1, 2), (3, 16)], 1.0),
        ([(0, 12), (13, 25)], 0.0),
        ([(19, 32)], 1.0),
        ([(20, 32)], 0.0),
        ([(19, 31)], 0.0),
        ([(2, 32)], 1.0),
        ([], 0.0),
    ],
)
def test_retention_is_one_unbroken_spell_that_starts_in_the_window(spells, retained):
    assert count_measure(path_of(*spells), Measure.RETAINED_13).tolist() == [retained]


@pytest.mark.parametrize(("measure", "length"), [(Measure.RETAINED_26, 26), (Measure.RETAINED_52, 52)])
def test_longer_retention_needs_its_own_length(measure, length):
    weeks = np.vstack([path_of((3, 3 + length), length=length), path_of((3, 2 + length), length=length)])
    assert count_measure(weeks, measure).tolist() == [1.0, 0.0]


def test_transition_is_another_thing_than_retention():
    short = path_of((5, 6))
    assert count_measure(short, Measure.EVER).tolist() == [1.0]
    assert count_measure(short, Measure.RETAINED_13).tolist() == [0.0]


def test_weeks_are_counted_and_the_end_is_one_week():
    weeks = np.array([[True, False, True], [False, False, False]])
    assert count_measure(weeks, Measure.WEEKS).tolist() == [2.0, 0.0]
    assert count_measure(weeks[:, -1:], Measure.AT_END).tolist() == [1.0, 0.0]
