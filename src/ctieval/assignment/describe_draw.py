"""From the record of a draw to the facts that are signed and filed."""

from __future__ import annotations

import numpy as np

from ctieval.assignment.form import Record, from_bytes
from ctieval.assignment.record import verify
from ctieval.domain.arms import Arms
from ctieval.domain.draw_protocol import DrawnBlock, DrawProtocol
from ctieval.domain.trial import PlannedDraw
from ctieval.domain.wording import Label, Phrase
from ctieval.errors import RecordError


def describe_draw(plan: PlannedDraw, arms: Arms, *, title: Label, design: Phrase) -> DrawProtocol:
    """Describe a draw by its record, which is proved on the way, and proved to be that of the plan.

    Args:
        plan: The plan that was followed, with the file of the record.
        arms: The arms of the trial.
        title: Title of the trial.
        design: What the design does.

    Returns:
        The facts of the draw; no person is among them.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If it is no record, does not prove its draw, or is that of another plan.
    """
    record = plan.record
    verification = verify(record, plan=plan, arms=arms)
    read, stated = from_bytes(record.read_bytes(), record)
    if not verification.holds:
        raise RecordError(
            what="no protocol is written of a draw that its record does not prove",
            where=record.name,
            found="checks that fail: " + ", ".join(verification.failing),
            expected="the record as assign wrote it, of this plan",
            do="get the record back from a copy, or put the plan back as it was; do not draw again",
        )
    return DrawProtocol(
        title=title,
        arms=read.arms.labels,
        design=design,
        blocks=_blocks(read),
        seed=read.plan.seed,
        generator=read.bit_generator,
        versions=read.versions,
        randomised_on=read.plan.randomised_on,
        drawn_at=read.drawn_at,
        drawn_by=read.drawn_by,
        record=record.name,
        record_digest=stated,
        cohort_digest=read.cohort_digest,
        plan_digest=read.plan.plan_digest,
        holds=verification.holds,
    )


def _blocks(record: Record) -> tuple[DrawnBlock, ...]:
    arms = len(record.arms.labels)
    labels, first, number = np.unique(record.block.astype(str), return_index=True, return_inverse=True)
    counts = np.bincount(number * arms + record.arm, minlength=len(labels) * arms).reshape(len(labels), arms)
    return tuple(
        DrawnBlock(str(label), tuple(row), tuple(map(str, record.probability[place])))
        for label, row, place in zip(labels, counts.tolist(), first, strict=True)
    )
