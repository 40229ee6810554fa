"""From joint draws and declared ranges to one decision; each of its parts lives in its own module."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.decision import (
    Acceptability,
    CostRatio,
    Decision,
    InformationValue,
    PartialInformation,
    PublicFunds,
    SobolIndex,
    VarianceSplit,
    Willingness,
)
from ctieval.economics.decision.acceptability import estimate_acceptability, share_gaining
from ctieval.economics.decision.cost_ratio import estimate_cost_ratio
from ctieval.economics.decision.formula import evaluate_formula
from ctieval.economics.decision.information import (
    partial_information,
    perfect_information,
    population_value,
    sample_information,
)
from ctieval.economics.decision.joint_draws import JointDraws
from ctieval.economics.decision.plan import Caseload, DecisionPlan, PublicPurse
from ctieval.economics.decision.public_funds import estimate_public_funds
from ctieval.economics.decision.sensitivity import (
    SAMPLING,
    cross,
    draw_points,
    estimate_indices,
    pair,
    pick,
    sort_draws,
    split_variance,
    to_values,
)
from ctieval.economics.decision.tornado import build_tornado

LOG2_POINTS = 12
"""Points of the parameters are 2 to this power."""

_LOG2_CROSSED = 9
"""Points that every replicate meets are 2 to this power; each of them is a whole column of replicates."""


def build_decision(
    draws: JointDraws, plan: DecisionPlan, *, seed: int, conf_level: float = 0.95, log2_points: int = LOG2_POINTS
) -> Decision:
    """Work out everything that a decision can rest on beside the net result.

    The ratio, the value of public funds and acceptability have the parameters at their base, so that their intervals
    hold sampling alone. The value of information, the split of the variance and the indices hold both.

    Args:
        draws: Arm contrasts per person drawn, with joint draws of them, such as those of the bootstrap.
        plan: Which quantity plays which part; an outcome that is not drawn has no curve.
        seed: Seed of the points of the parameters.
        conf_level: Level of the intervals.
        log2_points: The number of points is 2 to this power.

    Returns:
        The decision, the same for the same seed; its warnings say why there is no ratio, or no direction.

    Raises:
        InputError: If the plan names a line or a factor that is not drawn, or a range contradicts itself.
    """
    ratio = _ratio(draws, plan, conf_level)
    funds = () if plan.purse is None else tuple(_public_funds(draws, plan.purse, conf_level))
    said = (None if ratio is None else ratio.refusal, *(each.warning for each in funds))
    variance, indices = _uncertainty(draws, plan, seed, log2_points)
    return Decision(
        payer=plan.payer,
        cost_ratio=ratio,
        public_funds=funds,
        acceptability=tuple(_acceptability(draws, plan)),
        information=None if plan.caseload is None else _information(draws, plan, plan.caseload, seed, log2_points),
        tornado=build_tornado(plan.net, _estimates(draws), plan.parameters),
        variance=variance,
        indices=indices,
        warnings=tuple(each for each in said if each is not None),
    )


def _ratio(draws: JointDraws, plan: DecisionPlan, conf_level: float) -> CostRatio | None:
    if not plan.costs:
        return None
    return estimate_cost_ratio(draws, payer=plan.payer, gains=plan.gains, costs=plan.costs, conf_level=conf_level)


def _public_funds(draws: JointDraws, purse: PublicPurse, conf_level: float) -> Iterator[PublicFunds]:
    """One value for each willingness to pay: income after tax, what the programme costs, a small part of that."""
    net, net_draws = draws.of(purse.net)
    programme, programme_draws = draws.of(purse.programme)
    readings = {
        Willingness.AFTER_TAX_INCOME: draws.of(purse.income),
        Willingness.AT_COST: (programme, programme_draws),
    }
    if purse.lower_share is not None:
        readings[Willingness.LOWER_BOUND] = (purse.lower_share * programme, purse.lower_share * programme_draws)
    for willingness, (paid, paid_draws) in readings.items():
        yield estimate_public_funds(
            (-net, paid), -net_draws, paid_draws, willingness=willingness, conf_level=conf_level
        )


def _acceptability(draws: JointDraws, plan: DecisionPlan) -> Iterator[Acceptability]:
    net, net_draws = _net_at_base(draws, plan)
    for each in plan.outcomes:
        if each.outcome in draws.names:
            effect, effect_draws = draws.of(each.outcome)
            named = (each.outcome, each.unit, plan.payer)
            yield estimate_acceptability((effect, -net), effect_draws, -net_draws, each.worth, named=named)


def _information(
    draws: JointDraws, plan: DecisionPlan, caseload: Caseload, seed: int, log2_points: int
) -> InformationValue:
    ordered = sort_draws(plan.net, draws, plan.parameters)
    points = draw_points(1 + len(plan.parameters), log2_points=log2_points, seed=seed)
    net = pair(plan.net, ordered, plan.parameters, points)
    perfect, sampled = perfect_information(net), _one_more_trial(draws, plan)
    return InformationValue(
        payer=plan.payer,
        net_benefit=float(net.mean()),
        share_above_zero=share_gaining(net),
        perfect=perfect,
        partial=tuple(_partial(net, ordered, plan, points)),
        one_more_trial=sampled,
        persons_per_year=caseload.persons_per_year,
        years=caseload.years,
        perfect_for_all=_for_all(perfect, caseload),
        one_more_trial_for_all=None if sampled is None else _for_all(sampled, caseload),
    )


def _partial(
    net: FloatArray, ordered: JointDraws, plan: DecisionPlan, points: FloatArray
) -> Iterator[PartialInformation]:
    declared = {each.key for each in plan.parameters}
    measured = {factor for term in plan.net for factor in term.factors} - declared
    places = [place for place, name in enumerate(ordered.names) if name in measured]
    if places:
        effects = ordered.draws[pick(points, len(ordered.draws))][:, places]
        yield PartialInformation(SAMPLING, partial_information(net, effects))
    values = to_values(points[:, 1:], plan.parameters)
    for place, each in enumerate(plan.parameters):
        yield PartialInformation(each.key, partial_information(net, values[:, [place]]))


def _one_more_trial(draws: JointDraws, plan: DecisionPlan) -> float | None:
    """Only sampling is learned from: the parameters are as unsure after a further trial as before."""
    net, net_draws = _net_at_base(draws, plan)
    sampling_error = float(net_draws.std())
    return sample_information(net, sampling_error, sampling_error) if sampling_error > 0 else None


def _for_all(per_person: float, caseload: Caseload) -> float:
    return population_value(
        per_person, persons_per_year=caseload.persons_per_year, years=caseload.years, steps=caseload.discount
    )


def _uncertainty(
    draws: JointDraws, plan: DecisionPlan, seed: int, log2_points: int
) -> tuple[VarianceSplit | None, tuple[SobolIndex, ...]]:
    if not plan.parameters:
        return None, ()
    points = draw_points(len(plan.parameters), log2_points=_LOG2_CROSSED, seed=seed)
    crossed = cross(plan.net, draws, plan.parameters, to_values(points, plan.parameters))
    if np.ptp(crossed) == 0:
        return None, ()
    indices = estimate_indices(plan.net, draws, plan.parameters, log2_points=log2_points, seed=seed)
    return split_variance(crossed), indices


def _net_at_base(draws: JointDraws, plan: DecisionPlan) -> tuple[float, FloatArray]:
    base = {each.key: each.base for each in plan.parameters}
    estimate = float(evaluate_formula(plan.net, {**_estimates(draws), **base}))
    replicates = {name: draws.of(name)[1] for name in draws.names}
    return estimate, np.broadcast_to(evaluate_formula(plan.net, {**replicates, **base}), (len(draws.draws),))


def _estimates(draws: JointDraws) -> dict[str, float]:
    return {name: draws.of(name)[0] for name in draws.names}
