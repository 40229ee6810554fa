"""The start of an intake: its key is drawn, and the first line of its record written."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from ctieval.assignment.intake.chain import Chain, read_chain
from ctieval.assignment.intake.key import draw_key, read_key
from ctieval.assignment.intake.lines import Opened, Written, to_bytes
from ctieval.assignment.intake.lock import locked
from ctieval.assignment.intake.seal import seal_path, write_seal
from ctieval.assignment.intake.secret import Key
from ctieval.assignment.once import write_once
from ctieval.designs.intake.check import check_intake
from ctieval.domain.arms import Arms
from ctieval.domain.trial import PlannedIntake
from ctieval.errors import InputError, RecordError


def open_intake(plan: PlannedIntake, arms: Arms) -> Chain:
    """Start an intake, once: draw its key, and write the first line of its record.

    Args:
        plan: Design, first day, and files of the record and the key.
        arms: Names of the arms.

    Returns:
        The record, in which nobody stands yet.

    Raises:
        DesignError: If the intake cannot be conducted as declared.
        InputError: If the key would lie with the record, where whoever reads the one reads the other.
        RecordError: If the intake was started already, or its record is gone.
        InputError: If a file cannot be written.
    """
    check_intake(plan.design, len(arms.labels))
    _check_apart(plan)
    try:
        plan.record.parent.mkdir(parents=True, exist_ok=True)
        with locked(plan.record):
            _check_new(plan)
            key = _draw_or_take_up(plan.key)
            opened = _opening(plan, arms, key)
            write_once(plan.record, to_bytes(Written(opened, "", key.mark(opened, ""))) + b"\n")
            chain = read_chain(plan.record)
            write_seal(chain, plan.key)
    except OSError as failure:
        raise InputError(
            what="the intake cannot be started",
            where=f"{plan.record.name} and {plan.key.name}",
            found=failure.strerror or "a file that cannot be written",
            expected="folders that exist and may be written to",
            do="make the folders, or name others in the plan",
        ) from None
    return chain


def _opening(plan: PlannedIntake, arms: Arms, key: Key) -> Opened:
    return Opened(
        design=plan.design,
        arms=arms,
        opens_on=plan.opens_on,
        plan_digest=plan.plan_digest,
        commitment=key.commitment,
        versions=(("ctieval", version("ctieval")),),
    )


def _check_apart(plan: PlannedIntake) -> None:
    if plan.key.resolve().is_relative_to(plan.record.resolve().parent):
        raise InputError(
            what="the key of the intake would lie with its record",
            where=plan.key.name,
            found="a key in the folder of the record, or below it",
            expected="a folder of its own, which those who refer persons cannot open",
            do="name such a folder under key in the plan",
        )


def _check_new(plan: PlannedIntake) -> None:
    if plan.record.exists():
        raise RecordError(
            what="the intake was started already",
            where=plan.record.name,
            found="a record",
            expected="no record; an intake is started once",
            do="admit persons with: ctieval intake admit TRIAL; a new trial needs a record and a key of its own",
        )
    if seal_path(plan.key).exists():
        raise RecordError(
            what="the record of this intake is gone",
            where=plan.record.name,
            found="no record, and the seal of one beside the key",
            expected="the record that was begun with this key",
            do="get the record back from a copy; a new trial needs a key of its own",
        )


def _draw_or_take_up(path: Path) -> Key:
    """Draw a key, or take up the one of a start that broke off before anybody could be drawn."""
    try:
        return draw_key(path)
    except FileExistsError:
        return read_key(path)
