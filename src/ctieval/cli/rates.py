"""``ctieval rates``: what is known of every rate, from which day to which, and who says so."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from ctieval.cli.console import Format, Row, say, write_rows
from ctieval.domain.source import Source
from ctieval.domain.trial import RegisterFolder, Trial
from ctieval.errors import InputError
from ctieval.protocol.load import load_trial
from ctieval.rates.book import RateBook
from ctieval.rates.form import build_form
from ctieval.rates.load import load_rates
from ctieval.rates.overlay import OwnRate, Standing, check_overlay
from ctieval.rates.rate import Abolition, DatedValue, Rate, Schedule
from ctieval.rates.wanted import WantedRate, load_wanted

PLAN = "trial.toml"
SHOWN_LIST = ("name", "first_day", "valid_through", "unit", "values", "source")
SHOWN_VALUES = ("in_force", "valid_through", "step", "amount", "unit", "source", "section")
SHOWN_CHECK = ("name", "standing", "first_day", "valid_through", "unit", "simulated")

Laid: TypeAlias = Annotated[
    Path | None, typer.Option("--rates", help="A trial, or a folder of its own rates, laid over the shipped ones.")
]
Printed: TypeAlias = Annotated[Format, typer.Option("--format", help="How the rows are printed.")]

commands = typer.Typer(no_args_is_help=True, help="What is known of every rate, and a form for what is not.")


def register(app: typer.Typer) -> None:
    """Add the family to the app."""
    app.add_typer(commands, name="rates")


@commands.command("list")
def list_rates(laid: Laid = None, fmt: Printed = Format.TABLE) -> None:
    """List every rate with its days and its source, and every rate that is asked for and known to nobody."""
    book = _open_book(laid)
    known = {rate.name: _known_row(rate) for rate in book.rates}
    missing = {rate.name: _missing_row(rate) for rate in load_wanted(book)}
    write_rows([row for _, row in sorted({**known, **missing}.items())], fmt, shown=SHOWN_LIST)
    say(f"{len(known)} rates are known; {len(missing)} are asked for and known to nobody (no days)")


@commands.command("show")
def show_rate(
    name: Annotated[str, typer.Argument(help="Name of the rate.")],
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="One day.")] = None,
    laid: Laid = None,
    fmt: Printed = Format.TABLE,
) -> None:
    """Show a rate with all its values, or what it is on one day."""
    book = _open_book(laid)
    rate = book.rate(name)
    values = rate.values if on is None else (book.find(name, on.date()),)
    write_rows([row for value in values for row in _value_rows(rate, value)], fmt, shown=SHOWN_VALUES)


@commands.command("check")
def check_rates(
    path: Annotated[Path, typer.Argument(help="A trial, or a folder of its own rates.")], fmt: Printed = Format.TABLE
) -> None:
    """Read every rate of a trial's own, and say what each does to the shipped ones."""
    plan = _plan_of(path)
    folder = path if plan is None else _rates_of(plan)
    if plan is not None and plan.economics is not None:
        load_rates(folder).newest_schedule(plan.economics.discount)
    own = () if folder is None else check_overlay(folder)
    write_rows([_own_row(each) for each in own], fmt, shown=SHOWN_CHECK)
    for each in own:
        if each.nearest:
            say(f"no account asks for {each.rate.name}; is it {', or '.join(each.nearest)}?")
    say(f"{len(own)} rates read; each value has its source and its days, without a gap")


@commands.command("template")
def print_template(
    name: Annotated[str, typer.Argument(help="Name of the rate.")],
    laid: Laid = None,
) -> None:
    """Print the file of a rate, to be filled in, with its explanation in Danish."""
    sys.stdout.write(build_form(name, _open_book(laid)))


def _open_book(laid: Path | None) -> RateBook:
    plan = None if laid is None else _plan_of(laid)
    return load_rates(laid if plan is None else _rates_of(plan))


def unasked_rates(plan: Trial) -> Iterator[str]:
    """Yield a line for each rate of the trial's own that nothing reads, as a misspelt name looks."""
    if not isinstance(plan.data, RegisterFolder) or plan.data.rates is None:
        return
    named = () if plan.economics is None else (plan.economics.discount,)
    for own in check_overlay(plan.data.rates):
        if own.standing is Standing.UNASKED and own.rate.name not in named:
            meant = f"; did you mean: {', '.join(own.nearest)}" if own.nearest else ""
            yield f"{own.rate.name}.toml is read by nothing{meant}"


def _plan_of(path: Path) -> Trial | None:
    """Load the plan of a trial; None where the path is a folder of rates."""
    return None if path.is_dir() and not (path / PLAN).exists() else load_trial(path)


def _rates_of(plan: Trial) -> Path | None:
    """Folder of the trial's own rates, if the plan names one."""
    if not isinstance(plan.data, RegisterFolder):
        raise InputError(
            what="this trial has no rates",
            where=f"{PLAN}, data",
            found="a ready table",
            expected="a folder of register extracts, whose weeks rates can price",
            do="name a folder of rates instead",
        )
    return plan.data.rates


def _known_row(rate: Rate) -> Row:
    last = rate.values[-1]
    return {
        "name": rate.name,
        "known": "yes",
        "first_day": rate.first_day.isoformat(),
        "valid_through": _until(last),
        "unit": rate.unit.value,
        "payer": rate.payer,
        "values": len(rate.values),
        "description": rate.description,
        **_source_cells(last.source),
    }


def _missing_row(rate: WantedRate) -> Row:
    return {
        "name": rate.name,
        "known": "no",
        "first_day": None,
        "valid_through": None,
        "unit": rate.unit,
        "payer": rate.payer,
        "values": 0,
        "description": rate.description,
        **_source_cells(None),
    }


def _value_rows(rate: Rate, value: DatedValue) -> Iterable[Row]:
    """One row a value, or one a step of it."""
    dated = {"name": rate.name, "in_force": value.in_force.isoformat(), "valid_through": _until(value)}
    steps: list[tuple[int | None, float | None]] = [(None, None)]
    if isinstance(value, Schedule):
        steps = [(step.start, step.amount) for step in value.steps]
    elif not isinstance(value, Abolition):
        steps = [(None, value.amount)]
    for start, amount in steps:
        yield {**dated, "step": start, "amount": amount, "unit": rate.unit.value, **_source_cells(value.source)}


def _own_row(own: OwnRate) -> Row:
    return {**_known_row(own.rate), "standing": own.standing.value}


def _until(value: DatedValue) -> str | None:
    return None if isinstance(value, Abolition) else value.valid_through.isoformat()


def _source_cells(source: Source | None) -> Row:
    if source is None:
        return dict.fromkeys(("source", "section", "href", "retrieved", "secondary", "simulated"))
    return {
        "source": source.title,
        "section": source.section,
        "href": source.href,
        "retrieved": source.retrieved.isoformat(),
        "secondary": int(source.secondary),
        "simulated": int(source.simulated),
    }
