"""What the record of an intake proves, and the allocation that it proves."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

from ctieval.assignment.exclusions import Exclusion
from ctieval.assignment.intake.chain import Chain, read_chain
from ctieval.assignment.intake.key import read_key
from ctieval.assignment.intake.replay import check_key, replay
from ctieval.assignment.intake.seal import check_seal, seal_path
from ctieval.assignment.intake.secret import Key, to_key
from ctieval.assignment.record import Verification
from ctieval.designs.intake.probability import intake_probabilities
from ctieval.designs.notices import CONSERVATIVE
from ctieval.designs.simulated import EXACT, Simulated
from ctieval.domain.allocation import Allocation, Arrivals, Proven
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import IntArray
from ctieval.domain.design import Minimised
from ctieval.domain.trial import PlannedIntake
from ctieval.domain.wording import Notice
from ctieval.errors import InputError, RecordError

Known = TypeVar("Known")


def verify_intake(
    record: Path, *, key: Path | None = None, plan: PlannedIntake | None = None, arms: Arms | None = None
) -> Verification:
    """Prove the record of an intake: its chain always, and every draw where the key is known.

    The checks are ``chain`` (each line is as it was written, and follows from those before), and, where the key is
    given or the intake closed, ``key`` (it is the one fixed before the first person, and wrote every line) and
    ``redraw`` (every arm follows from it). With the file of the key there is ``seal`` (no line is missing at the
    end), and with the plan and arms, ``plan`` and ``arms`` (they are those of the record). Without a key nothing is
    proved of the arms but that they were not altered after a later line was written.

    Args:
        record: File of the record.
        key: File of the key, or None.
        plan: The plan that should have been followed, or None.
        arms: The arms that should have been drawn, or None.

    Returns:
        Every check with its result; a chain that is broken fails the first, and no other is tried.

    Raises:
        InputError: If a file cannot be read.
    """
    try:
        chain = read_chain(record)
    except RecordError:
        return Verification("", (("chain", False),))
    checks = {"chain": True}
    revealed = _reveal(chain, key)
    if revealed is not None:
        checks["key"] = _holds(check_key, chain, revealed)
        checks["redraw"] = checks["key"] and _holds(replay, chain, revealed)
    if key is not None and seal_path(key).exists():
        checks["seal"] = _holds(check_seal, chain, key)
    if plan is not None:
        checks["plan"] = (chain.opened.design, chain.opened.opens_on) == (plan.design, plan.opens_on)
    if arms is not None:
        checks["arms"] = chain.opened.arms == arms
    return Verification(chain.digests[-1], tuple(checks.items()))


def read_intake(
    record: Path, *, key: Path | None = None, plan: PlannedIntake | None = None, arms: Arms | None = None
) -> Allocation:
    """Read the allocation that the record of an intake proves.

    Everybody who was drawn is in it; ``read_intake_exclusions`` says who was excluded later. The day of each person's
    draw is that of her admission. The probabilities are given who came in which order; where they are simulated, a
    notice holds their Monte Carlo error.

    Args:
        record: File of the record.
        key: File of the key; None where the intake is closed, and its record holds the key.
        plan: The plan that should have been followed, or None.
        arms: The arms that should have been drawn, or None.

    Returns:
        The allocation, proven by the digest of the record's last line.

    Raises:
        InputError: If a file cannot be read, or the intake is open and no key is given.
        RecordError: If the record is not whole, or does not prove its draws.
    """
    chain = read_chain(record)
    if _reveal(chain, key) is None:
        raise InputError(
            what="the intake is still open, so its draws cannot be proved yet",
            where=record.name,
            found=f"{len(chain.admitted)} admitted, and no closing",
            expected="a closed intake, whose record holds the key",
            do="close it when the last person has been admitted: ctieval intake close TRIAL",
        )
    verification = verify_intake(record, key=key, plan=plan, arms=arms)
    if not verification.holds:
        raise RecordError(
            what="the record does not prove its draws",
            where=record.name,
            found="checks that fail: " + ", ".join(verification.failing),
            expected="a record as ctieval intake wrote it, of this plan",
            do="get the record back from a copy, and put the plan back as it was",
        )
    return _to_allocation(chain)


def read_intake_exclusions(record: Path) -> tuple[Exclusion, ...]:
    """Read who was excluded after her draw, in the order of the record.

    Raises:
        InputError: If the file cannot be read.
        RecordError: If the record is not whole.
    """
    return read_chain(record).excluded


def _to_allocation(chain: Chain) -> Allocation:
    admitted = chain.admitted
    simulated = intake_probabilities(chain.opened.design, [each.levels for each in admitted])
    order = np.argsort(np.array([each.person_id for each in admitted], dtype=object), kind="stable")
    block, labels = _to_blocks(chain)
    days = np.array([each.on for each in admitted], dtype="datetime64[D]")
    none = np.zeros(len(admitted), dtype=np.int64)
    return Allocation(
        person_id=np.array([each.person_id for each in admitted], dtype=object)[order],
        arm=np.array([each.arm for each in admitted], dtype=np.int64)[order],
        probability=simulated.mean[order],
        block=block[order],
        block_labels=labels,
        cluster=none,
        cluster_labels=("",),
        randomised_on=days[order],
        arms=chain.opened.arms,
        design=chain.opened.design,
        proof=Proven(chain.digests[-1], chain.opened.plan_digest),
        notices=(CONSERVATIVE, *_note_simulation(chain, simulated)),
        arrivals=Arrivals(np.argsort(order, kind="stable"), tuple(each.levels for each in admitted)),
    )


def _to_blocks(chain: Chain) -> tuple[IntArray, tuple[str, ...]]:
    """Number the strata; minimisation has none."""
    if isinstance(chain.opened.design, Minimised) or not chain.opened.design.stratum:
        return np.zeros(len(chain.admitted), dtype=np.int64), ("",)
    stratum = [each.levels[0] for each in chain.admitted]
    labels = tuple(sorted(set(stratum)))
    number = {label: place for place, label in enumerate(labels)}
    return np.array([number[each] for each in stratum], dtype=np.int64), labels


def _note_simulation(chain: Chain, simulated: Simulated) -> tuple[Notice, ...]:
    if simulated.replicates == EXACT or not chain.admitted:
        return ()
    facts = (("replicates", simulated.replicates), ("error", float(simulated.std_error.max())))
    return (Notice("W-PROBABILITY-SIMULATED", "assignment", facts),)


def _reveal(chain: Chain, key: Path | None) -> Key | None:
    """Return the key from its file, or from the closing of the intake."""
    if key is not None:
        return read_key(key)
    try:
        return to_key(chain.closed.key) if chain.closed else None
    except ValueError:
        return Key(b"")


def _holds(check: Callable[[Chain, Known], object], chain: Chain, known: Known) -> bool:
    """Return whether a check refuses nothing."""
    try:
        check(chain, known)
    except RecordError:
        return False
    return True
