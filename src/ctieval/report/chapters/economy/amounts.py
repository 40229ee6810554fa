"""From effects in kroner to the amounts of figures and the cells behind them."""

from __future__ import annotations

import math
from collections.abc import Iterator

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.effect_table import Effect
from ctieval.report.amount_drawing import Amount, AmountRole, Scale
from ctieval.report.cells import ABSENT, Cell, Col, Kind, Row
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.values import effect_text, interval_text, to_count, to_estimate, to_interval


def to_amount(label: str, effect: Effect, role: AmountRole = AmountRole.PLAIN) -> Amount:
    """Return an effect as an amount of a figure; one that is the same for everybody has no interval."""
    known = effect.std_error == 0 or not math.isfinite(effect.conf_low + effect.conf_high)
    low, high = (effect.estimate, effect.estimate) if known else (effect.conf_low, effect.conf_high)
    return Amount(label, effect.estimate, low, high, role)


def is_shown(*effects: Effect) -> bool:
    """Tell whether none of some effects is hidden."""
    return not any(math.isnan(effect.estimate) for effect in effects)


def kroner_scale(context: Context, level: float | None) -> Scale:
    """Return the scale of kroner per person drawn."""
    return Scale(context.text("economy.axis.kroner"), context.text("economy.axis.head"), conf_level=level)


def amount_columns(context: Context, level: float) -> tuple[Col, ...]:
    """Return the columns behind a figure of amounts."""
    return (
        Col("amount", context.text("head.line")),
        Col("kroner", context.text("head.per_person_drawn"), Kind.KR, unit=context.fmt.unit(Kind.KR), signed=True),
        Col("interval", context.text("head.interval", level=context.fmt.level(level)), Kind.CI, of=Kind.KR),
    )


def amount_cells(label: str, effect: Effect) -> tuple[Cell, ...]:
    """Return the row behind an amount; it has no interval where it is the same for everybody."""
    return (label, to_estimate(effect), ABSENT if effect.std_error == 0 else to_interval(effect))


def amount_rows(named: list[tuple[str, Effect]]) -> Iterator[Row]:
    """Return a row for each of some effects."""
    for label, effect in named:
        yield Row(amount_cells(label, effect))


def amount_facts(context: Context, effect: Effect) -> dict[str, str]:
    """Return what a sentence says of an effect in kroner."""
    return {
        "effect": effect_text(effect, context.fmt),
        "interval": interval_text(effect, context.fmt),
        "level": context.fmt.level(effect.conf_level),
    }


def observed_note(context: Context, account: CostBenefit) -> str:
    """Return how many are in the account."""
    found = account.weeks_saved
    treated, control = (context.fmt.count(to_count(n)) for n in (found.n_treated, found.n_control))
    return context.text("persons.observed", treated=treated, control=control)
