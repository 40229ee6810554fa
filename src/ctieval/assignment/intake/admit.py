"""What is added to the record of an intake: persons, late exclusions, the mending of its end, and its closing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from ctieval.assignment.beside import find_drawn, fold
from ctieval.assignment.canonical import digest
from ctieval.assignment.exclusions import Exclusion, LateReason
from ctieval.assignment.intake.chain import Chain, append_line, build_chain, read_bytes, read_chain, split_fragment
from ctieval.assignment.intake.key import read_key
from ctieval.assignment.intake.lines import Admitted, Closed, Entry, Mended
from ctieval.assignment.intake.lock import locked
from ctieval.assignment.intake.replay import check_key, draw_next, replay
from ctieval.assignment.intake.seal import check_seal, write_seal
from ctieval.assignment.intake.secret import Key
from ctieval.assignment.intake.status import RECEIPT_DIGITS
from ctieval.assignment.once import write_once
from ctieval.designs.intake.tally import Levels, columns
from ctieval.domain.trial import PlannedIntake
from ctieval.errors import InputError, RecordError
from ctieval.registers.identifiers import check_identifiers


@dataclass(frozen=True, slots=True)
class Admission:
    """What the draw of a person gave.

    Attributes:
        number: Her number in the order of admission.
        arm: Name of her arm.
        on: The day on which she was drawn.
        is_new: False where she had been drawn before; the arm is the one of that day.
        new_levels: Columns of which nobody before her had her level.
        receipt: Line of the record and the beginning of its digest; whoever keeps it can prove the record up to here.
    """

    number: int
    arm: str
    on: date
    is_new: bool
    new_levels: tuple[str, ...]
    receipt: str


def admit(plan: PlannedIntake, person_id: str, levels: Levels, on: date) -> Admission:
    """Draw a person, or tell the arm of one who was drawn before; nobody is ever drawn a second time.

    The line is on the disk before the arm is told. Where the machine stops in between, the same call tells the arm
    that was drawn.

    Args:
        plan: Design, and files of the record and the key.
        person_id: Her pseudonymous identifier.
        levels: Her level of each column that the design reads, in their order.
        on: The day.

    Returns:
        Her arm, and how it came about.

    Raises:
        InputError: If the identifier is missing or a CPR number, or if a level is missing.
        InputError: If somebody was drawn under the same identifier, written otherwise.
        RecordError: If another record of the folder says that she was drawn.
        InputError: If the day is before the first day of the intake, or before that of the last line.
        InputError: If the record or the key cannot be read, or the record cannot be written.
        RecordError: If the record is not whole, not that of the plan, not that of the key and its seal, or closed.
    """
    with locked(plan.record):
        chain, key = read_current(plan)
        _check_person(chain, person_id)
        if earlier := _find(chain, person_id):
            return _tell(chain, earlier, is_new=False)
        _check_undrawn(plan, person_id)
        _check_levels(plan, levels)
        _check_day(chain, on)
        number, arm = draw_next(chain, key, replay(chain, key), person_id, levels)
        drawn = Admitted(number, person_id, levels, on, arm)
        return _tell(_append(plan, chain, drawn, key), drawn, is_new=True)


def exclude(plan: PlannedIntake, person_id: str, reason: LateReason, on: date) -> None:
    """Append the late exclusion of a person; her draw stands, and so does her line.

    Args:
        plan: The intake.
        person_id: Her pseudonymous identifier.
        reason: Why.
        on: The day.

    Raises:
        InputError: If the person was not drawn.
        RecordError: If she was excluded before, or if the record refuses as in ``admit``.
    """

    def build(chain: Chain, _: Key) -> Entry:
        if _find(chain, person_id) is None:
            raise InputError(
                what="the person was not drawn, so nobody can be excluded",
                where=chain.path.name,
                found="no admission under this identifier",
                expected="the identifier of a person who was admitted",
                do="correct the identifier",
            )
        if any(each.person_id == person_id for each in chain.excluded):
            raise RecordError(
                what="the person was excluded before",
                where=chain.path.name,
                found="an exclusion under this identifier",
                expected="one exclusion for a person",
                do="nothing: the exclusion stands in the record",
            )
        return Exclusion(person_id, reason, on)

    _append_built(plan, build, on)


def close_intake(plan: PlannedIntake, on: date) -> Chain:
    """Close an intake: nobody more is drawn, and the key is put into the record, which then proves itself.

    Args:
        plan: The intake.
        on: The day.

    Returns:
        The record.

    Raises:
        InputError: If the day is before that of the last line.
        RecordError: If it is closed already, or if the record refuses as in ``admit``.
    """
    return _append_built(plan, lambda chain, key: _closing(chain, key, on), on)


def mend_intake(plan: PlannedIntake, on: date) -> Chain:
    """Put aside the end of a record that was not written whole, and say so in the record.

    What is put aside is kept in a file beside the record.

    Args:
        plan: The intake.
        on: The day.

    Returns:
        The record, whole again.

    Raises:
        InputError: If the record is whole as it is.
        RecordError: If lines are missing besides, or if the record refuses as in ``admit``.
    """
    with locked(plan.record):
        whole, fragment = split_fragment(read_bytes(plan.record))
        if not fragment:
            raise InputError(
                what="there is nothing to mend",
                where=plan.record.name,
                found="a record whose last line was written whole",
                expected="a last line that breaks off",
                do="admit persons as usual",
            )
        chain, key = build_chain(plan.record, whole), read_key(plan.key)
        _check_current(plan, chain, key)
        _check_day(chain, on)
        put_aside = plan.record.with_name(f"{plan.record.name}.fragment-{len(chain.digests)}")
        if not put_aside.exists() or put_aside.read_bytes() != fragment:
            write_once(put_aside, fragment)
        with plan.record.open("r+b") as file:
            file.truncate(len(whole))
        return _append(plan, chain, Mended(digest(fragment), on), key)


def read_current(plan: PlannedIntake) -> tuple[Chain, Key]:
    """Read the record and the key of an open intake, and check them against the plan and the seal.

    Raises:
        InputError: If the record or the key cannot be read.
        RecordError: If the record is not whole, not that of the plan, not that of the key and its seal, or closed.
    """
    chain, key = read_chain(plan.record), read_key(plan.key)
    _check_current(plan, chain, key)
    return chain, key


def _check_current(plan: PlannedIntake, chain: Chain, key: Key) -> None:
    check_key(chain, key)
    check_seal(chain, plan.key)
    if chain.opened.design != plan.design or chain.opened.opens_on != plan.opens_on:
        raise RecordError(
            what="the record is of another intake than the plan declares",
            where=chain.path.name,
            found="another design or another first day than in the plan",
            expected="the design with which the intake was started, until it is closed",
            do="put the plan back as it was; a design is not changed while persons are being drawn by it",
        )
    if chain.closed is not None:
        raise RecordError(
            what="the intake is closed",
            where=chain.path.name,
            found=f"its closing, on {chain.closed.on.isoformat()}",
            expected="an open intake",
            do="evaluate the trial; more persons need a trial of their own",
        )


def _append_built(plan: PlannedIntake, build: Callable[[Chain, Key], Entry], on: date) -> Chain:
    """Append a line that depends on those before it."""
    with locked(plan.record):
        chain, key = read_current(plan)
        entry = build(chain, key)
        _check_day(chain, on)
        return _append(plan, chain, entry, key)


def _append(plan: PlannedIntake, chain: Chain, entry: Entry, key: Key) -> Chain:
    """Append a line, and let the seal follow; it first takes in a line that it may have missed."""
    write_seal(chain, plan.key)
    longer = append_line(chain, entry, key)
    write_seal(longer, plan.key)
    return longer


def _closing(chain: Chain, key: Key, on: date) -> Closed:
    replay(chain, key)
    return Closed(key.secret.hex(), on)


def _find(chain: Chain, person_id: str) -> Admitted | None:
    return next((each for each in chain.admitted if each.person_id == person_id), None)


def _tell(chain: Chain, entry: Admitted, *, is_new: bool) -> Admission:
    """Say what the record says of a person."""
    place = chain.entries.index(entry) + 1
    before = [each.levels for each in chain.admitted[: entry.number - 1]]
    return Admission(
        number=entry.number,
        arm=chain.opened.arms.labels[entry.arm],
        on=entry.on,
        is_new=is_new,
        new_levels=_find_new_levels(columns(chain.opened.design), entry.levels, before),
        receipt=f"{place + 1}-{chain.digests[place][:RECEIPT_DIGITS]}",
    )


def _find_new_levels(names: tuple[str, ...], levels: Levels, before: Sequence[Levels]) -> tuple[str, ...]:
    return tuple(name for place, name in enumerate(names) if all(each[place] != levels[place] for each in before))


def _check_person(chain: Chain, person_id: str) -> None:
    """Refuse an identifier that is none, a CPR number, or that of a person in the record, written otherwise."""
    if not person_id.strip() or person_id != person_id.strip() or not person_id.isprintable():
        raise InputError(
            what="the person has no identifier, or one with spaces around it or signs that cannot be seen",
            where="the person to be admitted",
            found="an empty text, spaces at an end, or invisible signs",
            expected="the pseudonymous identifier that the person has in the registers",
            do="write the identifier with letters and digits alone",
        )
    known = [each.person_id for each in chain.admitted]
    if person_id not in known and fold(person_id) in map(fold, known):
        raise InputError(
            what="somebody was drawn under the same identifier, written a little otherwise",
            where="the person to be admitted",
            found="an identifier that differs only in capital letters, spaces or accents written in another way",
            expected="one identifier for a person, written alike every time",
            do="write it as in the registers; if it is another person, give her an identifier that is her own",
        )
    check_identifiers(pd.DataFrame({"person_id": [*known, person_id]}), table="intake", identifiers=["person_id"])


def _check_undrawn(plan: PlannedIntake, person_id: str) -> None:
    """Refuse a person who stands in another record of the same folder."""
    for beside, _ in find_drawn([person_id], plan.record):
        raise RecordError(
            what="a person is drawn only once",
            where=beside.name,
            found="a draw of the person, in another record of the folder",
            expected="a person of whom no record says that she was drawn",
            do="use the arm that she has there; a new trial needs other persons and a folder of its own",
        )


def _check_levels(plan: PlannedIntake, levels: Levels) -> None:
    names = columns(plan.design)
    lacking = [name for name, level in zip(names, levels, strict=False) if not level.strip()]
    if len(levels) != len(names) or lacking:
        raise InputError(
            what="the person cannot be drawn without what the design balances",
            where=", ".join(lacking or names),
            found="no level",
            expected=f"one level each of: {', '.join(names) or 'nothing'}",
            do="find out what it is, and admit the person then",
        )


def _check_day(chain: Chain, on: date) -> None:
    last = chain.entries[-1].on if chain.entries else chain.opened.opens_on
    if on < last:
        raise InputError(
            what="the day cannot be that of the next line",
            where=chain.path.name,
            found=on.isoformat(),
            expected=f"{last.isoformat()} or later: lines are written in the order of their days",
            do="look at the clock of the machine, or correct the day",
        )
