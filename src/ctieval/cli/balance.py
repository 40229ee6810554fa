"""``ctieval balance``: the check of a draw, as soon as the arms are known."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ctieval.cli.console import Format, say, write_rows
from ctieval.cli.lock import say_masked
from ctieval.cli.rows import balance_rows, draw_check_rows, ratio_rows
from ctieval.evaluate.balance import check_draw
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.protocol.load import load_trial


class Part(StrEnum):
    """What is printed of the check."""

    CHARACTERISTICS = "characteristics"
    TOGETHER = "together"
    NUMBERS = "numbers"


SHOWN = ("name", "level", "difference", "std_error", "p_value", "std_difference", "usual", "advice")


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(balance)


def balance(
    trial: Annotated[Path, typer.Argument(help="The trial.toml, or the folder that holds it.")],
    data: Annotated[
        Path | None, typer.Option("--data", help="The data table or folder, where it is not where the plan says.")
    ] = None,
    part: Annotated[
        Part, typer.Option(help="One row a characteristic, the test of all together, or the numbers drawn by block.")
    ] = Part.CHARACTERISTICS,
    fmt: Annotated[Format, typer.Option("--format", help="How the rows are printed.")] = Format.TABLE,
) -> None:
    """Check that a draw came out as its design says; never a test of anything in the world."""
    plan = load_trial(trial, data=data)
    opened = open_data(plan)
    allocation = load_allocation(plan, opened)
    say_masked(allocation.proof)
    table = check_draw(plan, allocation, opened)
    if table is None:
        say("the plan declares no characteristic; write [[baseline]] sections in it")
    elif part is Part.CHARACTERISTICS:
        say(f"{table.law.value}: {table.assignments} assignments; together p = {table.omnibus.p_value:.4f}")
    rows = {
        Part.CHARACTERISTICS: balance_rows(table),
        Part.TOGETHER: draw_check_rows(table),
        Part.NUMBERS: ratio_rows(table),
    }[part]
    write_rows(rows, fmt, shown=SHOWN if part is Part.CHARACTERISTICS else ())
    say("for the analyst: not under disclosure control; ctieval report writes what may be published")
