"""``ctieval lock`` and ``ctieval unlock``: the plan is fixed before the outcomes are opened."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from ctieval.cli.console import Format, Row, say, write_rows
from ctieval.domain.allocation import Masked, Proof
from ctieval.evaluate.lock import lock_plan, open_outcomes

TrialPath = Annotated[Path, typer.Argument(help="The trial.toml, or the folder that holds it.")]
By = Annotated[str, typer.Option(help="Who does it, as it stands in the report.")]
RowFormat = Annotated[Format, typer.Option("--format", help="How the rows are printed.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (lock, unlock):
        app.command()(command)


def lock(trial: TrialPath, by: By = "") -> None:
    """Lock the plan before anybody looks at outcomes; until unlock every analysis runs with masked arms."""
    locked = lock_plan(trial, at=_now(), by=by)
    say(f"locked at {locked.locked_at}; digest {locked.digest}")
    say("evaluate and report now run with arms dealt anew: read and mend them, then say ctieval unlock TRIAL")


def unlock(trial: TrialPath, by: By = "", fmt: RowFormat = Format.TABLE) -> None:
    """Open the outcomes: from now on the analysis runs with the true arms; deviations from the lock are listed."""
    opened = open_outcomes(trial, at=_now(), by=by)
    say(f"outcomes opened at {opened.opened_at}; the plan was locked at {opened.locked_at}")
    rows: list[Row] = [{"key": each.key, "change": each.change.value} for each in opened.deviations]
    if rows:
        say(f"the plan differs from the lock in {len(rows)} {'key' if len(rows) == 1 else 'keys'}; the report says so")
    write_rows(rows, fmt, shown=("key", "change"))


def say_masked(proof: Proof) -> None:
    """Say that numbers are not those of the trial, where its arms are masked."""
    if isinstance(proof, Masked):
        say(
            "MASKED: the plan is locked, and the arms are dealt anew; these numbers are not those of the trial. "
            "The true arms are opened, once, with: ctieval unlock TRIAL"
        )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")  # noqa: TID251
