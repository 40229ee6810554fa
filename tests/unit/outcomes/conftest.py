from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from ctieval.domain.instrument import Instrument, Scoring
from ctieval.domain.outcome import (
    BetterWhen,
    ColumnOutcome,
    InstrumentOutcome,
    Measure,
    MeasuredIn,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel, week_of
from ctieval.domain.source import Source
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.domain.wording import Label
from ctieval.outcomes.track import track
from ctieval.registers.codes import load_code_list

MONDAY = np.datetime64("2018-01-01")


def ids_of(n):
    return np.array([f"P{i:06d}" for i in range(n)], dtype=object)


def registers_of(code, hours=None, earnings=None, *, first_day=MONDAY, persons=None, survey=None):
    """Registers from codes by week; hours and earnings by month from the month of the first week."""
    code = np.asarray(code, dtype=np.int16)
    ids = ids_of(len(code))
    employment = None
    if hours is not None:
        hours = np.asarray(hours, dtype=np.float64)
        earnings = np.zeros_like(hours) if earnings is None else np.asarray(earnings, dtype=np.float64)
        employment = EmploymentPanel(ids, int(first_day.astype("datetime64[M]").astype(int)), hours, earnings)
    return Registers(
        persons=pd.DataFrame({"person_id": ids, **(persons or {})}),
        weeks=WeekPanel(ids, week_of(first_day), code),
        employment=employment,
        payments=None,
        activity=None,
        survey=survey,
        recognised=(),
        digests=(),
    )


def outcome_of(kind="state", **changes):
    common = {
        "name": "outcome",
        "label": Label("Udfald", "Outcome"),
        "role": Role.SECONDARY,
        "better_when": BetterWhen.HIGHER,
    }
    own = {
        "state": {"state": State.ORDINARY_JOB, "measure": Measure.WEEKS, "window": Window(0, 4)},
        "instrument": {"instrument": "who5", "wave": "12m", "measured_in": MeasuredIn.INTERVENTION},
        "column": {"column": "weeks", "unit": Unit.WEEKS},
    }
    types = {"state": StateOutcome, "instrument": InstrumentOutcome, "column": ColumnOutcome}
    return types[kind](**{**common, **own[kind], **changes})


def instrument_of(**changes):
    """An instrument of two items from 1 to 5, whose score is their sum."""
    own = {
        "name": "own",
        "title": Label("Eget", "Own"),
        "items": 2,
        "lowest": 1,
        "highest": 5,
        "scoring": Scoring.SUM,
        "minimum_answered": 2,
        "better_when": BetterWhen.HIGHER,
        "source": Source("Own", "", "", date(2026, 11, 22)),
    }
    return Instrument(**{**own, **changes})


@pytest.fixture(scope="session")
def codes():
    return load_code_list()


@pytest.fixture(scope="session")
def make_registers():
    return registers_of


@pytest.fixture(scope="session")
def make_instrument():
    return instrument_of


@pytest.fixture(scope="session")
def make_outcome():
    return outcome_of


@pytest.fixture(scope="session")
def drawn_on(make_allocation):
    """An allocation whose persons were drawn on the given day or days."""

    def drawn(arm, day=MONDAY):
        allocation = make_allocation(arm)
        days = np.broadcast_to(np.asarray(day, dtype="datetime64[D]"), len(arm))
        return replace(allocation, randomised_on=days.copy())

    return drawn


@pytest.fixture(scope="session")
def follow(codes, drawn_on):
    """Track outcomes in the given weeks; nobody works, unless hours say so."""

    def followed(outcomes, code, *, arm=None, day=MONDAY, hours=0.0, **registers):
        n = len(code)
        known = None if hours is None else np.full((n, 24), hours)
        allocation = drawn_on([1] * n if arm is None else arm, day)
        return track(tuple(outcomes), allocation, registers_of(code, known, **registers), codes)

    return followed
