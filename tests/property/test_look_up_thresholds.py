"""The look-up of a store finds the target group of ``screen`` under every threshold of the sensitivity table."""

import tempfile
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel
from ctieval.eligibility.sensitivity import screen_alternatives
from ctieval.registers.codes import load_code_list
from ctieval.registers.executors.results import combine
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.kernels.look_up import LookUp, latest_birthday, look_up
from ctieval.registers.store.write import write_registers

CODES = load_code_list()
FIRST = date(2014, 12, 29)
WEEKS, MONTHS = 170, 41


@st.composite
def registers(draw):
    """Long spells with gaps of some weeks, histories cut short, hours here and there, and ages around the limit."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    n = draw(st.integers(1, 8))
    code = np.full((n, WEEKS), 730, dtype=np.int16)
    for person in range(n):
        for begin in rng.integers(0, WEEKS, rng.integers(0, 4)):
            code[person, begin : begin + rng.choice([1, 3, 4, 5, 9])] = rng.choice([0, 0, 130, 890, 651, -1])
        code[person, : rng.choice([0, 0, 60, 120, 145])] = rng.choice([-1, 0])
    hours = rng.choice([0.0, 0.0, 0.0, 4.25, 10.0, 11.0, 60.0], (n, MONTHS))
    ids = np.array([f"P{number:03}" for number in range(n)], dtype=object)
    born = [date(1988, 3, 1) + timedelta(days=int(by)) for by in rng.integers(-1100, 1100, n)]
    persons = pd.DataFrame(
        {"person_id": ids, "birth_date": pd.to_datetime(born), "sex": "female", "municipality": "153"}
    )
    panel = WeekPanel(ids, 2348, code)
    return Registers(persons, panel, EmploymentPanel(ids, 539, hours, hours), None, None, None, (), ())


def asked(as_of, rule, *, years, weeks):
    gone = [entry.code for entry in CODES.codes if entry.group in {"Død", "Udvandret"}]
    return LookUp(
        day=(as_of - date(1970, 1, 1)).days,
        born_by=latest_birthday(as_of, years),
        benefits=CODES.lookup("kontanthjaelp"),
        ready=CODES.lookup("activity_ready"),
        gone=np.isin(np.arange(1001), gone),
        least_weeks=weeks,
        gap_rule=rule,
        longest_gap_weeks=4,
        most_hours=1000,
    )


@pytest.mark.parametrize("rule", list(GapRule))
@settings(max_examples=12)
@given(found=registers(), back=st.integers(0, 40))
def test_the_store_counts_each_alternative_of_the_table(rule, found, back):
    as_of = FIRST + timedelta(weeks=WEEKS - 1 - back, days=back % 7)
    criteria = (MinimumAge(30), ActivityReady(), MinimumUnemployment(52, rule, "kontanthjaelp"))
    table = screen_alternatives(Eligibility(as_of, criteria), found, CODES)
    with tempfile.TemporaryDirectory() as folder:
        store = write_registers(found, Path(folder) / "store", known=CODES.known, block_size=3)
        for row in table.grid:
            question = asked(as_of, rule, years=row.thresholds.years, weeks=row.thresholds.weeks)
            _, sums = combine(run_serial(look_up, store, question))
            assert int(sums["eligible"][0]) == row.eligible
            assert int(sums["not_known"][0]) == row.not_assessable


@settings(max_examples=12)
@given(found=registers(), rule=st.sampled_from(GapRule))
def test_one_look_up_at_the_longest_spell_answers_all_shorter_ones(found, rule):
    as_of = FIRST + timedelta(weeks=WEEKS - 1)
    criteria = (MinimumAge(30), ActivityReady(), MinimumUnemployment(52, rule, "kontanthjaelp"))
    with tempfile.TemporaryDirectory() as folder:
        store = write_registers(found, Path(folder) / "store", known=CODES.known)
        table, _ = combine(run_serial(look_up, store, asked(as_of, rule, years=30, weeks=104)))
    others = np.stack([table[name] for name in ("here", "old_enough", "ready")])
    for row in screen_alternatives(Eligibility(as_of, criteria), found, CODES).grid:
        if row.thresholds.years == 30:
            weeks = row.thresholds.weeks
            spell = np.where(table["least"] >= weeks, 1, np.where(table["most"] < weeks, 0, -1))
            met = np.vstack([others, spell])
            assert (met == 1).all(axis=0).sum() == row.eligible
            assert ((met != 0).all(axis=0) & (met == -1).any(axis=0)).sum() == row.not_assessable
