"""``ctieval estimate``: one effect from any file."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ctieval.cli.console import Format, say, write_rows
from ctieval.effects.analyses import Method
from ctieval.effects.compliance import ANDERSON_RUBIN
from ctieval.evaluate.frame import Analysis, estimate_frame
from ctieval.registers.read_table import read_table
from ctieval.registers.typed_columns import typed_columns

SHOWN = ("outcome", "contrast", "estimate", "conf_low", "conf_high", "p_value", "df", "n_treated", "n_control", "unit")
SHOWN_WITH_REGION = (*SHOWN[:1], "method", *SHOWN[1:])


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(estimate)


def estimate(
    file: Annotated[Path, typer.Argument(help="A CSV, Excel or Parquet file, one row a person.")],
    *,
    outcome: Annotated[str, typer.Option(help="Column of the outcome.")],
    arm: Annotated[str, typer.Option(help="Column of the arm.")],
    control: Annotated[
        str | None, typer.Option(help="Value of the control arm; needed unless the arms are 0 and 1.")
    ] = None,
    block: Annotated[str | None, typer.Option(help="Column of the blocks of the draw.")] = None,
    cluster: Annotated[
        str | None, typer.Option(help="Column of the clusters, where whole clusters were drawn.")
    ] = None,
    method: Annotated[Method, typer.Option(help="As the design implies, with covariates, or for compliers.")] = (
        Method.DIFFERENCE
    ),
    covariates: Annotated[str, typer.Option(help="Columns known before the draw, with commas between.")] = "",
    take_up: Annotated[str, typer.Option(help="Column that says who took part; for cace.")] = "",
    fmt: Annotated[Format, typer.Option("--format", help="How the rows are printed.")] = Format.TABLE,
) -> None:
    """Estimate the average effect on one column of a file."""
    read = read_table(file)
    say(f"recognised: {read.recognised}")
    effects = estimate_frame(
        typed_columns(read.frame, table=file.name),
        outcome,
        arm=arm,
        control=control,
        block=block,
        cluster=cluster,
        analysis=Analysis(method, tuple(name.strip() for name in covariates.split(",") if name.strip()), take_up),
    )
    say(f"design: {effects.design}; declared, not proven")
    several = len({row.contrast for row in effects.rows}) > 1
    for row in effects.rows:
        if row.method == ANDERSON_RUBIN or row.n is None:
            continue
        if several:
            say(f"{row.outcome}, {row.contrast}: {row.n} persons of the two arms have a value")
        elif row.n < len(read.frame):
            say(f"{row.outcome}: {len(read.frame) - row.n} of {len(read.frame)} persons have no value and are left out")
    if method is Method.CACE:
        say("the effect on compliers holds only if the draw changes the outcome by taking part alone")
    for notice in effects.warnings:
        say(f"notice {notice.code}: {notice.subject}")
    say("for the analyst: not under disclosure control")
    shown = SHOWN_WITH_REGION if method is Method.CACE else SHOWN
    write_rows([asdict(row) for row in effects.rows], fmt, shown=shown)
