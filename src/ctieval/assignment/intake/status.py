"""How far an intake has come; which arm anybody was drawn into is told only when it is asked for."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ctieval.assignment.intake.chain import Chain, read_chain
from ctieval.assignment.intake.lines import Mended
from ctieval.designs.intake.tally import columns
from ctieval.errors import RecordError

RECEIPT_DIGITS = 16
"""Digits of a digest that stand on a receipt: nobody finds another line that begins alike."""


@dataclass(frozen=True, slots=True)
class IntakeStatus:
    """How far an intake has come.

    Attributes:
        admitted: Persons drawn.
        excluded: Of these, persons excluded later.
        mended: Times that the end of the record was put aside.
        last_on: Day of the last line; the first day of the intake where there is none.
        closed: True where nobody more is drawn.
        by_level: Persons drawn by column and level.
        digest: SHA-256 of the last line.
    """

    admitted: int
    excluded: int
    mended: int
    last_on: date
    closed: bool
    by_level: tuple[tuple[str, str, int], ...]
    digest: str


def describe_intake(record: Path) -> IntakeStatus:
    """Describe an intake without its arms, so that whoever reads it learns nothing about the next draw.

    Args:
        record: File of the record.

    Returns:
        Counts of persons.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If the record is not whole.
    """
    chain = read_chain(record)
    return IntakeStatus(
        admitted=len(chain.admitted),
        excluded=len(chain.excluded),
        mended=sum(isinstance(entry, Mended) for entry in chain.entries),
        last_on=chain.entries[-1].on if chain.entries else chain.opened.opens_on,
        closed=chain.closed is not None,
        by_level=_count_levels(chain),
        digest=chain.digests[-1],
    )


def count_arms(record: Path) -> tuple[tuple[str, str, str, int], ...]:
    """Count the persons drawn by arm, column and level.

    While the intake is open the counts help to guess the next arm; they are for those who refer nobody.

    Args:
        record: File of the record.

    Returns:
        Column, level, name of the arm and number; under empty names everybody.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If the record is not whole.
    """
    chain = read_chain(record)
    levels = (("", ""), *((name, level) for name, level, _ in _count_levels(chain)))
    found = Counter(
        (*level, chain.opened.arms.labels[each.arm])
        for each in chain.admitted
        for level in (("", ""), *zip(columns(chain.opened.design), each.levels, strict=True))
    )
    return tuple((*level, arm, found[*level, arm]) for level in levels for arm in chain.opened.arms.labels)


def check_receipt(record: Path, receipt: str) -> None:
    """Prove by the receipt of an admission that the record still holds its line, and every line before it.

    Args:
        record: File of the record.
        receipt: The number of the line and the beginning of its digest, as ``admit`` gave them.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If the record is not whole, or has no such line.
    """
    digests = read_chain(record).digests
    number, _, beginning = receipt.partition("-")
    line = int(number) if number.isdecimal() else 0
    held = 0 < line <= len(digests) and digests[line - 1][:RECEIPT_DIGITS] == beginning
    if not held:
        raise RecordError(
            what="the record does not hold the line of the receipt",
            where=record.name,
            found=f"{len(digests)} lines, none with this number and digest",
            expected="the line for which the receipt was given",
            do="look whether the receipt is of this intake and was copied whole; else lines were cut off or altered",
        )


def _count_levels(chain: Chain) -> tuple[tuple[str, str, int], ...]:
    names = columns(chain.opened.design)
    found = Counter((place, level) for each in chain.admitted for place, level in enumerate(each.levels))
    return tuple((names[place], level, n) for (place, level), n in sorted(found.items()))
