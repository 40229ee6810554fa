"""Contrasts the arms in every line and result of the persons' accounts, as the design implies."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account, AccountLine, AccountResult, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.economics.person_account import PersonAccounts
from ctieval.inference.by_design import by_design

WEEKS_SAVED = "benefit_weeks_saved"
SAME_FOR_ALL = "constant_per_person_drawn"
_Key = TypeVar("_Key")


@dataclass(frozen=True, slots=True)
class Estimated:
    """The account as effects per person drawn.

    Attributes:
        lines: Every line, by view and account.
        results: Their sums, by view and account; none where the cost of the programme is not known.
        weeks_saved: Effect on weeks on benefit, positive where weeks are saved.
    """

    lines: tuple[AccountLine, ...]
    results: tuple[AccountResult, ...]
    weeks_saved: Effect


def estimate_accounts(
    persons: PersonAccounts, allocation: Allocation, *, window: Window, conf_level: float = 0.95
) -> Estimated:
    """Contrast the arms in every line and in the net result of each account and view.

    The net result is a person's own: the sum of her lines. Its interval therefore holds what the lines share. As every
    column has the same persons, the estimates of the lines add up to that of the result. Where every person drawn has
    one amount, and everybody else another, the effect is their difference and has no uncertainty.

    Args:
        persons: The persons' accounts.
        allocation: The allocation, in the same person order.
        window: Weeks from the draw.
        conf_level: Level of the intervals.

    Raises:
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    nets = {(view, account): net for view in persons.views for account, net in persons.net(view).items()}
    lines = {
        (view, account, line): amount
        for view in persons.views
        for account in persons.lines
        for line, amount in persons.lines_of(account, view).items()
    }
    own = allocation, window, conf_level
    of_lines = _estimate(lines, {key: f"{key[1].value}.{key[2].value}" for key in lines}, *own)
    of_nets = _estimate(nets, {key: f"{key[1].value}.net_result" for key in nets}, *own)
    undisplaced = _estimate(persons.undisplaced, {key: key.value for key in persons.undisplaced}, *own)
    (weeks_saved,) = _estimate({"weeks": persons.weeks[:, None]}, {"weeks": WEEKS_SAVED}, *own).values()
    return Estimated(
        lines=tuple(AccountLine(account, view, line, effect) for (view, account, line), effect in of_lines.items()),
        results=tuple(
            AccountResult(account, view, effect, _break_even(effect, of_nets, account, undisplaced[account]))
            for (view, account), effect in of_nets.items()
        ),
        weeks_saved=replace(weeks_saved, unit=Unit.WEEKS.value),
    )


def _break_even(
    result: Effect, nets: Mapping[tuple[View, Account], Effect], account: Account, undisplaced: Effect
) -> float:
    """The displacement at which nothing is left of a result; the grant is not displaced."""
    displaced = nets[View.ORDINARY_OPERATION, account].estimate - undisplaced.estimate
    return result.estimate / displaced if abs(displaced) > 1e-9 * max(1.0, abs(result.estimate)) else math.nan


def _estimate(
    columns: Mapping[_Key, FloatArray],
    names: Mapping[_Key, str],
    allocation: Allocation,
    window: Window,
    conf_level: float,
) -> dict[_Key, Effect]:
    """Contrast amounts by person and month, each added up over the months first."""
    if not columns:
        return {}
    values = np.column_stack([amount.sum(axis=1) for amount in columns.values()])
    found = by_design(values, allocation, conf_level=conf_level)
    effects: dict[_Key, Effect] = {}
    for number, key in enumerate(columns):
        effect = found.to_effect(number, outcome=names[key], unit=Unit.DKK, window=str(window))
        effects[key] = _without_spread(effect, values[:, number], allocation)
    return effects


def _without_spread(effect: Effect, values: FloatArray, allocation: Allocation) -> Effect:
    """Give a contrast that is the same for everybody an interval of one point, and nothing to test."""
    arms = [np.unique(values[(allocation.arm == arm) & ~np.isnan(values)]) for arm in (0, 1)]
    if all(len(each) == 1 for each in arms):
        amount = float(arms[1][0] - arms[0][0])
        certain = replace(effect, estimate=amount, std_error=0.0, conf_low=amount, conf_high=amount)
        nothing = math.nan
        return replace(certain, statistic=nothing, df=nothing, p_value=nothing, method=SAME_FOR_ALL)
    if effect.std_error > 0:
        return effect
    return replace(effect, conf_low=effect.estimate, conf_high=effect.estimate)
