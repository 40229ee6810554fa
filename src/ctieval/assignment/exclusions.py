"""Exclusions after the draw: appended to a file beside the record, and never erased.

Somebody who was drawn stays drawn. A line says on which day she was excluded and why; it holds its own digest and that
of the line before it, the first that of the record, so that no line is changed or taken out unseen. Only who has
withdrawn the consent to the use of her data is left out of the analysis; everybody else is analysed in the arm that she
was drawn into, whatever became of her.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np

from ctieval.assignment.canonical import digest, to_canonical
from ctieval.assignment.intake.lock import locked
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray
from ctieval.domain.wording import Notice
from ctieval.errors import InputError, RecordError


class LateReason(StrEnum):
    """Why somebody is excluded after the draw.

    ``CONSENT_WITHDRAWN``: her data may not be used. ``NOT_ELIGIBLE``: she turned out not to have been eligible on the
    day of the look-up. ``NOT_OFFERED``: she died, moved or left before anything could be offered. ``DRAWN_IN_ERROR``:
    she should not have entered the draw.
    """

    CONSENT_WITHDRAWN = "consent_withdrawn"
    NOT_ELIGIBLE = "not_eligible"
    NOT_OFFERED = "not_offered"
    DRAWN_IN_ERROR = "drawn_in_error"


@dataclass(frozen=True, slots=True, repr=False)
class Exclusion:
    """One exclusion.

    Attributes:
        person_id: Her pseudonymous identifier.
        reason: Why.
        on: The day.
    """

    person_id: str
    reason: LateReason
    on: date

    def __repr__(self) -> str:
        """Name the reason and the day, never the person."""
        return f"Exclusion({self.reason}, {self.on.isoformat()})"


def exclusions_path(record: Path) -> Path:
    """Return the file of the exclusions of a record."""
    return record.with_name(f"{record.stem}.exclusions.jsonl")


def exclude(record: Path, person_id: str, reason: LateReason, *, on: date, drawn: frozenset[str]) -> None:
    """Append an exclusion; the record itself is not touched.

    Args:
        record: The record of the draw.
        person_id: The person's identifier.
        reason: Why.
        on: The day.
        drawn: Identifiers of everybody who was drawn.

    Raises:
        InputError: If the person was not drawn, or the file cannot be written.
        RecordError: If she is excluded already, or the file was altered.
    """
    if person_id not in drawn:
        raise InputError(
            what="nobody is excluded who was not drawn",
            where=record.name,
            found="an identifier that is not in the record",
            expected="the identifier of somebody who was drawn",
            do="correct the identifier; it is that of the persons table",
        )
    with locked(record):
        before = read_exclusions(record)
        if any(each.person_id == person_id for each in before):
            raise RecordError(
                what="this person is excluded already",
                where=exclusions_path(record).name,
                found="a line about her",
                expected="one line a person",
                do="leave it as it is; an exclusion is never erased",
            )
        _append(record, Exclusion(person_id, reason, on))


def read_exclusions(record: Path) -> tuple[Exclusion, ...]:
    """Read the exclusions of a record, in their order; none where there is no file.

    Raises:
        RecordError: If a line was altered, taken out or not written whole.
    """
    path = exclusions_path(record)
    return tuple(each for each, _ in _read(path, record)) if path.exists() else ()


def apply_exclusions(allocation: Allocation, exclusions: tuple[Exclusion, ...]) -> Allocation:
    """Leave out who withdrew consent, and say how many were excluded in each arm and why.

    Args:
        allocation: The arms as they were drawn.
        exclusions: The exclusions.

    Returns:
        The arms of those whose data may be used, with one ``W-EXCLUDED-LATE`` a reason.
    """
    if not exclusions:
        return allocation
    notices = [_notice(allocation, exclusions, reason) for reason in LateReason]
    gone = _members(allocation, exclusions, LateReason.CONSENT_WITHDRAWN)
    told = tuple(notice for notice in notices if any(fact for _, fact in notice.facts))
    return replace(_keep(allocation, ~gone), notices=(*allocation.notices, *told))


def _notice(allocation: Allocation, exclusions: tuple[Exclusion, ...], reason: LateReason) -> Notice:
    members = _members(allocation, exclusions, reason)
    control, intervention = (int((members & ((allocation.arm > 0) == treated)).sum()) for treated in (False, True))
    facts = (("n_control", control), ("n_intervention", intervention))
    code = "W-CONSENT-WITHDRAWN" if reason is LateReason.CONSENT_WITHDRAWN else "W-EXCLUDED-LATE"
    return Notice(code, reason.value, facts)


def _members(allocation: Allocation, exclusions: tuple[Exclusion, ...], reason: LateReason) -> BoolArray:
    named = [each.person_id for each in exclusions if each.reason is reason]
    return np.isin(allocation.person_id.astype(str), named)


def _keep(allocation: Allocation, kept: BoolArray) -> Allocation:
    return replace(
        allocation,
        person_id=allocation.person_id[kept],
        arm=allocation.arm[kept],
        probability=allocation.probability[kept],
        block=allocation.block[kept],
        cluster=allocation.cluster[kept],
        randomised_on=allocation.randomised_on[kept],
        arrivals=None if allocation.arrivals is None else allocation.arrivals.keep(kept),
    )


def _append(record: Path, exclusion: Exclusion) -> None:
    path = exclusions_path(record)
    content = path.read_bytes() if path.exists() else b""
    line = _to_line(exclusion, _last_digest(content, record)) + b"\n"
    try:
        with path.open("ab") as file:
            file.write(line)
            file.flush()
            os.fsync(file.fileno())
    except OSError as failure:
        raise InputError(
            what="the exclusion cannot be written, and nothing has changed",
            where=path.name,
            found=failure.strerror or "a file that cannot be written",
            expected="a folder that may be written to",
            do="look whether you may write beside the record",
        ) from None


def _read(path: Path, record: Path) -> Iterator[tuple[Exclusion, bytes]]:
    """Every exclusion with its line, each line proved by the one before it."""
    content = path.read_bytes()
    lines = content.split(b"\n")
    if lines.pop():
        raise _broken(path, "a last line that was not written whole")
    previous = digest(record.read_bytes())
    for number, line in enumerate(lines, start=1):
        exclusion = _from_line(line, path, number)
        if line != _to_line(exclusion, previous):
            raise _broken(path, f"line {number}, which does not follow from the one before it")
        yield exclusion, line
        previous = digest(line)


def _last_digest(content: bytes, record: Path) -> str:
    lines = content.splitlines()
    return digest(lines[-1]) if lines else digest(record.read_bytes())


def _to_line(exclusion: Exclusion, previous: str) -> bytes:
    body = {
        "on": exclusion.on.isoformat(),
        "person": exclusion.person_id,
        "previous": previous,
        "reason": exclusion.reason.value,
    }
    return to_canonical(body | {"sha256": digest(to_canonical(body))})


def _from_line(line: bytes, path: Path, number: int) -> Exclusion:
    try:
        body: dict[str, Any] = json.loads(line)
        return Exclusion(str(body["person"]), LateReason(body["reason"]), date.fromisoformat(body["on"]))
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError):
        raise _broken(path, f"line {number}, which is no exclusion") from None


def _broken(path: Path, found: str) -> RecordError:
    return RecordError(
        what="the file of the exclusions was altered",
        where=path.name,
        found=found,
        expected="lines as ctieval exclude wrote them",
        do="get the file back from a copy; nothing in it is ever changed by hand",
    )
