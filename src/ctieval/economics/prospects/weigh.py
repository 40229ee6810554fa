"""Weighs outcomes that are not money against what they cost: which of them, on whom, and at which prices."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray
from ctieval.domain.decision import Acceptability
from ctieval.domain.outcome import BetterWhen, InstrumentOutcome, Measure, MeasuredIn, State, StateOutcome
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.outlook_plan import OutlookPlan
from ctieval.economics.decision.acceptability import estimate_acceptability
from ctieval.economics.prospects.drawn import draw_quantities

WELL_BEING = "who5"
POINTS = 21
"""Prices at which a curve is worked out."""
_NET, _OUTCOME = "net", "outcome"
_TWICE = 2.0
_NICE = (1, 2, 5, 10)


def weigh_outcomes(
    net: FloatArray,
    outcomes: OutcomeTable,
    plan: OutlookPlan,
    allocation: Allocation,
    *,
    payer: str,
    conf_level: float,
) -> tuple[Acceptability, ...]:
    """Weigh weeks in ordinary jobs, and WHO-5 where both arms were asked, against their net cost.

    Each is weighed on those in the account who have a value of it, so that effect and cost are of the same persons.

    Args:
        net: Net result of each person, shape (n,); NaN for those who are not in the account.
        outcomes: Outcomes by person, in the same order.
        plan: Resamples and their seed.
        allocation: The allocation.
        payer: Whose net result it is.
        conf_level: Level of the estimates.

    Returns:
        One curve for each outcome that is there and can be resampled.
    """
    return tuple(
        curve
        for number in _weighed(outcomes)
        if (curve := _weigh(net, outcomes, number, plan, allocation, payer=payer, conf_level=conf_level)) is not None
    )


def spread_worth(cost: float, effect: float) -> tuple[float, ...]:
    """Spread prices from nothing to about twice what a unit of the outcome cost, up to a round number.

    Args:
        cost: Net cost per person drawn, in kroner.
        effect: Effect on the outcome per person drawn.

    Examples:
        >>> spread_worth(3000.0, 2.0)[:2], spread_worth(3000.0, 2.0)[-1]
        ((0.0, 250.0), 5000.0)
    """
    wanted = max(_TWICE * abs(cost / effect if effect else cost), 1.0)
    power = 10.0 ** math.floor(math.log10(wanted))
    top = next(factor * power for factor in _NICE if factor * power >= wanted * (1 - 1e-9))
    return tuple(np.linspace(0.0, top, POINTS).tolist())


def _weigh(
    net: FloatArray,
    outcomes: OutcomeTable,
    number: int,
    plan: OutlookPlan,
    allocation: Allocation,
    *,
    payer: str,
    conf_level: float,
) -> Acceptability | None:
    both = {_NET: net, _OUTCOME: outcomes.values[:, number]}
    drawn = draw_quantities(both, plan, allocation, conf_level=conf_level)
    if drawn is None:
        return None
    (gained, gained_draws), (effect, effect_draws) = drawn.draws.of(_NET), drawn.draws.of(_OUTCOME)
    outcome = outcomes.outcomes[number]
    named = (outcome.name, outcome.unit.value, payer)
    worth = spread_worth(-gained, effect)
    return estimate_acceptability((effect, -gained), effect_draws, -gained_draws, worth, named=named)


def _weighed(outcomes: OutcomeTable) -> Iterator[int]:
    """The weeks in ordinary jobs over the longest window, and the wave of WHO-5 that is declared last."""
    weeks = {
        number: each.window.end - each.window.start
        for number, each in enumerate(outcomes.outcomes)
        if isinstance(each, StateOutcome)
        and (each.state, each.measure, each.better_when) == (State.ORDINARY_JOB, Measure.WEEKS, BetterWhen.HIGHER)
    }
    asked = [
        number
        for number, each in enumerate(outcomes.outcomes)
        if isinstance(each, InstrumentOutcome) and (each.instrument, each.measured_in) == (WELL_BEING, MeasuredIn.BOTH)
    ]
    yield from sorted(weeks, key=lambda number: -weeks[number])[:1]
    yield from asked[-1:]
