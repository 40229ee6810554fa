"""Persons who are referred to an intake: their levels of what the design balances, and whether they may be drawn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from ctieval.assignment.labels import to_text
from ctieval.domain.arrays import BoolArray, IntArray, StrArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.trial import RegisterFolder, Trial
from ctieval.errors import InputError, SchemaError
from ctieval.evaluate.data import RegisterData, open_data
from ctieval.registers.identifiers import check_identifiers
from ctieval.registers.read_table import read_table
from ctieval.registers.schemas import find_heading

PERSON = "person_id"


@dataclass(frozen=True, slots=True, repr=False)
class Referral:
    """A person who is referred.

    Attributes:
        person_id: Her pseudonymous identifier.
        levels: Her level of each column that the design reads.
    """

    person_id: str
    levels: tuple[str, ...]

    def __repr__(self) -> str:
        """Name the kind, never the person."""
        return f"Referral({len(self.levels)} levels)"


def find_referral(trial: Trial, person_id: str, given: Mapping[str, str], names: tuple[str, ...]) -> Referral:
    """Find what the design balances of one person: given, or from the table of persons.

    The registers are opened only where they are needed: for a level that is not given, or for criteria.

    Args:
        trial: The plan.
        person_id: Her pseudonymous identifier.
        given: Level by column, as somebody typed them.
        names: The columns that the design reads.

    Returns:
        The person with her levels; an empty one where nobody knows it.

    Raises:
        InputError: If she is not in the table of persons, or does not meet the criteria of the plan.
        InputError: If what was given is not what the table holds.
        InputError: If the registers cannot be read.
    """
    return _complete(trial, (Referral(person_id, _lay(given, names)),), names)[0]


def read_referrals(trial: Trial, path: Path, names: tuple[str, ...]) -> tuple[Referral, ...]:
    """Read the persons of a table, in its order.

    Args:
        trial: The plan.
        path: A table with the identifier, and with the columns of the design where the table of persons lacks them.
        names: The columns that the design reads.

    Returns:
        The persons with their levels.

    Raises:
        InputError: If the table cannot be read, or a person may not be drawn; nobody is drawn then.
        SchemaError: If it lacks the identifiers, holds one twice, or holds CPR numbers.
    """
    frame = read_table(path).frame
    heading = next((each for each in (PERSON, find_heading("persons", PERSON)) if each in frame.columns), None)
    if heading is None:
        raise _broken(path, PERSON, rule="the column is there", n_rows=len(frame), first_row=None)
    check_identifiers(frame, table=path.name, identifiers=[heading])
    person_id = to_text(frame[heading])
    _check_each_once(path, person_id)
    held = {name: to_text(frame[name]) for name in names if name in frame.columns}
    given = [_lay({name: level[row] for name, level in held.items()}, names) for row in range(len(frame))]
    given_to = zip(person_id, given, strict=True)
    referrals = _complete(trial, tuple(Referral(person, levels) for person, levels in given_to), names)
    for row, each in enumerate(referrals, start=2):
        if "" in each.levels:
            column = names[each.levels.index("")]
            raise _broken(path, column, rule="every person has a value", n_rows=1, first_row=row)
    return referrals


def _lay(given: Mapping[str, str], names: tuple[str, ...]) -> tuple[str, ...]:
    """Put levels in the order of the columns, an empty one where there is none."""
    return tuple(given.get(name, "") for name in names)


def _complete(trial: Trial, referrals: tuple[Referral, ...], names: tuple[str, ...]) -> tuple[Referral, ...]:
    """Fill in from the table of persons what was not given; it is opened only for that, and for criteria."""
    if trial.eligibility is None and all("" not in each.levels for each in referrals):
        return referrals
    cohort = _open_cohort(trial)
    rows = _find_rows(trial, cohort, referrals)
    held = {name: to_text(cohort.characteristics[name])[rows] for name in names if name in cohort.characteristics}
    _check_told_alike(referrals, names, held)

    def fill(number: int, referral: Referral) -> Referral:
        pairs = zip(names, referral.levels, strict=True)
        levels = tuple(level or (held[name][number] if name in held else "") for name, level in pairs)
        return Referral(referral.person_id, levels)

    return tuple(fill(number, each) for number, each in enumerate(referrals))


def _open_cohort(trial: Trial) -> Cohort:
    if isinstance(trial.data, RegisterFolder):
        data = open_data(trial)
        if isinstance(data, RegisterData):
            return data.cohort
    msg = "the plan was not checked: a ready table with an intake"
    raise TypeError(msg)


def _find_rows(trial: Trial, cohort: Cohort, referrals: tuple[Referral, ...]) -> IntArray:
    """Return the rows of persons who may be drawn."""
    place = {person: row for row, person in enumerate(cohort.person_id)}
    rows = np.array([place.get(each.person_id, -1) for each in referrals], dtype=np.int64)
    if (rows < 0).any():
        raise InputError(
            what="somebody is not in the table of persons, so nobody was drawn",
            where="table persons",
            found=_count(rows < 0) + " without a row of this identifier",
            expected="everybody who is referred, with what the design balances",
            do="add them to the table, or correct the identifiers",
        )
    outside = ~cohort.eligible[rows]
    if trial.eligibility is not None and outside.any():
        raise InputError(
            what="somebody is not in the target group, so nobody was drawn",
            where="the criteria under [eligibility]",
            found=_count(outside) + " with a criterion that is not met, or cannot be assessed",
            expected="persons who meet every criterion on the day of the look-up",
            do="look with: ctieval screen TRIAL; take those outside the target group out",
        )
    return rows


def _check_told_alike(referrals: tuple[Referral, ...], names: tuple[str, ...], held: Mapping[str, StrArray]) -> None:
    """Refuse levels by which somebody would be drawn among others than those whom the table says she is like."""
    for place, name in enumerate(names):
        told = np.array([each.levels[place] for each in referrals], dtype=object)
        other = (told != "") & (held[name] != "") & (told != held[name]) if name in held else np.zeros(len(told), bool)
        if other.any():
            raise InputError(
                what="a characteristic is not what the table of persons says, so nobody was drawn",
                where=name,
                found=_count(other) + " with another value than in the table",
                expected="the value of the table, by which everybody is drawn",
                do=f"leave {name} out: it is taken from the table; or correct the table first",
            )


def _count(refused: BoolArray) -> str:
    """Say how many of those referred are refused, and which is the first."""
    if len(refused) == 1:
        return "the person,"
    return f"{int(refused.sum())} of {len(refused)} persons, the first in row {int(refused.argmax()) + 2},"


def _check_each_once(path: Path, person_id: StrArray) -> None:
    seen: set[str] = set()
    for row, each in enumerate(person_id, start=2):
        if not each or each in seen:
            rule = "every person has an identifier" if not each else "one row a person"
            raise _broken(path, PERSON, rule=rule, n_rows=1, first_row=row)
        seen.add(each)


def _broken(path: Path, column: str, *, rule: str, n_rows: int, first_row: int | None) -> SchemaError:
    return SchemaError(
        table=path.name,
        column=column,
        rule=rule,
        n_rows=n_rows,
        first_row=first_row,
        expected=rule,
        do="correct the table; nobody of it was drawn",
    )
