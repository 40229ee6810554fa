"""The plain pandas way, for comparison and as an oracle: melt the weeks to long rows, merge, group and sum.

Written independently of the kernels, with the calendar of the standard library. It knows nothing of moves, holes or
months that are not known, since the generator draws none; months before the first of employment are undecided.
"""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd

EPOCH_MONDAY = date(1969, 12, 29)


def monday(week: int) -> date:
    return EPOCH_MONDAY + timedelta(weeks=week)


def month_of(week: int) -> int:
    thursday = monday(week) + timedelta(days=3)
    return (thursday.year - 1970) * 12 + thursday.month - 1


def melt(wide: pd.DataFrame) -> pd.DataFrame:
    """Long rows (person, week, code), sorted by identifier and week; persons are numbered in the order of the file."""
    columns = [name for name in wide.columns if name.startswith("y_")]
    weeks = {}
    for name in columns:
        year = int(name[2:4]) + (1900 if int(name[2:4]) >= 90 else 2000)
        weeks[name] = (date.fromisocalendar(year, int(name[4:]), 1) - EPOCH_MONDAY).days // 7
    long = wide[["person_id", *columns]].melt(id_vars="person_id", var_name="heading", value_name="code")
    long["week"] = long["heading"].map(weeks).astype("int32")
    long["code"] = long["code"].fillna(0).astype("int16")
    long = long.sort_values(["person_id", "week"], ignore_index=True)
    long["person"] = long["person_id"].map(pd.Series(np.arange(len(wide)), index=wide["person_id"]))
    return long[["person", "week", "code"]]


def overlay(long: pd.DataFrame, entry: pd.Series, months: pd.DataFrame, rules) -> pd.DataFrame:
    """States by person and week."""
    weeks = pd.Series(long["week"].unique())
    calendar = pd.DataFrame({"week": weeks, "month": [month_of(int(week)) for week in weeks]})
    paid = months.assign(worked=months["hours"] >= rules.least_hours)
    rows = long.merge(calendar, on="week").merge(
        paid[["person", "month", "worked"]], on=["person", "month"], how="left"
    )
    rows = rows[rows["week"] >= rows["person"].map(entry)]
    known = rows["month"] >= months["month"].min()
    work = np.where(rows["worked"].eq(True), rules.working, np.where(known, rules.not_working, rules.undecided))
    state = rules.of_code[rows["code"]]
    rows = rows.assign(state=np.where(state == rules.undecided, work, state).astype("int16"))
    return rows[["person", "week", "code", "state"]].sort_values(["person", "week"], ignore_index=True)


def windows(states: pd.DataFrame, drawn: pd.DataFrame, windows, n_states: int) -> np.ndarray:
    rows = states.merge(drawn, on="person")
    relative = rows["week"] - rows["week_zero"]
    counted = np.zeros((len(drawn), len(windows), n_states), dtype=np.int64)
    place = pd.Series(np.arange(len(drawn)), index=drawn["person"])
    for number, (low, high) in enumerate(windows):
        inside = rows[(relative >= low) & (relative < high)]
        counts = inside.groupby(["person", "state"]).size()
        at = place[counts.index.get_level_values(0)].to_numpy()
        counted[at, number, counts.index.get_level_values(1)] = counts
    return counted


def first_spell(states: pd.DataFrame, drawn: pd.DataFrame, state: int, lengths) -> pd.DataFrame:
    rows = states[states["state"] == state].merge(drawn, on="person")
    rows = rows[rows["week"] >= rows["week_zero"]]
    rows = rows.sort_values(["person", "week"])
    new = (rows["person"] != rows["person"].shift()) | (rows["week"] != rows["week"].shift() + 1)
    rows = rows.assign(spell=new.cumsum(), relative=rows["week"] - rows["week_zero"])
    spells = rows.groupby("spell").agg(person=("person", "first"), start=("relative", "min"), n=("relative", "size"))
    found = {
        length: spells[spells["n"] >= length].groupby("person")["start"].min().reindex(drawn["person"])
        for length in lengths
    }
    return pd.DataFrame(found)


def payments(long: pd.DataFrame, drawn: pd.DataFrame, rates: pd.DataFrame, windows) -> np.ndarray:
    rows = _paid(long, drawn, rates)
    relative = rows["week"] - rows["week_zero"]
    sums = [
        rows[(relative >= low) & (relative < high)].groupby("person")["amount"].sum().reindex(drawn["person"]).fillna(0)
        for low, high in windows
    ]
    return np.column_stack(sums).astype(np.int64)


def means(states: pd.DataFrame, long: pd.DataFrame, drawn: pd.DataFrame, rates: pd.DataFrame, path):
    """Counts by arm, state and week from randomisation, and sums and squares of what was paid by arm and week."""
    rows = states.merge(drawn, on="person")
    rows = rows.assign(relative=rows["week"] - rows["week_zero"])
    rows = rows[(rows["relative"] >= path[0]) & (rows["relative"] < path[1])]
    counts = rows.groupby(["arm", "state", "relative"]).size()
    paid = _paid(long, drawn, rates)
    paid = paid.assign(relative=paid["week"] - paid["week_zero"], squared=paid["amount"] ** 2)
    paid = paid[(paid["relative"] >= path[0]) & (paid["relative"] < path[1])]
    return counts, paid.groupby(["arm", "relative"])[["amount", "squared"]].sum()


def _paid(long: pd.DataFrame, drawn: pd.DataFrame, rates: pd.DataFrame) -> pd.DataFrame:
    return long[long["code"] > 0].merge(rates, on=["code", "week"]).merge(drawn, on="person")


def eligible(long: pd.DataFrame, persons: pd.DataFrame, months: pd.DataFrame, asked) -> pd.Series:
    """The 28-day rule in whole weeks, with the hours of the months that a gap touches."""
    past = long[(long["week"] <= asked.week) & asked.benefits[long["code"]]]
    past = past[past["week"] >= past["person"].map(persons["entry"])]
    before = past.groupby("person")["week"].shift()
    gaps = past[(past["week"] - before) > 1].assign(start=before + 1)
    gaps = gaps.rename(columns={"week": "next"})
    gaps["short"] = gaps["next"] - gaps["start"] <= asked.longest_gap_weeks
    short = gaps[gaps["short"]]
    touched = {int(w): _months_touched(int(w)) for w in pd.unique(pd.concat([short["start"], short["next"] - 1]))}
    low = short["start"].map(lambda week: touched[int(week)][0])
    high = (short["next"] - 1).map(lambda week: touched[int(week)][1])
    hours = months.set_index(["person", "month"])["hours"]
    total = _worked(hours, short["person"], low) + np.where(high != low, _worked(hours, short["person"], high), 0)
    breaks = pd.concat([gaps[~gaps["short"]], short[total > asked.most_hours]])
    latest = breaks.groupby("person")["next"].max().reindex(persons.index)
    first = past.groupby("person")["week"].min().reindex(persons.index)
    since = latest.fillna(first)
    now = past[past["week"] == asked.week].set_index("person")["code"].reindex(persons.index)
    long_enough = (asked.week + 1 - since >= asked.least_weeks) & now.notna()
    ready = pd.Series(asked.ready[now.fillna(0).astype(int)], index=persons.index)
    return long_enough & ready & (persons["birth"] <= asked.born_by)


def _worked(hours: pd.Series, person: pd.Series, month: pd.Series) -> np.ndarray:
    """Hours in months; without end where the months do not reach back."""
    found = hours.reindex(pd.MultiIndex.from_arrays([person, month])).fillna(0).to_numpy()
    return np.where(month < hours.index.get_level_values("month").min(), np.inf, found)


def _months_touched(week: int) -> tuple[int, int]:
    first, last = monday(week), monday(week) + timedelta(days=6)
    return (first.year - 1970) * 12 + first.month - 1, (last.year - 1970) * 12 + last.month - 1
