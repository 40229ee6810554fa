"""``ctieval protocol`` and ``ctieval exclude``: what is signed after a draw, and what is appended to it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from ctieval.assignment.exclusions import LateReason
from ctieval.cli.console import say
from ctieval.evaluate.draw_protocol import exclude_person, write_draw_protocol

TrialPath = Annotated[Path, typer.Argument(help="The trial.toml, or the folder that holds it.")]


def register(app: typer.Typer) -> None:
    """Add the commands to the app."""
    for command in (protocol, exclude):
        app.command()(command)


def protocol(
    trial: TrialPath,
    out: Annotated[Path | None, typer.Option(help="Folder of the protocol; default: beside the record.")] = None,
) -> None:
    """Write the draw protocol, one page in each language of the plan, to sign and file."""
    for path in write_draw_protocol(trial, out):
        typer.echo(path)
    say("print it, let two sign it, and file it; it names no person")


def exclude(
    trial: TrialPath,
    person: Annotated[str, typer.Option(help="Identifier of the person, as in the persons table.")],
    reason: Annotated[LateReason, typer.Option(help="Why; only withdrawn consent leaves her out of the analysis.")],
    on: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The day, such as 2018-05-02.")],
) -> None:
    """Append an exclusion after the draw; the draw stands, and nothing is erased."""
    exclude_person(trial, person, reason, on=on.date())
    say("appended; the person stays in the record, and the report says how many were excluded and why")
