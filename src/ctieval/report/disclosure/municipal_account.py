"""Rounds the account of one municipality, whose lines add up to its results but for the rounding."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

from ctieval.domain.cost_benefit import CostBenefit
from ctieval.domain.effect_table import Effect
from ctieval.report.disclosure.grid import Grid, lay_grid_of_effect
from ctieval.report.disclosure.mask import Discretion, mask_effect, rounded


def round_account(account: CostBenefit, discretion: Discretion) -> CostBenefit | None:
    """Return the account fit to publish, or None where nothing of it may be told.

    All its kroner are rounded to the steps of the line that varies most, so that a line which only a few have is told
    as nothing. What is the same for everybody drawn stays. Nothing is told per participant, nor what displacement
    would leave.

    Args:
        account: The account, before disclosure control.
        discretion: How finely it may be told; its grid holds the fewest persons of each arm.
    """
    if discretion.grid is None:
        return None
    parts = (*account.lines, *account.results)
    weeks, *effects = _round((account.weeks_saved, *(part.effect for part in parts)), discretion.grid)
    lines, results = effects[: len(account.lines)], effects[len(account.lines) :]
    return CostBenefit(
        lines=tuple(replace(line, effect=effect) for line, effect in zip(account.lines, lines, strict=True)),
        results=tuple(
            replace(result, effect=effect, break_even_displacement=math.nan)
            for result, effect in zip(account.results, results, strict=True)
        ),
        per_participant=None,
        weeks_saved=weeks,
        horizon_weeks=account.horizon_weeks,
        price_year=account.price_year,
        basis=account.basis,
        discount=account.discount,
        rates=account.rates,
        missing=account.missing,
        warnings=(),
    )


def _round(effects: tuple[Effect, ...], grid: Grid) -> Iterator[Effect]:
    widest = {effect.unit: max(each.std_error for each in effects if each.unit == effect.unit) for effect in effects}
    control, intervention = grid.fewest
    for effect in effects:
        if effect.std_error == 0:
            yield replace(effect, n=None, n_treated=None, n_control=None)
        else:
            persons = math.ceil(grid.smallest_cell / 2)
            own = lay_grid_of_effect(widest[effect.unit], (control, intervention), persons=persons)
            yield mask_effect(effect, rounded(own))
