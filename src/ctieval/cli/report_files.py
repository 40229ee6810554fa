"""The files of a report at the command line: for whom, in which formats, what is told meanwhile, which one is shown."""

from __future__ import annotations

import sys
import webbrowser
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape

from ctieval.cli.console import say
from ctieval.report.publish import USUAL, Audience, ReportFormat, to_offered

ALL_FORMATS = ",".join(ReportFormat)
USUAL_AUDIENCES = ",".join(USUAL)

_ALL_AUDIENCES = ",".join(Audience)

Formats: TypeAlias = Annotated[
    str, typer.Option("--format", help=f"Formats of the report with commas between, among {ALL_FORMATS}.")
]
Audiences: TypeAlias = Annotated[
    str,
    typer.Option(
        "--audience",
        help="Whom documents are written for, with commas between: full (the report), council (two pages for a "
        "council, as PDF and Word) or methods (the appendix on methods alone).",
    ),
]
Open: TypeAlias = Annotated[bool, typer.Option("--open", help="Open the first file when all are written.")]


def read_formats(text: str) -> tuple[ReportFormat, ...]:
    """Read the formats that were asked for, each once, in their order.

    Raises:
        typer.BadParameter: If one is not a format of a report.

    Examples:
        >>> [each.value for each in read_formats("pdf, html,pdf")]
        ['pdf', 'html']
    """
    names = dict.fromkeys(name.strip().lower() for name in text.split(","))
    if not names.keys() <= {each.value for each in ReportFormat}:
        raise typer.BadParameter(f"formats with commas between, among {ALL_FORMATS}", param_hint="--format")
    return tuple(ReportFormat(name) for name in names)


def read_audiences(text: str, formats: Sequence[ReportFormat]) -> tuple[Audience, ...]:
    """Read whom documents are asked for, each once, in their order.

    Args:
        text: The audiences with commas between.
        formats: The formats that are asked for.

    Raises:
        typer.BadParameter: If one is no audience, or none of their documents comes in any of the formats.

    Examples:
        >>> [each.value for each in read_audiences("council, full", tuple(ReportFormat))]
        ['council', 'full']
    """
    names = dict.fromkeys(name.strip().lower() for name in text.split(","))
    if not names.keys() <= {each.value for each in Audience}:
        raise typer.BadParameter(f"audiences with commas between, among {_ALL_AUDIENCES}", param_hint="--audience")
    asked = tuple(Audience(name) for name in names)
    if not any(to_offered(audience, formats) for audience in asked):
        raise typer.BadParameter("a council paper comes as pdf or docx", param_hint="--format")
    return asked


@contextmanager
def tell_steps(first: str) -> Generator[Callable[[str], None]]:
    """Tell each step on standard error: on a terminal in one line that moves, elsewhere in a line each.

    Args:
        first: What is at work before any step is told; shown on a terminal only.
    """
    if not sys.stderr.isatty():
        yield say
        return
    with Console(stderr=True).status(escape(first)) as line:
        yield lambda step: line.update(escape(step))


def list_files(paths: Sequence[Path], *, show_first: bool) -> None:
    """Print the path of each file; with ``show_first``, open the first where the machine opens such files."""
    for path in paths:
        sys.stdout.write(f"{path}\n")
    if show_first:
        webbrowser.open(paths[0].resolve().as_uri())
