"""What follows a draw on paper: its protocol, and exclusions appended to it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from ctieval.assignment.describe_draw import describe_draw
from ctieval.assignment.exclusions import LateReason, exclude
from ctieval.assignment.record import read_allocation
from ctieval.designs.sentence import describe_design
from ctieval.domain.trial import PlannedDraw, Trial
from ctieval.errors import InputError, ProtocolError
from ctieval.protocol.load import load_trial
from ctieval.report.draw_protocol import FILE_NAMES, render_draw_protocol


def write_draw_protocol(path: Path, folder: Path | None = None) -> tuple[Path, ...]:
    """Write the protocol of a draw in each language of its plan.

    Args:
        path: The ``trial.toml``, or the folder that holds it.
        folder: Where the protocols go; beside the record where None.

    Returns:
        The files.

    Raises:
        InputError: If the draw has not been made.
        RecordError: If the record does not prove the draw, or is that of another plan.
        ProtocolError: If the arms were drawn elsewhere, or persons are drawn one at a time.
    """
    trial = load_trial(path)
    draw = _planned(trial)
    protocol = describe_draw(draw, trial.arms, title=trial.title, design=describe_design(draw.design))
    place = draw.record.parent if folder is None else folder
    place.mkdir(parents=True, exist_ok=True)
    written: list[Path] = []
    for lang in trial.report.languages:
        file = place / FILE_NAMES[lang]
        file.write_bytes(render_draw_protocol(protocol, lang))
        written.append(file)
    return tuple(written)


def exclude_person(path: Path, person_id: str, reason: LateReason, *, on: date) -> None:
    """Append an exclusion to the draw of a trial.

    Args:
        path: The ``trial.toml``, or the folder that holds it.
        person_id: The person's identifier.
        reason: Why.
        on: The day.

    Raises:
        InputError: If the draw has not been made, the day is before it, or the person was not drawn.
        RecordError: If she is excluded already, or a file was altered.
        ProtocolError: If the arms were drawn elsewhere, or persons are drawn one at a time.
    """
    trial = load_trial(path)
    draw = _planned(trial)
    if on < draw.randomised_on:
        raise InputError(
            what="the day of the exclusion is before the draw",
            where="the day",
            found=on.isoformat(),
            expected=f"{draw.randomised_on.isoformat()} or later",
            do="correct the day; who left before the draw should not have been in it: see drawn_in_error",
        )
    drawn = read_allocation(draw.record, plan=draw, arms=trial.arms).person_id
    exclude(draw.record, person_id, reason, on=on, drawn=frozenset(drawn.tolist()))


def _planned(trial: Trial) -> PlannedDraw:
    if isinstance(trial.assignment, PlannedDraw):
        return trial.assignment
    raise ProtocolError(
        file="trial.toml",
        key="assignment",
        line=None,
        what="this trial has no draw of a whole cohort",
        found="arms drawn elsewhere, or persons drawn one at a time",
        expected="a planned draw, whose record ctieval assign writes",
        do="of an intake, exclude with: ctieval intake exclude TRIAL; its record proves itself: ctieval verify RECORD",
    )
