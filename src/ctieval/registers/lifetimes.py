"""Births, deaths and moves of the persons on the calendar of weeks; their benefits are put there elsewhere."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ctieval.domain.arrays import CodeArray, DateArray, IntArray, StrArray
from ctieval.domain.registers import BLANK, NOT_OBSERVED
from ctieval.registers.rules import Rule, check_rule
from ctieval.registers.weeks import weeks_of

NEVER = np.iinfo(np.int32).max

_TABLE = "persons"


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Lifetimes:
    """When each person was born, died and moved away.

    Attributes:
        person_id: Identifiers, shape (n,), sorted.
        born: Week of birth, shape (n,).
        died: Week of death, shape (n,); ``NEVER`` for the living.
        moved_on: Day of leaving the municipality's register, shape (n,); NaT for those who stayed.
    """

    person_id: StrArray
    born: IntArray
    died: IntArray
    moved_on: DateArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Lifetimes({len(self.person_id)} persons)"


def read_lifetimes(persons: pd.DataFrame) -> Lifetimes:
    """Return the lifetimes of the persons, sorted by identifier.

    Args:
        persons: The checked table of persons, in the order of the file.

    Raises:
        SchemaError: If somebody died or moved before she was born.
    """
    born, died, moved = (_days(persons, column) for column in ("birth_date", "died_on", "moved_on"))
    for column, days in (("died_on", died), ("moved_on", moved)):
        check_rule(days < born, Rule("not before birth", column, f"{column} on or after birth_date"), table=_TABLE)
    ids = persons["person_id"].to_numpy(object)
    order = np.argsort(ids, kind="stable")
    week_of_death = np.where(np.isnat(died), NEVER, weeks_of(died))
    return Lifetimes(ids[order], weeks_of(born)[order], week_of_death[order], moved[order])


def find_persons(ids: pd.Series[str], lifetimes: Lifetimes, *, table: str) -> IntArray:
    """Return the position of each row's person in the lifetimes, shape (rows,).

    Raises:
        SchemaError: If a row is about somebody who is not in the table of persons.
    """
    position = pd.Index(lifetimes.person_id).get_indexer(pd.Index(ids, dtype=object)).astype(np.int64)
    do = (
        "add the person to persons, or leave her rows out of this extract; "
        "look whether Excel has dropped zeros in front of the identifiers of one file"
    )
    check_rule(position < 0, Rule("known person", "person_id", "every person also in persons", do), table=table)
    return position


def censor_weeks(code: CodeArray, first_week: int, lifetimes: Lifetimes, dead: int) -> tuple[CodeArray, int]:
    """Return weekly codes in which those who moved away or died are no longer taken for persons without benefit.

    Weeks after the week of the move are ``NOT_OBSERVED``. Weeks after the week of death carry the code of the dead,
    also for those who had moved, since the day of death is known.

    Args:
        code: Weekly codes, shape (n, weeks).
        first_week: Number of the first week.
        lifetimes: Lifetimes of the same n persons.
        dead: Code of the dead.

    Returns:
        Codes, shape (n, weeks), and the number of weeks with a code that the moves censored.
    """
    week = first_week + np.arange(code.shape[1])[None, :]
    moved = np.where(np.isnat(lifetimes.moved_on), NEVER, weeks_of(lifetimes.moved_on))
    after_move = week > moved[:, None]
    known = np.where(after_move, np.int16(NOT_OBSERVED), code)
    censored = int(np.count_nonzero(after_move & (code != BLANK)))
    return np.where(week > lifetimes.died[:, None], np.int16(dead), known), censored


def _days(persons: pd.DataFrame, column: str) -> DateArray:
    """Return a column of days, NaT throughout where the extract does not hold it."""
    if column not in persons:
        return np.full(len(persons), np.datetime64("NaT"), dtype="datetime64[s]")
    return persons[column].to_numpy(dtype="datetime64[s]")
