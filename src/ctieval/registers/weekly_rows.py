"""Weekly codes from tables with a row a week or a row a period; the form with a column a week is in ``dream``.

A week has the code of a period that covers one day of it, as in DREAM. Where two periods of a person touch one week,
the one that starts later gives the code.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, CodeArray, DateArray, IntArray
from ctieval.registers.cells import distinct
from ctieval.registers.coded_weeks import CodedWeeks, to_codes
from ctieval.registers.lifetimes import Lifetimes, find_persons
from ctieval.registers.rules import Rule, check_rule, inside_covers
from ctieval.registers.weeks import from_week_text, weeks_of

_IMPOSSIBLE = np.iinfo(np.int32).min


def from_weeks(rows: pd.DataFrame, lifetimes: Lifetimes, covers: tuple[date, date]) -> CodedWeeks:
    """Return the coded weeks of the table ``weeks``.

    Args:
        rows: The checked table.
        lifetimes: Lifetimes of all persons.
        covers: First and last day that the extract covers.

    Raises:
        SchemaError: If a row is about somebody not in persons, if the calendar has no such week, or if no day of the
            week lies inside ``covers``.
    """
    table = "weeks"
    person = find_persons(rows["person_id"], lifetimes, table=table)
    week = _week_numbers(rows["week"])
    rule = Rule("ISO week", "week", "a week that the ISO calendar has, such as 2018-W05")
    check_rule(week == _IMPOSSIBLE, rule, table=table)
    first, last = weeks_of(np.array(covers, dtype="datetime64[D]"))
    check_rule((week < first) | (week > last), inside_covers("week", covers), table=table)
    return CodedWeeks(np.arange(len(rows)), person, week, week, to_codes(rows["code"]))


def from_periods(rows: pd.DataFrame, lifetimes: Lifetimes, covers: tuple[date, date]) -> CodedWeeks:
    """Return the coded weeks of the table ``periods``, those of later starts last.

    Args:
        rows: The checked table.
        lifetimes: Lifetimes of all persons.
        covers: First and last day that the extract covers.

    Raises:
        SchemaError: If a row is about somebody not in persons, if a period ends before it starts or reaches outside
            ``covers``, or if it overlaps another one of the same person with another code.
        SchemaError: If the extract holds amounts, and a row has none.
    """
    table = "periods"
    person = find_persons(rows["person_id"], lifetimes, table=table)
    start, end = (rows[column].to_numpy("datetime64[D]") for column in ("start", "end"))
    check_rule(end < start, Rule("start before end", "end", "an end on or after the start"), table=table)
    for column, days in (("start", start), ("end", end)):
        outside = (days < np.datetime64(covers[0])) | (days > np.datetime64(covers[1]))
        check_rule(outside, inside_covers(column, covers), table=table)
    code = to_codes(rows["benefit"])
    _check_overlaps(person, start, end, code)
    _check_amounts(rows)
    order = np.argsort(start, kind="stable")
    return CodedWeeks(order, person[order], weeks_of(start)[order], weeks_of(end)[order], code[order])


def _week_numbers(texts: pd.Series[str]) -> IntArray:
    """Return the number of each week, ``_IMPOSSIBLE`` where the calendar has no such week."""
    found = distinct(texts)
    numbers = [from_week_text(str(text)) for text in found.cells]
    return found.spread(np.array([_IMPOSSIBLE if week is None else week for week in numbers]), _IMPOSSIBLE)


def _check_overlaps(person: IntArray, start: DateArray, end: DateArray, code: CodeArray) -> None:
    """Refuse periods that begin while another period of the same person, with another code, is running."""
    merged = _merge_same_code(person, start, end, code)
    follows = merged["person"].eq(merged["person"].shift())
    overlapping = follows & (merged["start"] <= merged["end"].shift())
    broken = np.zeros(len(person), dtype=np.bool_)
    broken[merged["row"].to_numpy()[overlapping.to_numpy()]] = True
    rule = Rule(
        "periods of one person may not overlap",
        "start",
        "at most one benefit on a day; a period that starts after the one before it has ended",
        "end the earlier period on the day before the later one starts",
    )
    check_rule(broken, rule, table="periods")


def _merge_same_code(person: IntArray, start: DateArray, end: DateArray, code: CodeArray) -> pd.DataFrame:
    """Return the periods by person and start, those of one code that overlap merged; ``row`` is that of the first."""
    frame = pd.DataFrame({"person": person, "code": code, "start": start, "end": end, "row": np.arange(len(person))})
    frame = frame.sort_values(["person", "code", "start", "row"], ignore_index=True)
    reach = frame.groupby(["person", "code"])["end"].cummax()
    same = frame["person"].eq(frame["person"].shift()) & frame["code"].eq(frame["code"].shift())
    stretch = (~(same & (frame["start"] <= reach.shift()))).cumsum()
    merged = frame.groupby(stretch).agg(
        person=("person", "first"), start=("start", "first"), end=("end", "max"), row=("row", "first")
    )
    return merged.sort_values(["person", "start", "row"], ignore_index=True)


def _check_amounts(rows: pd.DataFrame) -> None:
    """Refuse amounts in some rows only: a missing amount is not known to be zero."""
    if "amount" in rows and rows["amount"].notna().any():
        rule = Rule(
            "amount in every row or in none",
            "amount",
            "the kroner paid in every row, 0 where nothing was paid; or an empty column",
            "add the missing amounts, or leave the column out",
        )
        missing: BoolArray = rows["amount"].isna().to_numpy()
        check_rule(missing, rule, table="periods")
