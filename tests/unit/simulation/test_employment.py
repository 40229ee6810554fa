import numpy as np
import pytest

from ctieval.simulation.employment import Pay, simulate_pay, to_employment
from ctieval.simulation.exits import DIED, MOVED, STAYED, Exits
from ctieval.simulation.load_settings import load_settings
from ctieval.simulation.week_grid import to_week_grid

SETTINGS = load_settings()
GRID = to_week_grid(SETTINGS.calendar)
IDS = np.array(["P1"], dtype=object)
PAY = Pay(job=np.array([20.0]), beside=np.array([3.0]), wage=np.array([100.5]))
FOR_EVER = Exits(
    column=np.array([GRID.weeks]),
    kind=np.array([STAYED]),
    code=np.array([0], dtype=np.int16),
    day=np.array(["NaT"], dtype="datetime64[D]"),
)


def employment(weeks, exits=FOR_EVER):
    """Employment of one person who is in these states in these columns, else passive."""
    states = np.zeros((1, GRID.weeks), dtype=np.int64)
    for column, state in weeks.items():
        states[0, column] = SETTINGS.states.number(state)
    return to_employment(states, PAY, exits, person_id=IDS, declared=SETTINGS.states, grid=GRID)


def test_a_week_counts_in_the_month_of_its_thursday():
    # Columns 3 and 4 are the weeks of 26 January and 2 February 2015.
    found = employment({3: "job", 4: "job"})
    assert found.first_month == (2015 - 1970) * 12
    assert found.hours[0, :3].tolist() == [20.0, 20.0, 0.0]
    assert found.earnings[0, :2].tolist() == [2010.0, 2010.0]


def test_hours_beside_a_benefit_are_fewer():
    assert employment({0: "hours_beside"}).hours[0, 0] == 3.0


@pytest.mark.parametrize("state", ["flex_job", "subsidised_private", "practice_public", "self_support"])
def test_supported_jobs_hold_no_ordinary_hours(state):
    assert employment({0: state}).hours.sum() == 0


@pytest.mark.parametrize(("kind", "later"), [(DIED, 0.0), (MOVED, np.nan)])
def test_nobody_works_or_is_seen_after_an_exit(kind, later):
    day = np.array(["2018-03-15"], dtype="datetime64[D]")
    exits = Exits(np.array([167]), np.array([kind]), np.array([999], dtype=np.int16), day)
    found = employment(dict.fromkeys(range(GRID.weeks), "job"), exits)
    march = (2018 - 2015) * 12 + 2
    assert found.hours[0, march - 1] == 80.0
    assert np.array_equal(found.hours[0, march + 1 :], np.full(24, later), equal_nan=True)


def test_pay_lies_in_its_ranges():
    pay = simulate_pay(SETTINGS.person, 2000, np.random.default_rng(16))
    assert (pay.job.min(), pay.job.max()) == (12.0, 37.0)
    assert (pay.beside.min(), pay.beside.max()) == (2.0, 8.0)
    # The median of 2,000 wages lies within three kroner of the declared one.
    assert abs(np.median(pay.wage) - SETTINGS.person.hourly_wage) < 3


def test_repr_tells_nobody():
    assert repr(PAY) == "Pay(1 persons)"
