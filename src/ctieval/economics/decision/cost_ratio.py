"""Benefit-cost ratio of one account, with the lines above and below its stroke; refused where it means nothing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.decision import Allotted, CostRatio
from ctieval.domain.wording import Notice
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.plane import ends_by_turn, left_out_of


def estimate_cost_ratio(
    draws: JointDraws, *, payer: str, gains: Sequence[str], costs: Sequence[str], conf_level: float = 0.95
) -> CostRatio:
    r"""Kroner gained per krone of net programme cost.

    .. math:: \mathrm{BCR} = \frac{\sum_{\ell \in \text{gains}} \Delta_\ell}{-\sum_{\ell \in \text{costs}} \Delta_\ell}

    Which lines stand above the stroke and which below it changes the ratio and never the net benefit, so both are
    listed in the result. There is no ratio where the net programme cost is nil or less, or where its interval covers
    nil. Ratios of several accounts do not add up; net benefits do.

    Args:
        draws: Effects on the lines of the payer's account, positive where the payer gains, in kroner per person drawn.
        payer: Whose account it is.
        gains: Lines above the stroke: all that are no programme cost.
        costs: Lines below it: the programme, less the usual services that it replaces.
        conf_level: Level of the interval, whose ends are draws ordered by angle.

    Raises:
        InputError: If there are no draws of a line.

    References:
        Boardman, A. E., Greenberg, D. H., Vining, A. R., & Weimer, D. L. (2018). Cost-benefit analysis: Concepts and
        practice (5th ed.), ch. 2. Cambridge University Press.

    Examples:
        >>> draws = JointDraws(("saved", "programme"), np.array([300.0, -200.0]), np.array([[300.0, -200.0]] * 9))
        >>> estimate_cost_ratio(draws, payer="municipality", gains=["saved"], costs=["programme"]).ratio
        1.5
    """
    above = tuple(Allotted(line, draws.of(line)[0]) for line in gains)
    below = tuple(Allotted(line, -draws.of(line)[0]) for line in costs)
    gain, cost = (sum(each.amount for each in side) for side in (above, below))
    cost_draws, gain_draws = -draws.total(costs)[1], draws.total(gains)[1]
    refusal = _refuse(cost, cost_draws, payer, conf_level)
    if refusal is not None:
        return CostRatio(payer, above, below, None, None, None, conf_level, refusal)
    low, high = ends_by_turn(cost_draws, gain_draws, centre=(cost, gain), conf_level=conf_level)
    ends = gain_draws[[low, high]] / cost_draws[[low, high]]
    return CostRatio(payer, above, below, gain / cost, float(ends[0]), float(ends[1]), conf_level, None)


def _refuse(cost: float, cost_draws: FloatArray, payer: str, conf_level: float) -> Notice | None:
    if cost <= 0:
        return Notice("W-RATIO-WITHOUT-COST", payer, (("net_cost", cost),))
    ordered = np.sort(cost_draws)
    left_out = left_out_of(len(ordered), conf_level)
    low, high = float(ordered[left_out]), float(ordered[-1 - left_out])
    if low > 0:
        return None
    return Notice("W-RATIO-COST-UNSURE", payer, (("conf_low", low), ("conf_high", high)))
