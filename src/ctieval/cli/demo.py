"""``ctieval demo``: the whole walk on a simulated trial."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ctieval.cli.report_files import (
    ALL_FORMATS,
    USUAL_AUDIENCES,
    Audiences,
    Formats,
    Open,
    list_files,
    read_audiences,
    read_formats,
    tell_steps,
)
from ctieval.evaluate.demo import publish_demo

DEFAULT_FOLDER = Path("ctieval-demo")


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the simulated trial and its reports go.")] = DEFAULT_FOLDER,
    audience: Audiences = USUAL_AUDIENCES,
    formats: Formats = ALL_FORMATS,
    show: Open = False,
) -> None:
    """Simulate the trial of five municipalities, evaluate it, and write its reports."""
    asked = read_formats(formats)
    audiences = read_audiences(audience, asked)
    with tell_steps("simulating the trial") as tell:
        paths = publish_demo(folder, audiences=audiences, formats=asked, progress=tell)
    list_files(paths, show_first=show)
