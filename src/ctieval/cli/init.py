"""``ctieval init``: a folder to fill in, for a trial of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from ctieval.protocol.templates import write_templates


def register(app: typer.Typer) -> None:
    """Add the command to the app."""
    app.command()(init)


def init(folder: Annotated[Path, typer.Argument(help="A new folder, or one without these files.")]) -> None:
    """Write a plan and empty tables for a trial of one's own."""
    for path in write_templates(folder):
        sys.stdout.write(f"{path}\n")
