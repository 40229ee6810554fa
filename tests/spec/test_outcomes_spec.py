"""Four persons, week by week: what is in the registers, and what comes out of them.

Everybody is drawn in week 1 of 2018, which is week 0. Each letter is one week:

    k  cash benefit (730)        p  company practice (737)   f  flexjob (771)
    j  blank, hours that month   s  blank, no hours          d  dead (999)
    u  not resident (997)        -  not in the extract
"""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome import BetterWhen, Measure, Role, State, StateOutcome
from ctieval.domain.outcome_table import Status
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.outcomes.track import track
from ctieval.registers.codes import load_code_list

CODE = {"k": 730, "p": 737, "f": 771, "j": 0, "s": 0, "d": 999, "u": 997, "-": -1}

# Months 2018     Jan   Feb   Mar     Apr  ...: the months of the Thursdays
ANNA = "kkkpppjjjjjjjjjjj"
BENT = "kkkkffffffffkkkkk"
CARL = "kkppssssddddddddd"
DINA = "kkkkppppuuuuuuuuu"
HOURS = {  # Jan, Feb, Mar, Apr
    "anna": [0, 60, 148, 148],
    "bent": [0, 0, 0, 0],
    "carl": [0, 0, 0, 0],
    "dina": [0, 0, 0, 0],
}
ENDED, EXITED = Status.FOLLOW_UP_ENDED, Status.EXITED
UNTIL_FIRST = Measure.WEEKS_UNTIL_FIRST

EXPECTED = [
    # state                measure              weeks          better   anna   bent   carl    dina
    (State.ORDINARY_JOB,    Measure.WEEKS,       Window(0, 12), "higher", 6.0,   0.0,   0.0,    EXITED),
    (State.ORDINARY_JOB,    Measure.EVER,        Window(0, 12), "higher", 1.0,   0.0,   0.0,    EXITED),
    (State.ORDINARY_JOB,    Measure.EVER,        Window(0, 8),  "higher", 1.0,   0.0,   0.0,    0.0),
    (State.ORDINARY_HOURS,  Measure.WEEKS,       Window(0, 12), "higher", 8.0,   0.0,   0.0,    EXITED),
    (State.SUPPORTED_JOB,   Measure.WEEKS,       Window(0, 12), "higher", 0.0,   8.0,   0.0,    EXITED),
    (State.COMPANY_MEASURE, Measure.WEEKS,       Window(0, 12), "higher", 3.0,   0.0,   2.0,    EXITED),
    (State.SELF_SUPPORT,    Measure.AT_END,      Window(0, 8),  "higher", 0.0,   0.0,   1.0,    0.0),
    (State.SELF_SUPPORT,    Measure.AT_END,      Window(0, 12), "higher", 0.0,   0.0,   0.0,    EXITED),
    (State.BENEFIT,         Measure.WEEKS,       Window(0, 8),  "lower",  6.0,   8.0,   4.0,    8.0),
    (State.BENEFIT,         Measure.WEEKS,       Window(0, 12), "lower",  6.0,   12.0,  EXITED, EXITED),
    (State.BENEFIT,         Measure.WEEKS,       Window(0, 20), "lower",  ENDED, ENDED, EXITED, EXITED),
    (State.EXIT,            Measure.WEEKS,       Window(0, 12), "lower",  0.0,   0.0,   4.0,    4.0),
    (State.SUPPORTED_JOB,   Measure.AT_WEEK,     Window(5, 6),  "higher", 0.0,   1.0,   0.0,    0.0),
    (State.ORDINARY_JOB,    UNTIL_FIRST,         Window(0, 12), "lower",  6.0,   12.0,  12.0,   EXITED),
    (State.COMPANY_MEASURE, UNTIL_FIRST,         Window(0, 8),  "lower",  3.0,   8.0,   2.0,    4.0),
    (State.BENEFIT,         UNTIL_FIRST,         Window(4, 12), "higher", 0.0,   0.0,   EXITED, EXITED),
    (State.SUPPORTED_JOB,   Measure.RETAINED_13, Window(1, 4),  "higher", 0.0,   0.0,   0.0,    EXITED),
    (State.ORDINARY_JOB,    Measure.RETAINED_13, Window(1, 8),  "higher", ENDED, ENDED, ENDED,  EXITED),
]  # fmt: skip


@pytest.fixture
def registers() -> Registers:
    persons = np.array(list(HOURS), dtype=object)
    code = np.array([[CODE[week] for week in weeks] for weeks in (ANNA, BENT, CARL, DINA)], dtype=np.int16)
    hours = np.array(list(HOURS.values()), dtype=np.float64)
    return Registers(
        persons=pd.DataFrame({"person_id": persons}),
        weeks=WeekPanel(persons, week_of(np.datetime64("2018-01-01")), code),
        employment=EmploymentPanel(persons, 48 * 12, hours, np.zeros_like(hours)),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )


@pytest.mark.parametrize("row", EXPECTED, ids=lambda row: f"{row[0]} {row[1]} {row[2]}")
def test_four_persons(row, registers, make_allocation):
    state, measure, window, better_when, *expected = row
    outcome = StateOutcome(
        name="outcome",
        label=Label("Udfald", "Outcome"),
        role=Role.PRIMARY,
        better_when=BetterWhen(better_when),
        state=state,
        measure=measure,
        window=window,
    )
    drawn_on = np.full(4, np.datetime64("2018-01-03"))
    allocation = replace(make_allocation([0, 1, 0, 1]), person_id=registers.weeks.person_id, randomised_on=drawn_on)
    table = track((outcome,), allocation, registers, load_code_list())
    lost = [None if cell == Status.OBSERVED else Status(cell) for cell in table.status[:, 0]]
    values = table.values[:, 0].tolist()  # noqa: PD011
    assert [reason or value for reason, value in zip(lost, values, strict=True)] == expected
