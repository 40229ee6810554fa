"""The draw of a cohort: once, and with a record."""

from __future__ import annotations

from pathlib import Path

from ctieval.assignment.beside import find_drawn
from ctieval.assignment.form import to_bytes
from ctieval.assignment.lots import to_entrants
from ctieval.assignment.once import write_once
from ctieval.assignment.record import UNTOLD, Occasion, build_record, read_allocation
from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import StrArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import InputError, RecordError


def assign(cohort: Cohort, plan: PlannedDraw, arms: Arms, *, occasion: Occasion = UNTOLD) -> Allocation:
    """Draw the eligible persons of a cohort, and write the record that proves it.

    The arms follow from the persons, what the design reads of them, the design and the seed; the order of the rows
    does not matter. The allocation that comes back is read from the record, after the record has been proved against
    this cohort and plan.

    Args:
        cohort: The screened cohort; the eligible are drawn.
        plan: Design, seed, file of the record, and day of the draw.
        arms: Names of the arms.
        occasion: When and by whom it is drawn, for the record; the arms do not depend on it.

    Returns:
        The allocation, proven by the digest of its record.

    Raises:
        RecordError: If the record exists, if a record beside it holds one of the persons, or if a person
            stands in the cohort more than once.
        DesignError: If the design cannot be conducted on this cohort.
        InputError: If the record cannot be written.
    """
    if plan.record.exists():
        raise _second_draw(plan.record, found="a file with the record of an earlier draw")
    person_id, entrants = to_entrants(cohort, plan.design)
    _check_undrawn(person_id, plan.record)
    record = build_record(person_id, entrants, plan, arms, occasion=occasion)
    try:
        write_once(plan.record, to_bytes(record))
    except FileExistsError:
        raise _second_draw(plan.record, found="the record of a draw made at the same moment") from None
    except OSError as failure:
        raise InputError(
            what="the record of the draw cannot be written, so nobody was drawn",
            where=str(plan.record),
            found=failure.strerror or "a file that cannot be written",
            expected="a folder that exists and may be written to",
            do="make the folder, or name another record in the plan",
        ) from None
    return read_allocation(plan.record, cohort=cohort, plan=plan, arms=arms)


def _check_undrawn(person_id: StrArray, path: Path) -> None:
    """Refuse persons who stand in another record of the same folder, of a draw or of an intake."""
    for beside, drawn in find_drawn(person_id, path):
        raise _second_draw(beside, found=f"{drawn} of the {len(person_id)} persons of this cohort")


def _second_draw(path: Path, *, found: str) -> RecordError:
    return RecordError(
        what="a person is drawn only once",
        where=str(path),
        found=found,
        expected="persons of whom no record says that they were drawn",
        do="use the arms of that record; a new trial needs other persons and a record of its own",
    )
