"""Builds the outlook of all accounts from one estimate and one set of resamples; each part lives in its own module."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.outlook import AccountOutlook, BudgetYear, Extrapolation, Outlook
from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.domain.wording import Notice
from ctieval.economics.outlook.break_even import describe_break_even
from ctieval.economics.outlook.budget_years import build_budget
from ctieval.economics.outlook.curve import describe_curve, describe_months_ahead
from ctieval.economics.outlook.extrapolate import break_even_decay, required_months
from ctieval.economics.outlook.payback import describe_payback
from ctieval.economics.outlook.resample import build_units, draw_effects, order_by_value
from ctieval.economics.outlook.scenarios import describe_scenario, to_kroner
from ctieval.economics.outlook.streams import (
    GAIN,
    KEPT,
    NET,
    Months,
    Stream,
    build_columns,
    count_months,
)
from ctieval.errors import EstimationError
from ctieval.inference.by_design import DesignEstimate, by_design
from ctieval.rates.rate import Step


def build_outlook(
    streams: Mapping[str, Stream],
    allocation: Allocation,
    plan: OutlookPlan,
    *,
    horizon_weeks: int,
    steps: tuple[Step, ...],
    conf_level: float = 0.95,
) -> Outlook:
    """Build curve, payback, extrapolation, scenarios, break-even and budget years of every account.

    All of them are sums over a person's own months. They stand side by side as columns, so that one call of
    ``by_design`` gives every interval, and one set of resamples every band and share: accounts, months and scenarios
    belong together in each resample. What was observed is the headline; nothing of it depends on an assumption about
    later.

    The same seed gives the same bytes, whatever the order of the rows or the names of the persons. Where a block has a
    single person in an arm, as matched pairs have, there are no resamples: intervals are the design's, bands and shares
    are left out, and ``W-OUTLOOK-NOT-RESAMPLED`` says so.

    Args:
        streams: Kroner by account, in the person order of the allocation. A person who is NaN in one counts in none.
        allocation: The allocation.
        plan: Scenarios, extrapolation and resamples.
        horizon_weeks: Weeks from the draw that the months cover.
        steps: Yearly discount rates by the first year in which they hold.
        conf_level: Level of intervals and bands.

    Returns:
        The outlook.

    Raises:
        InputError: If the accounts are not of the same persons and months, or there are none.
        EstimationError: If an arm of a block has nobody, or a single block one person; see ``by_design``.
    """
    months = count_months(horizon_weeks, steps)
    columns = build_columns(streams, plan, months)
    values, persons = order_by_value(columns.values, allocation)
    found = by_design(values, persons, conf_level=conf_level)
    draws = _draw(values, persons, plan)
    table = _Table(plan, columns.place, found, draws, months)
    drawn = int((allocation.arm == 1).sum())
    return Outlook(
        accounts=tuple(_describe(account, stream, table) for account, stream in streams.items()),
        budget=tuple(row for account in streams for row in _budget(account, streams[account], table, drawn)),
        months=len(months.factors),
        n_control=int(found.n_control[0]),
        n_treated=int(found.n_treated[0]),
        conf_level=conf_level,
        replicates=0 if draws is None else plan.replicates,
        seed=plan.seed,
        warnings=(Notice("W-OUTLOOK-NOT-RESAMPLED", "economics"),) if draws is None else (),
    )


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class _Table:
    """All columns, estimated and drawn."""

    plan: OutlookPlan
    place: Mapping[tuple[str, str], slice]
    found: DesignEstimate
    draws: FloatArray | None
    months: Months

    def drawn(self, place: slice) -> FloatArray | None:
        return None if self.draws is None else self.draws[:, place]


def _draw(values: FloatArray, persons: Allocation, plan: OutlookPlan) -> FloatArray | None:
    """Effects of every resample on every column; None where a cell has a single person."""
    try:
        units = build_units(values, persons)
    except EstimationError:
        return None
    return draw_effects(units, replicates=plan.replicates, seed=plan.seed)


def _describe(account: str, stream: Stream, table: _Table) -> AccountOutlook:
    found, curve = table.found, table.place[account, "curve"]
    observed = table.place[account, ScenarioName.OBSERVED].start
    gain = to_kroner(found, observed + GAIN, outcome=f"{account}.break_even_cost")
    return AccountOutlook(
        account=account,
        curve=describe_curve(found, curve, table.drawn(curve)),
        payback=describe_payback(found.estimate[curve], table.drawn(curve), conf_level=found.conf_level),
        extrapolation=_extrapolate(account, table),
        scenarios=tuple(
            describe_scenario(found, place, scenario, table.drawn(place), account=account)
            for scenario in table.plan.scenarios
            for place in [table.place[account, scenario.name]]
        ),
        break_even=describe_break_even(gain, -float(found.estimate[observed + KEPT]), week_value=stream.week_value),
    )


def _extrapolate(account: str, table: _Table) -> Extrapolation:
    plan, observed = table.plan, table.place[account, ScenarioName.OBSERVED].start + NET
    monthly = table.place[account, "monthly"].start
    effect = to_kroner(table.found, monthly, outcome=f"{account}.monthly_effect")
    net = table.found.estimate[observed]
    required = _require(net, table.found.estimate[monthly], table)
    return Extrapolation(
        last_months=min(plan.last_months, table.months.whole),
        monthly_effect=effect,
        required_months=int(required) if np.isfinite(required) else None,
        required_never=_share_never(table, observed, monthly),
        yearly_decay=plan.yearly_decay,
        break_even_decay=break_even_decay(
            float(net), effect.estimate, table.months.beyond, months=plan.extrapolated_months
        ),
        months=plan.extrapolated_months,
        ahead=describe_months_ahead(table.found, table.place[account, "ahead"]),
    )


def _require(net: FloatArray, monthly: FloatArray, table: _Table) -> FloatArray:
    return required_months(net, monthly, table.months.beyond, yearly_decay=table.plan.yearly_decay)


def _share_never(table: _Table, observed: int, monthly: int) -> float | None:
    """Share of the resamples that no time after the months observed would pay back."""
    if table.draws is None:
        return None
    return float(np.isinf(_require(table.draws[:, observed], table.draws[:, monthly], table)).mean())


def _budget(account: str, stream: Stream, table: _Table, drawn: int) -> list[BudgetYear]:
    effects = tuple(
        to_kroner(table.found, table.place[account, str(year)].start, outcome=f"{account}.{year}")
        for year in stream.nominal
    )
    return build_budget(account, tuple(stream.nominal), effects, drawn=drawn) if effects else []
