"""What is estimated and how, outcome by outcome, and what went into the account."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from ctieval.domain.cost_benefit import CostBenefit, RateUse
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import RateUnit
from ctieval.report.cells import Cell, Col, Kind, Measured, Row
from ctieval.report.chapters.appendix.definitions import define_outcomes
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.sources import data_source, drawn_note
from ctieval.report.chapters.values import to_count, to_number
from ctieval.report.fmt import NBSP, effect_kind
from ctieval.report.model import Block, Bullets, Para, Section, Table
from ctieval.report.rate_names import name_rate


def build_methods(context: Context) -> Section:
    """Build the section on estimands and estimators."""
    return Section("methods", context.text("appendix.methods.title"), tuple(_methods(context)))


def build_rates(context: Context) -> Section:
    """Build the section on how the account is reckoned."""
    return Section("account-methods", context.text("appendix.rates.title"), tuple(_rates(context)))


def _methods(context: Context) -> Iterator[Block]:
    effects = context.effects()
    if not effects:
        yield context.missing("effects", "trial.toml")
        return
    yield Para(context.text("appendix.methods.lead"))
    estimands = dict.fromkeys(effect.estimand for effect in effects)
    methods = dict.fromkeys(effect.method for effect in effects)
    yield Bullets(
        (
            *(context.text(f"estimand.{key}") for key in estimands),
            *(context.text(f"method.{key}", unit=context.block_word) for key in methods),
            context.text("appendix.methods.interval"),
            context.text("appendix.methods.lost"),
        )
    )
    yield _cards(context, effects)
    yield from define_outcomes(context)


def _cards(context: Context, effects: tuple[Effect, ...]) -> Table:
    return Table(
        id="methods",
        caption=context.text("appendix.methods.caption"),
        columns=(
            Col("outcome", context.text("head.outcome")),
            Col("method", context.text("head.method")),
            Col("std_error", context.text("head.std_error"), Kind.RATIO),
            Col("df", context.text("head.df"), Kind.RATIO, decimals=0),
            Col("n_treated", context.text("head.n_treated"), Kind.COUNT),
            Col("n_control", context.text("head.n_control"), Kind.COUNT),
        ),
        rows=tuple(_card(context, effect) for effect in effects),
        source=data_source(context),
        n_note=drawn_note(context),
        note=context.text("appendix.methods.note"),
    )


def _card(context: Context, effect: Effect) -> Row:
    unit = context.fmt.unit(effect_kind(effect.unit))
    label = context.effect_label(effect)
    error = to_number(effect.std_error, effect.n)
    cell: Cell = Measured(error, effect_kind(effect.unit), 2) if isinstance(error, float) else error
    return Row(
        (
            f"{label} ({unit})" if unit else label,
            context.text(f"method_name.{effect.method}"),
            cell,
            to_number(effect.df, effect.n),
            to_count(effect.n_treated),
            to_count(effect.n_control),
        )
    )


def _rates(context: Context) -> Iterator[Block]:
    account = context.evaluation.economics
    if account is None:
        yield context.missing_account()
        return
    facts = {"weeks": account.horizon_weeks, "year": str(account.price_year)}
    yield Para(context.text("appendix.rates.lead", **facts))
    yield Bullets(tuple(context.text(f"appendix.rates.{key}") for key in ("view", "refund", "present", "uncertainty")))
    if account.rates:
        yield Para(context.text("appendix.rates.table_lead"))
        yield _rate_table(context, account)


def _rate_table(context: Context, account: CostBenefit) -> Table:
    return Table(
        id="rates",
        caption=context.text("appendix.rates.caption"),
        columns=(
            Col("rate", context.text("head.rate")),
            Col("in_force", context.text("head.in_force")),
            Col("amount", context.text("head.amount"), Kind.RATIO),
            Col("unit", context.text("head.unit")),
            Col("source", context.text("head.source")),
        ),
        rows=tuple(_rate(context, use) for use in account.rates),
        source=context.text("source.rates"),
        n_note=context.text("persons.none_rates"),
    )


def _rate(context: Context, use: RateUse) -> Row:
    source = ", ".join(part for part in (use.source.title, use.source.section) if part)
    shown = context.text("source.simulated_rate", source=source) if use.source.simulated else source
    return Row(
        (
            name_rate(context.words, use.rate),
            context.fmt.date(date.fromisoformat(use.in_force)).replace(" ", NBSP),
            _amount(use),
            context.text(f"rate_unit.{RateUnit(use.unit).name.lower()}"),
            shown,
        )
    )


def _amount(use: RateUse) -> Measured:
    if use.unit in (RateUnit.SHARE, RateUnit.SHARE_PER_YEAR):
        return Measured(use.amount, Kind.SHARE, 1)
    whole = use.amount == round(use.amount)
    return Measured(use.amount, Kind.RATIO, 0 if whole else 2)
