"""The plain pandas way over the files of an extract, step by step, and its whole numbers held against ours."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import generator
import naive_registers as naive
import numpy as np
import pandas as pd
from asked import JOB, LENGTHS, PAID_WINDOWS, PATH, WINDOWS, criteria, question, rules

from ctieval.registers.kernels.block import NEVER, Result


class Plain:
    """The naive way; each step keeps its result for those after it."""

    def __init__(self, files: Path, persons: int, weeks: int):
        self.files = files
        drawn = question(persons, weeks).drawn
        self.drawn = pd.DataFrame({"person": drawn.pidx, "arm": drawn.arm, "week_zero": drawn.week_zero})
        self.rates = _rates(weeks)
        self.results: dict[str, object] = {}
        self.steps = {name: lambda name=name, work=work: self._keep(name, work) for name, work in self._steps().items()}

    def everything(self) -> None:
        self.read_weeks()
        self.read_months()
        self.find_states()
        for step in self.steps.values():
            step()

    def read_weeks(self) -> None:
        wide = pd.read_parquet(self.files / "dream.parquet")
        born, entered = (_days(wide[name]) for name in ("birth_date", "entered_on"))
        self.persons = pd.DataFrame({"birth": born, "entry": (entered + 3) // 7})
        self.ids = pd.Series(np.arange(len(wide)), index=wide["person_id"])
        self.long = naive.melt(wide)

    def read_months(self) -> None:
        rows = pd.read_parquet(self.files / "employment.parquet")
        day = pd.to_datetime(rows["month"])
        month = (day.dt.year - 1970) * 12 + day.dt.month - 1
        hours = (rows["hours"] * 100).round().astype("int64")
        self.months = pd.DataFrame({"person": rows["person_id"].map(self.ids), "month": month, "hours": hours})

    def find_states(self) -> None:
        self.states = naive.overlay(self.long, self.persons["entry"], self.months, rules())

    def _keep(self, name: str, work: Callable[[], object]) -> None:
        self.results[name] = work()

    def _steps(self) -> dict[str, Callable[[], object]]:
        path, paid = (PATH.start, PATH.end), PAID_WINDOWS.tolist()
        return {
            "B3": lambda: naive.eligible(self.long, self.persons, self.months, criteria()),
            "B4": lambda: naive.windows(self.states, self.drawn, WINDOWS.tolist(), rules().n_states),
            "B5": lambda: naive.first_spell(self.states, self.drawn, JOB, LENGTHS),
            "B6": lambda: naive.payments(self.long, self.drawn, self.rates, paid),
            "B7": lambda: naive.means(self.states, self.long, self.drawn, self.rates, path),
        }


def compare(found: Result, plain: Plain) -> None:
    """Every whole number the same (B11)."""
    table, sums = found
    eligible, weeks, first, paid, (counts, moments) = (plain.results[name] for name in plain.steps)
    np.testing.assert_array_equal(table["eligible"] == 1, eligible.to_numpy())
    np.testing.assert_array_equal(table["weeks"], weeks)
    np.testing.assert_array_equal(table["first_spell"], first.fillna(NEVER).to_numpy().astype(np.int16))
    np.testing.assert_array_equal(table["paid"], paid)
    np.testing.assert_array_equal(sums["in_state"], _dense(counts, sums["in_state"]))
    for name, column in (("paid", "amount"), ("paid_squared", "squared")):
        np.testing.assert_array_equal(sums[name], _dense(moments[column], sums[name]))


def _dense(values: pd.Series, like: np.ndarray) -> np.ndarray:
    """Values by arm, perhaps state, and week from randomisation as an array, 0 where there is none."""
    dense = np.zeros_like(like)
    *others, week = (values.index.get_level_values(level).to_numpy() for level in range(values.index.nlevels))
    dense[(*others, week - PATH.start)] = values.to_numpy()
    return dense


def _rates(weeks: int) -> pd.DataFrame:
    codes, amount = generator.weekly_rates(weeks)
    week = np.arange(generator.END_WEEK - weeks, generator.END_WEEK, dtype=np.int32)
    code = np.repeat(np.array(codes, dtype=np.int16), weeks)
    return pd.DataFrame({"code": code, "week": np.tile(week, len(codes)), "amount": amount.ravel()})


def _days(column: pd.Series) -> pd.Series:
    """Days since 1970-01-01."""
    return pd.to_datetime(column).astype("datetime64[s]").astype("int64") // 86400
