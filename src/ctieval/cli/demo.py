"""``ctieval demo``: the whole walk on a simulated trial."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ctieval.cli.console import say
from ctieval.evaluate.demo import publish_demo

DEFAULT_FOLDER = Path("ctieval-demo")


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(demo)


def demo(
    folder: Annotated[Path, typer.Argument(help="Where the simulated trial and its reports go.")] = DEFAULT_FOLDER,
) -> None:
    """Simulate the trial of five municipalities, evaluate it, and write its reports."""
    for path in publish_demo(folder, progress=say):
        sys.stdout.write(f"{path}\n")
