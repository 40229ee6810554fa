"""Estimates every line of a ledger as the design implies; what a person's weeks cost lives elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account, LedgerLine, Line, View
from ctieval.domain.effect_table import Effect
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.economics.ledger import Ledger
from ctieval.inference.by_design import DesignEstimate, by_design

WEEKS_SAVED = "benefit_weeks_saved"
ESTIMAND = "ate_persons"
SAME_FOR_ALL = "constant_per_person_drawn"

_Column: TypeAlias = tuple[View | None, Account, Line]


def estimate_lines(
    ledger: Ledger, allocation: Allocation, accounts: tuple[Account, ...], *, window: Window, conf_level: float = 0.95
) -> tuple[tuple[LedgerLine, ...], Effect]:
    """Contrast the arms in every line, in the net result of each account and view, and in weeks on benefit.

    The net result is a person's own: her lines, less the cost of the programme if she was drawn. Its interval
    therefore holds what the lines share. As every column has the same persons, the estimates of the lines add
    up to that of the net result.

    Args:
        ledger: Kroner by person and line.
        allocation: The allocation, in the same person order.
        accounts: The accounts to show, in order.
        window: Weeks from the draw.
        conf_level: Level of the intervals.

    Returns:
        The lines by view and account, and the effect on weeks on benefit, positive where weeks are saved. An
        account whose benefits are not known has no line: its cost alone would pass for a result.

    Raises:
        EstimationError: If fewer than two persons are wholly observed in an arm of a block.
    """
    columns: dict[_Column, FloatArray] = {(None, *key): value for key, value in ledger.postings.items()}
    columns |= _net_results(ledger, allocation)
    values = np.column_stack([*columns.values(), ledger.weeks])
    found = by_design(values, allocation, conf_level=conf_level)
    effects = {
        column: _effect(found, place, allocation, window, outcome=f"{column[1].value}.{column[2].value}")
        for place, column in enumerate(columns)
    }
    weeks_saved = _effect(found, len(columns), allocation, window, outcome=WEEKS_SAVED, unit=Unit.WEEKS)
    reckoned = {account for account, _ in ledger.postings}
    lines = [
        LedgerLine(account, view, line, effect)
        for view, constants in ledger.constants.items()
        for account in accounts
        if account in reckoned
        for line in Line
        if (effect := _line_effect(view, account, line, effects, constants, weeks_saved)) is not None
    ]
    return tuple(lines), weeks_saved


def _net_results(ledger: Ledger, allocation: Allocation) -> dict[_Column, FloatArray]:
    """Net result by person, of every account that is known and view that is complete."""
    if not ledger.complete:
        return {}
    net: dict[_Column, FloatArray] = {}
    for view, constants in ledger.constants.items():
        for account in dict.fromkeys(account for account, _ in ledger.postings):
            own = [value for (whose, _), value in ledger.postings.items() if whose is account]
            drawn = sum(value for (whose, _), value in constants.items() if whose is account)
            net[view, account, Line.NET_RESULT] = np.sum(own, axis=0) + drawn * allocation.arm
    return net


def _line_effect(
    view: View,
    account: Account,
    line: Line,
    effects: Mapping[_Column, Effect],
    constants: Mapping[tuple[Account, Line], float],
    like: Effect,
) -> Effect | None:
    """Effect of one line, or None where the account has no such line."""
    if (account, line) in constants:
        return _constant(constants[account, line], like, outcome=f"{account.value}.{line.value}")
    return effects.get((None, account, line), effects.get((view, account, line)))


def _effect(
    found: DesignEstimate,
    place: int,
    allocation: Allocation,
    window: Window,
    *,
    outcome: str,
    unit: Unit = Unit.DKK,
) -> Effect:
    estimate, std_error = float(found.estimate[place]), float(found.std_error[place])
    spread = std_error > 0
    return Effect(
        outcome=outcome,
        estimand=ESTIMAND,
        contrast=allocation.arms.contrast,
        estimate=estimate,
        std_error=std_error,
        statistic=float(found.statistic[place]),
        df=float(found.df[place]),
        p_value=float(found.p_value[place]),
        conf_low=float(found.conf_low[place]) if spread else estimate,
        conf_high=float(found.conf_high[place]) if spread else estimate,
        conf_level=found.conf_level,
        n=int(found.n[place]),
        n_treated=int(found.n_treated[place]),
        n_control=int(found.n_control[place]),
        unit=unit.value,
        window=str(window),
        method=found.method,
    )


def _constant(amount: float, like: Effect, outcome: str) -> Effect:
    """A line that is the same for every person drawn: an interval of one point, and nothing to test."""
    return Effect(
        outcome=outcome,
        estimand=like.estimand,
        contrast=like.contrast,
        estimate=amount,
        std_error=0.0,
        statistic=float("nan"),
        df=float("nan"),
        p_value=float("nan"),
        conf_low=amount,
        conf_high=amount,
        conf_level=like.conf_level,
        n=like.n,
        n_treated=like.n_treated,
        n_control=like.n_control,
        unit=Unit.DKK.value,
        window=like.window,
        method=SAME_FOR_ALL,
    )
