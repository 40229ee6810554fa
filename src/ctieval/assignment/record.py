"""What the record of a draw proves, and the allocation that it proves.

The record holds the pseudonymous identifiers of the persons, without which it could prove nothing. It stays
with whoever drew; nothing made from it shows a person.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from fractions import Fraction
from importlib.metadata import version
from pathlib import Path

import numpy as np

from ctieval.assignment.form import (
    Record,
    digest_covariates,
    digest_entrants,
    digest_record,
    from_bytes,
    to_bytes,
)
from ctieval.assignment.lots import BIT_GENERATOR, draw_lots, settle_blocks, to_entrants
from ctieval.assignment.rerandomised import (
    are_possible,
    count_refused,
    note_simulation,
    probability_texts,
    repeat_draw,
)
from ctieval.designs.matching import forms_blocks
from ctieval.designs.notices import describe_notices
from ctieval.designs.probability import probabilities_by_quotas
from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.domain.allocation import Allocation, Proven
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import Design, Rerandomised
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import PlannedDraw
from ctieval.domain.wording import Notice
from ctieval.errors import DesignError, InputError, RecordError


@dataclass(frozen=True, slots=True)
class Verification:
    """What a record proves.

    The checks are ``form`` (the file is a record in canonical form, to the byte), ``digest`` (it is as it was
    written), ``persons`` (these persons, blocks and clusters were drawn), ``redraw`` (their arms and probabilities
    follow from the design and the seed), and, where they were given, ``cohort``, ``plan`` and ``arms`` (they are
    those of the record); with the cohort of a matched design also ``matching`` (the blocks follow from the
    covariates).

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


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a draw was made, and by whom, as it is put down beside it.

    Attributes:
        at: Moment of the draw with its offset from universal time, or None where nobody told.
        by: Who drew, or an empty text.
    """

    at: datetime | None = None
    by: str = ""


UNTOLD = Occasion()
"""A draw of which nobody told when and by whom."""


def build_record(
    person_id: StrArray, entrants: Entrants, plan: PlannedDraw, arms: Arms, *, occasion: Occasion = UNTOLD
) -> Record:
    """Draw, and put down what was drawn.

    Args:
        person_id: Identifiers, shape (n,), sorted, each once.
        entrants: What the design may read of the persons, in the same order.
        plan: Design, seed and day.
        arms: Names of the arms.
        occasion: When and by whom it is drawn.

    Returns:
        The record, in memory.

    Raises:
        DesignError: If the design cannot be conducted with these persons, or has another number of arms.
    """
    settled = settle_blocks(person_id, entrants, plan.design, plan.seed)
    quotas = build_quotas(_to_base(plan.design), settled)
    if quotas.arms != len(arms.labels):
        raise DesignError(
            what="the design has another number of arms than the trial",
            where="the plan",
            found=f"{len(arms.labels)} names of arms, and quotas for {quotas.arms}",
            expected="one quota for each intervention",
            do="correct the arms or the quotas in the plan",
        )
    lots = _deal(person_id, settled, plan, quotas)
    covariates = digest_covariates(entrants.covariates)
    return Record(
        plan=plan,
        arms=arms,
        person_id=person_id,
        block=np.array(quotas.labels, dtype=object)[quotas.block],
        cluster=np.array(quotas.cluster_labels, dtype=object)[quotas.cluster],
        arm=lots.arm,
        probability=lots.probability,
        cohort_digest=digest_entrants(person_id, entrants.block, entrants.cluster, covariates),
        covariates_digest=covariates,
        bit_generator=BIT_GENERATOR,
        versions=tuple((name, version(name)) for name in ("ctieval", "numpy")),
        drawn_at=occasion.at.isoformat(timespec="seconds") if occasion.at else "",
        drawn_by=occasion.by,
        refused=lots.refused,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Lots:
    """What was dealt: arms, probabilities as texts, and how many draws were refused before."""

    arm: IntArray
    probability: StrArray
    refused: int


def _deal(person_id: StrArray, entrants: Entrants, plan: PlannedDraw, quotas: Quotas) -> _Lots:
    """Deal the arms of persons whose blocks are settled."""
    design, seed = plan.design, plan.seed
    if isinstance(design, Rerandomised):
        refused = count_refused(person_id, entrants, design, seed)
        arm = repeat_draw(person_id, entrants, design, seed, refused)
        return _Lots(arm, probability_texts(person_id, entrants, design, seed), refused)
    fractions = np.array([[str(each) for each in row] for row in quotas.probability], dtype=object)
    return _Lots(draw_lots(person_id, entrants, design, seed), fractions[quotas.block], 0)


def _to_base(design: Design) -> Design:
    """Return the design whose quotas are laid: the one underneath, where draws of it are repeated."""
    return design.draw if isinstance(design, Rerandomised) else design


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
    quotas = build_quotas(_to_base(read.plan.design), read.entrants)
    repeated = isinstance(read.plan.design, Rerandomised)
    return Allocation(
        person_id=read.person_id,
        arm=read.arm,
        probability=_to_floats(read.probability) if repeated else probabilities_by_quotas(quotas),
        block=quotas.block,
        block_labels=quotas.labels,
        cluster=quotas.cluster,
        cluster_labels=quotas.cluster_labels,
        randomised_on=np.full(len(read.arm), np.datetime64(read.plan.randomised_on, "D")),
        arms=read.arms,
        design=read.plan.design,
        proof=Proven(verification.record_digest, read.plan.plan_digest),
        notices=(*describe_notices(read.plan.design, _known(read, cohort)), *_note_simulation(read)),
    )


def _known(record: Record, cohort: Cohort | None) -> Entrants:
    """Return all that is known of the persons: with their covariates, where the cohort is given."""
    return record.entrants if cohort is None else to_entrants(cohort, record.plan.design)[1]


def _note_simulation(record: Record) -> tuple[Notice, ...]:
    design = record.plan.design
    if not isinstance(design, Rerandomised):
        return ()
    return note_simulation(design, record.entrants, _to_floats(record.probability))


def _to_floats(fractions: StrArray) -> FloatArray:
    return np.array([[float(Fraction(cell)) for cell in row] for row in fractions])


def _check(
    data: bytes, record: Record, stated: str, *, cohort: Cohort | None, plan: PlannedDraw | None, arms: Arms | None
) -> Verification:
    """Try every check on a record and the bytes that it was read from."""
    checks = {
        "form": data == to_bytes(record, sha256=stated),
        "digest": stated == digest_record(record),
        "persons": record.cohort_digest == _digest_persons(record),
        "redraw": _draws_again(record),
    }
    if cohort is not None:
        checks |= _check_cohort(record, cohort)
    if plan is not None:
        checks["plan"] = record.plan == replace(plan, record=record.plan.record, plan_digest=record.plan.plan_digest)
    if arms is not None:
        checks["arms"] = record.arms == arms
    return Verification(stated, tuple(checks.items()))


def _digest_persons(record: Record) -> str:
    """Return the digest of those whom a record names, as they entered: without blocks that the design formed."""
    block = np.full_like(record.block, "") if forms_blocks(record.plan.design) else record.block
    return digest_entrants(record.person_id, block, record.cluster, record.covariates_digest)


def _check_cohort(record: Record, cohort: Cohort) -> dict[str, bool]:
    """Compare a record with the cohort that should have been drawn."""
    design, seed = record.plan.design, record.plan.seed
    person_id, entrants = to_entrants(cohort, design)
    digest = digest_entrants(person_id, entrants.block, entrants.cluster, digest_covariates(entrants.covariates))
    checks = {"cohort": record.cohort_digest == digest}
    if isinstance(design, Rerandomised):
        checks["acceptance"] = checks["cohort"] and _is_accepted(record, design, entrants)
    if forms_blocks(design):
        settled = settle_blocks(person_id, entrants, design, seed)
        checks["matching"] = np.array_equal(settled.block, record.block)
    return checks


def _is_accepted(record: Record, design: Rerandomised, entrants: Entrants) -> bool:
    """Tell whether the draw of a record is the first that is close enough, and its probabilities are right."""
    refused = count_refused(record.person_id, entrants, design, record.plan.seed)
    texts = probability_texts(record.person_id, entrants, design, record.plan.seed)
    return refused == record.refused and np.array_equal(texts, record.probability)


def _draws_again(record: Record) -> bool:
    """Draw the persons of a record a second time, and compare."""
    design, seed = record.plan.design, record.plan.seed
    try:
        if isinstance(design, Rerandomised):
            arm = repeat_draw(record.person_id, record.entrants, design, seed, record.refused)
            possible = are_possible(record.entrants, design, record.probability)
            return record.bit_generator == BIT_GENERATOR and np.array_equal(arm, record.arm) and possible
        again = build_record(record.person_id, record.entrants, record.plan, record.arms)
    except DesignError:
        return False
    return record.bit_generator == again.bit_generator and all(
        np.array_equal(getattr(record, name), getattr(again, name))
        for name in ("block", "cluster", "arm", "probability")
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
            do="if nobody has been drawn yet, draw with: ctieval assign TRIAL; else correct the path of the record",
        ) from None
