"""``ctieval claim``: from a stated saving to what is known of it, by payer, each step with its source."""

from __future__ import annotations

import sys
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from ctieval.cli.claim_rows import closing_words, exact_rows, worded_rows
from ctieval.cli.console import Format, say, write_rows
from ctieval.domain.claim import Basis, Claim, Known, Standing
from ctieval.economics.claim.audit import audit_claim
from ctieval.protocol.claim import EXAMPLE, FORM, load_claim, load_example, write_claim_form
from ctieval.rates.load import load_rates
from ctieval.report.catalogue import load_catalogue

commands = typer.Typer(no_args_is_help=True, help="What is known of a claim that a programme saved money.")


class Tongue(StrEnum):
    """Language of the table."""

    DA = "da"
    EN = "en"


def register(app: typer.Typer) -> None:
    """Add the family to the app."""
    app.add_typer(commands, name="claim")


@commands.command()
def audit(
    file: Annotated[
        Path | None, typer.Argument(help="The claim's file; without it, the shipped example of Brøndby.")
    ] = None,
    *,
    basis: Annotated[Basis | None, typer.Option(help="Read the amount so, whatever the claim says.")] = None,
    would_have_left: Annotated[
        float | None, typer.Option(min=0, max=1, help="What if: this share would have come anyway.")
    ] = None,
    cost: Annotated[float | None, typer.Option(min=0, help="What if: the programme cost so many kroner.")] = None,
    rates: Annotated[Path | None, typer.Option(help="A folder of own rates, laid over the shipped ones.")] = None,
    lang: Annotated[Tongue, typer.Option(help="Language of the table.")] = Tongue.DA,
    fmt: Annotated[Format, typer.Option("--format", help="How the rows are printed.")] = Format.TABLE,
) -> None:
    """Audit a claim: what is left of it to each payer, and what nobody has documented."""
    claim = load_example() if file is None else load_claim(file)
    found = audit_claim(_suppose(claim, basis, would_have_left, cost), load_rates(rates))
    words = load_catalogue(lang.value)
    say(claim.title.to_text(lang.value))
    if fmt is Format.TABLE:
        write_rows(worded_rows(found, words), fmt)
    else:
        write_rows(exact_rows(found), fmt)
    for sentence in closing_words(found, words):
        say(sentence)


@commands.command()
def template(
    file: Annotated[Path, typer.Argument(help="The new file.")] = Path("claim.toml"),
    example: Annotated[bool, typer.Option("--example", help="The shipped example of Brøndby in its place.")] = False,
) -> None:
    """Write a file to fill in; what it leaves out is audited as not documented."""
    written = write_claim_form(file, form=EXAMPLE if example else FORM)
    sys.stdout.write(f"{written}\n")
    say(f"fill it in, and then: ctieval claim audit {written}")


def _suppose(claim: Claim, basis: Basis | None, left: float | None, cost: float | None) -> Claim:
    """Put what is supposed in the place of what the claim says; it rests on nothing but the word of the user."""
    given = {
        name: Known(value, value, Standing.GIVEN, None)
        for name, value in (("would_have_left", left), ("programme_cost", cost))
        if value is not None
    }
    return replace(claim, basis=basis or claim.basis, **given)
