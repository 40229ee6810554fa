"""How the outcomes of a plan are written, and what is said where they are written otherwise."""

import pytest

from ctieval.domain.outcome import Amount, AmountOutcome, FullTime, Measure, StateOutcome
from ctieval.domain.window import Window
from ctieval.errors import ProtocolError
from ctieval.protocol.lines import KeyLines
from ctieval.protocol.outcomes import read_outcomes
from ctieval.protocol.table_reader import TableReader

STATE = {"name": "job", "state": "ordinary_job"}
FULL_TIME = {"hours_month": 160.33, "source": "The agreement"}


def read(**outcome):
    top = TableReader({"outcome": [outcome]}, file="trial.toml", name="", lines=KeyLines(""))
    return read_outcomes(top)[0]


@pytest.mark.parametrize("measure", [each for each in Measure if each is not Measure.AT_WEEK])
def test_every_measure_of_a_state_has_a_window(measure):
    found = read(**STATE, measure=measure.value, window_weeks=[0, 52])
    assert isinstance(found, StateOutcome)
    assert (found.measure, found.window) == (measure, Window(0, 52))


def test_the_state_at_a_week_names_the_week_in_place_of_a_window():
    found = read(**STATE, measure="at_week", week=26)
    assert (found.measure, found.window) == (Measure.AT_WEEK, Window(26, 27))
    with pytest.raises(ProtocolError) as caught:
        read(**STATE, measure="at_week", week=26, window_weeks=[0, 52])
    assert caught.value.found == "the key window_weeks"


@pytest.mark.parametrize("amount", [each for each in Amount if each is not Amount.ORDINARY_HOURS_SHARE])
def test_an_amount_is_a_measure_without_a_state(amount):
    found = read(name="sum", measure=amount.value, window_weeks=[0, 52])
    assert isinstance(found, AmountOutcome)
    assert (found.amount, found.full_time) == (amount, None)


def test_a_share_of_hours_says_what_full_time_is_and_who_says_so():
    found = read(name="hours", measure="ordinary_hours_share", window_weeks=[0, 52], full_time=FULL_TIME)
    assert found.full_time == FullTime(160.33, "The agreement")


def test_the_smallest_effect_that_matters_may_be_declared():
    assert read(**STATE, measure="weeks", window_weeks=[0, 52]).smallest_relevant is None
    assert read(**STATE, measure="weeks", window_weeks=[0, 52], smallest_relevant=2).smallest_relevant == 2.0
    with pytest.raises(ProtocolError, match="above zero"):
        read(**STATE, measure="weeks", window_weeks=[0, 52], smallest_relevant=-1)


WRONG = {
    "no measure": ({"name": "job"}, "outcome[1]"),
    "a measure of a state without one": ({"name": "job", "measure": "weeks", "window_weeks": [0, 52]}, "state"),
    "an amount of a state": ({**STATE, "measure": "earnings", "window_weeks": [0, 52]}, "state"),
    "a measure that nobody knows": ({**STATE, "measure": "weekz", "window_weeks": [0, 52]}, "measure"),
    "an amount that nobody knows": ({"name": "sum", "measure": "earning", "window_weeks": [0, 52]}, "measure"),
    "no full time": ({"name": "h", "measure": "ordinary_hours_share", "window_weeks": [0, 1]}, "full_time.hours_month"),
    "full time without hours": (
        {
            "name": "h",
            "measure": "ordinary_hours_share",
            "window_weeks": [0, 1],
            "full_time": {"hours_month": 0, "source": "x"},
        },
        "full_time.hours_month",
    ),
    "full time without a source": (
        {"name": "h", "measure": "ordinary_hours_share", "window_weeks": [0, 1], "full_time": {"hours_month": 160}},
        "full_time.source",
    ),
    "full time where no hours are": (
        {"name": "sum", "measure": "earnings", "window_weeks": [0, 52], "full_time": FULL_TIME},
        "full_time",
    ),
    "no week": ({**STATE, "measure": "at_week", "window_weeks": [0, 52]}, "week"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_named_by_its_key(case):
    outcome, key = WRONG[case]
    with pytest.raises(ProtocolError) as caught:
        read(**outcome)
    assert caught.value.key.endswith(key)
    assert caught.value.do
