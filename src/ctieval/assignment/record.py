"""What the record of a draw proves, and the allocation that it proves.

The record holds the pseudonymous identifiers of the persons, without which it could prove nothing. It stays
with whoever drew; nothing made from it shows a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ctieval.assignment.form import Record, digest_entrants, digest_record, from_bytes, to_bytes
from ctieval.assignment.lots import BIT_GENERATOR, draw_lots, to_entrants
from ctieval.designs.probability import probabilities
from ctieval.designs.quotas import build_quotas
from ctieval.domain.allocation import Allocation, Proven
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import StrArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import DesignError, InputError, RecordError


@dataclass(frozen=True, slots=True)
class Verification:
    """What a record proves.

    The checks are ``form`` (the file is a record in canonical form, to the byte), ``digest`` (it is as it was
    written), ``persons`` (these persons and blocks were drawn), ``redraw`` (their arms and probabilities
    follow from the design and the seed), and, where they were given, ``cohort``, ``plan`` and ``arms`` (they
    are those of the record).

    Attributes:
        record_digest: SHA-256 that the record states, or an empty string where it states none.
        checks: Name of each check, and whether it holds.
    """

    record_digest: str
    checks: tuple[tuple[str, bool], ...]

    @property
    def failing(self) -> tuple[str, ...]:
        """Names of the checks that do not hold."""
        return tuple(name for name, holds in self.checks if not holds)

    @property
    def holds(self) -> bool:
        """True where every check holds."""
        return not self.failing


def build_record(person_id: StrArray, block: StrArray, plan: PlannedDraw, arms: Arms) -> Record:
    """Draw, and put down what was drawn.

    Args:
        person_id: Identifiers, shape (n,), sorted, each once.
        block: Label of each person's block, shape (n,).
        plan: Design, seed and day.
        arms: Names of the arms.

    Returns:
        The record, in memory.

    Raises:
        DesignError: If the design cannot be conducted on these blocks.
    """
    quotas = build_quotas(plan.design, block)
    fractions = np.array([str(each) for each in quotas.probability], dtype=object)
    return Record(
        plan=plan,
        arms=arms,
        person_id=person_id,
        block=block,
        arm=draw_lots(person_id, block, plan.design, plan.seed),
        probability=fractions[quotas.block],
        cohort_digest=digest_entrants(person_id, block),
        bit_generator=BIT_GENERATOR,
        versions=tuple((name, version(name)) for name in ("ctieval", "numpy")),
    )


def verify(
    record: Path, *, cohort: Cohort | None = None, plan: PlannedDraw | None = None, arms: Arms | None = None
) -> Verification:
    """Prove a record by drawing again from its persons, blocks, design and seed.

    Args:
        record: File of the record.
        cohort: The cohort that should have been drawn, or None to take the record's word for it.
        plan: The plan that should have been followed, or None.
        arms: The arms that should have been drawn, or None.

    Returns:
        Every check with its result; a file that is no record fails the first, and no other is tried.

    Raises:
        InputError: If the file cannot be read.
        DesignError: If the blocks of the record are not among the characteristics of the given cohort.
    """
    data = _read(record)
    try:
        read, stated = from_bytes(data, record)
    except RecordError:
        return Verification("", (("form", False),))
    return _check(data, read, stated, cohort=cohort, plan=plan, arms=arms)


def read_allocation(
    record: Path, *, cohort: Cohort | None = None, plan: PlannedDraw | None = None, arms: Arms | None = None
) -> Allocation:
    """Read the allocation that a record proves.

    Args:
        record: File of the record.
        cohort: The cohort that should have been drawn, or None to take the record's word for it.
        plan: The plan that should have been followed, or None.
        arms: The arms that should have been drawn, or None.

    Returns:
        The allocation, proven by the digest of the record.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If it is no record, or does not prove its draw; the message names the checks that fail.
        DesignError: If the blocks of the record are not among the characteristics of the given cohort.
    """
    data = _read(record)
    read, stated = from_bytes(data, record)
    verification = _check(data, read, stated, cohort=cohort, plan=plan, arms=arms)
    if not verification.holds:
        raise RecordError(
            what="the record does not prove its draw",
            where=str(record),
            found="checks that fail: " + ", ".join(verification.failing),
            expected="a record as assign wrote it, of this cohort and plan",
            do="get the record back from a copy, and put plan and cohort back as they were; do not draw again",
        )
    quotas = build_quotas(read.plan.design, read.block)
    return Allocation(
        person_id=read.person_id,
        arm=read.arm,
        probability=probabilities(read.plan.design, read.block),
        block=quotas.block,
        block_labels=quotas.labels,
        randomised_on=np.full(len(read.arm), np.datetime64(read.plan.randomised_on, "D")),
        arms=read.arms,
        design=read.plan.design,
        proof=Proven(verification.record_digest, read.plan.plan_digest),
    )


def _check(
    data: bytes, record: Record, stated: str, *, cohort: Cohort | None, plan: PlannedDraw | None, arms: Arms | None
) -> Verification:
    """Try every check on a record and the bytes that it was read from."""
    checks = {
        "form": data == to_bytes(record, sha256=stated),
        "digest": stated == digest_record(record),
        "persons": record.cohort_digest == digest_entrants(record.person_id, record.block),
        "redraw": _draws_again(record),
    }
    if cohort is not None:
        checks["cohort"] = record.cohort_digest == digest_entrants(*to_entrants(cohort, record.plan.design))
    if plan is not None:
        checks["plan"] = record.plan == replace(plan, record=record.plan.record, plan_digest=record.plan.plan_digest)
    if arms is not None:
        checks["arms"] = record.arms == arms
    return Verification(stated, tuple(checks.items()))


def _draws_again(record: Record) -> bool:
    """Draw the persons of a record a second time, and compare."""
    try:
        again = build_record(record.person_id, record.block, record.plan, record.arms)
    except DesignError:
        return False
    return (
        record.bit_generator == again.bit_generator
        and np.array_equal(record.arm, again.arm)
        and np.array_equal(record.probability, again.probability)
    )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as failure:
        raise InputError(
            what="the record cannot be read",
            where=str(path),
            found=failure.strerror or "a file that cannot be opened",
            expected="the record that assign wrote",
            do="correct the path of the record in the plan",
        ) from None
