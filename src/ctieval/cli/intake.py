"""The commands of an intake: start, admit, exclude, status, mend, close."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer

from ctieval.assignment.exclusions import LateReason
from ctieval.assignment.intake.admit import Admission, admit, close_intake, exclude, mend_intake
from ctieval.assignment.intake.chain import read_chain
from ctieval.assignment.intake.open import open_intake
from ctieval.assignment.intake.seal import seal_path
from ctieval.assignment.intake.status import check_receipt, count_arms, describe_intake
from ctieval.assignment.intake.verify import verify_intake
from ctieval.cli.console import Format, Row, say, write_rows
from ctieval.designs.intake.tally import columns
from ctieval.domain.trial import PlannedIntake, Trial
from ctieval.errors import InputError, ProtocolError, RecordError
from ctieval.evaluate.referral import Referral, find_referral, read_referrals
from ctieval.protocol.load import load_trial

TrialPath = Annotated[Path, typer.Argument(help="The trial.toml, or the folder that holds it.")]
RowFormat = Annotated[Format, typer.Option("--format", help="How the rows are printed.")]
Day = Annotated[
    datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day; today where it is not given.")
]
Person = Annotated[str, typer.Option("--person", help="Pseudonymous identifier of the person, never a CPR number.")]

commands = typer.Typer(no_args_is_help=True, help="Draw persons one at a time, as they are referred.")


def register(app: typer.Typer) -> None:
    """Add the family of commands to the app."""
    app.add_typer(commands, name="intake")


@commands.command()
def start(trial: TrialPath) -> None:
    """Start the intake, once: draw its secret key, and write the first line of its record."""
    plan, intake = _load(trial)
    open_intake(intake, plan.arms)
    say(f"the intake is open from {intake.opens_on.isoformat()}; its record is {intake.record}")
    say(
        f"the secret key is {intake.key}: keep its folder, with {seal_path(intake.key).name}, where those who refer "
        "persons cannot read it, and a copy locked away; without the key nobody can be admitted"
    )


@commands.command(name="admit")
def admit_persons(
    trial: TrialPath,
    person: Annotated[str | None, typer.Option(help="Pseudonymous identifier of the person.")] = None,
    level: Annotated[
        list[str] | None,
        typer.Option(help="COLUMN=VALUE of what the design balances, where the table persons does not hold it."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option(help="Several persons: a table with person_id and the columns of the design.")
    ] = None,
    on: Day = None,
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Draw a person, or several in the order of a file; who was drawn before keeps her arm."""
    plan, intake = _load(trial)
    if (person is None) == (file is None):
        raise typer.BadParameter("either --person or --file", param_hint="--person")
    names = columns(intake.design)
    if person is not None:
        referrals: Sequence[Referral] = [find_referral(plan, person, _to_levels(level or (), names), names)]
    else:
        referrals = read_referrals(plan, Path(file or ""), names)
    rows: list[Row] = []
    try:
        for admission in _admit_all(intake, referrals, _day(on)):
            rows.append(_to_row(admission))
            _say_admission(admission)
    finally:
        write_rows(rows, fmt, shown=("number", "arm", "on", "drawn"))


@commands.command(name="exclude")
def exclude_person(
    trial: TrialPath,
    person: Person,
    reason: Annotated[LateReason, typer.Option(help="Why.")],
    on: Day = None,
) -> None:
    """Put down that a person who was drawn is excluded; her draw stays in the record."""
    _, intake = _load(trial)
    exclude(intake, person, reason, _day(on))
    left_out = reason is LateReason.CONSENT_WITHDRAWN
    stays = (
        "her data are left out of the analysis" if left_out else "she is analysed in the arm that she was drawn into"
    )
    say(f"the exclusion stands in the record; {stays}")


@commands.command()
def status(
    trial: TrialPath,
    unblind: Annotated[
        bool, typer.Option("--unblind", help="Count the arms too; never for anybody who refers persons.")
    ] = False,
    receipt: Annotated[
        list[str] | None, typer.Option(help="A receipt of an admission: prove that the record still holds its line.")
    ] = None,
    fmt: RowFormat = Format.TABLE,
) -> None:
    """Tell how far the intake has come; the arms are counted once it is closed."""
    _, intake = _load(trial)
    found = describe_intake(intake.record)
    for each in receipt or ():
        check_receipt(intake.record, each)
        say(f"receipt {each}: the record holds its line, and every line before it, as they were")
    rows: list[Row] = [
        {"column": name, "level": each, "admitted": n}
        for name, each, n in (("", "everybody", found.admitted), *found.by_level)
    ]
    if found.closed or unblind:
        counted = {(name, each, arm): n for name, each, arm, n in count_arms(intake.record)}
        arms = list(dict.fromkeys(arm for _, _, arm in counted))
        rows = [{**row, **{arm: counted[_key(row, arm)] for arm in arms}} for row in rows]
    write_rows(rows, fmt)
    say(f"{'closed' if found.closed else 'open'}; last line of {found.last_on.isoformat()}, digest {found.digest}")
    say(f"{found.excluded} excluded after their draw; record mended {found.mended} times")
    if not found.closed and not unblind:
        say("how many came into each arm is told when the intake is closed, so that nobody can guess the next arm")


@commands.command()
def mend(trial: TrialPath, on: Day = None) -> None:
    """Put aside a last line that was not written whole, as after a power cut."""
    _, intake = _load(trial)
    mend_intake(intake, _day(on))
    say("the record is whole again; what was put aside lies beside it; admit the person of that moment again")


@commands.command()
def close(trial: TrialPath, on: Day = None) -> None:
    """Close the intake for good: nobody more is drawn, and the key goes into the record, which then proves itself."""
    _, intake = _load(trial)
    chain = close_intake(intake, _day(on))
    say(f"{len(chain.admitted)} persons were drawn; the record proves itself now: ctieval verify {intake.record}")
    say(f"its digest is {chain.digests[-1]}")


def describe_open_intake(intake: PlannedIntake) -> str:
    """Say how far an intake has come, without its arms; nothing where it is closed."""
    if not intake.record.exists():
        return "the intake has not been started"
    found = describe_intake(intake.record)
    return "" if found.closed else f"the intake is open; {found.admitted} admitted so far"


def verify_intake_record(record: Path, trial: Path | None, fmt: Format) -> None:
    """Print what the record of an intake proves; with its trial, also by the key that the plan names.

    Raises:
        RecordError: If a check does not hold.
    """
    plan, intake = (None, None) if trial is None else _load(trial)
    read_chain(record)
    key = intake.key if intake is not None and intake.key.exists() else None
    verification = verify_intake(record, key=key, plan=intake, arms=plan.arms if plan else None)
    write_rows([{"check": name, "holds": "yes" if holds else "no"} for name, holds in verification.checks], fmt)
    if not verification.holds:
        raise RecordError(
            what="the record of the intake does not prove its draws",
            where=record.name,
            found="checks that do not hold: " + ", ".join(verification.failing),
            expected="a record as ctieval intake wrote it",
            do="find the record as it was written; nothing that follows from this one can be trusted",
        )
    if "redraw" in dict(verification.checks):
        say(f"the record proves every draw; its digest is {verification.record_digest}")
    else:
        say(
            "only the chain is proved: each line follows from the one before. That the arms were drawn is proved with "
            "the key: name the trial with --trial where the key lies, or close the intake, which reveals it"
        )


def _load(trial: Path) -> tuple[Trial, PlannedIntake]:
    plan = load_trial(trial)
    if not isinstance(plan.assignment, PlannedIntake):
        raise ProtocolError(
            file="trial.toml",
            key="assignment",
            line=None,
            what="the persons of this trial are not drawn one at a time",
            found="a draw of a whole cohort, or arms drawn elsewhere",
            expected='design = "permuted_blocks", "biased_coin" or "minimisation", with record, key and opens_on',
            do="draw the arms with: ctieval assign TRIAL, or declare an intake",
        )
    return plan, plan.assignment


def _day(on: datetime | None) -> date:
    """Return the day given, or today; the clock is read here and nowhere deeper.

    Raises:
        InputError: If the day has not come: no line could be written before it, and none is ever taken out.
    """
    today = date.fromisoformat(time.strftime("%Y-%m-%d"))
    if on and on.date() > today:
        raise InputError(
            what="the day has not come yet",
            where="--on",
            found=on.date().isoformat(),
            expected=f"{today.isoformat()} or earlier",
            do="correct the day, or leave --on out; it is then that of the machine's clock",
        )
    return on.date() if on else today


def _to_levels(given: Sequence[str], names: tuple[str, ...]) -> dict[str, str]:
    """Read ``COLUMN=VALUE`` texts."""
    parts = [each.partition("=") for each in given]
    levels = {name.strip(): value.strip() for name, _, value in parts}
    if len(levels) < len(parts) or not set(levels) <= set(names) or not all(sign for _, sign, _ in parts):
        expected = ", ".join(f"{name}=..." for name in names) or "none: this design balances nothing"
        raise InputError(
            what="what the design balances is not told as it should be",
            where="--level",
            found=f"{len(parts)} {'text' if len(parts) == 1 else 'texts'}, with an unknown column, one twice, or no =",
            expected=expected,
            do="write such as --level municipality=153, once for each column",
        )
    return levels


def _admit_all(intake: PlannedIntake, referrals: Sequence[Referral], on: date) -> Iterator[Admission]:
    return (admit(intake, each.person_id, each.levels, on) for each in referrals)


def _to_row(admission: Admission) -> Row:
    return {
        "number": admission.number,
        "arm": admission.arm,
        "on": admission.on.isoformat(),
        "drawn": "now" if admission.is_new else "before",
        "receipt": admission.receipt,
    }


def _say_admission(admission: Admission) -> None:
    if not admission.is_new:
        say(
            f"number {admission.number} was drawn on {admission.on.isoformat()}; nobody is drawn twice, and the arm is "
            "the one of that day"
        )
        return
    for name in admission.new_levels if admission.number > 1 else ():
        say(f"number {admission.number} is the first with this value of {name}; look whether it is spelt as before")
    say(f"receipt {admission.receipt}: keep it; it proves the record up to this line")


def _key(row: Row, arm: str) -> tuple[str, str, str]:
    return (str(row["column"]), str(row["level"]) if row["column"] else "", arm)
