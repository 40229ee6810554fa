"""What the planned draw of a trial can find out, reckoned on its own cohort before anybody is drawn."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ctieval.assignment.lots import settle_blocks, to_entrants
from ctieval.assignment.power.diagnosis import Diagnosis
from ctieval.assignment.power.sampling import Blocks, Clusters, Explained, Persons, Sampling
from ctieval.assignment.power.simulate import simulate_draws
from ctieval.designs.matching import forms_blocks
from ctieval.designs.probability import probabilities_by_quotas
from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arrays import FloatArray
from ctieval.domain.design import Rerandomised
from ctieval.domain.outcome import StateOutcome
from ctieval.domain.trial import PlannedDraw, Trial
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.errors import DesignError, ProtocolError
from ctieval.evaluate.data import RegisterData, TrialData
from ctieval.outcomes.track import track

PLAINER = "give the numbers of a plainer draw with --persons or --clusters, which is on the safe side"


def planned_sampling(
    trial: Trial, data: TrialData, *, icc: float | None, between: float, explained: Explained
) -> tuple[Sampling, tuple[str, ...]]:
    """Return how many of the screened cohort the plan draws into each arm, and the labels of the blocks.

    The expected numbers count; of several interventions the first. Blocks with places for everybody are no part.

    Args:
        trial: The plan, with a draw that has its quotas.
        data: Its registers.
        icc: Share of the variance between clusters, which a draw of clusters cannot do without; else None.
        between: Share of the variance between blocks.
        explained: What characteristics explain.

    Raises:
        ProtocolError: If the plan draws nobody, or one at a time.
        DesignError: If the design cannot be conducted on this cohort, or has no formula yet.
        DesignError: If clusters are drawn, and nothing is said of the variance between them.
    """
    plan, drawable = _planned(trial, data)
    allocation, quotas = _hypothetical(trial, plan, drawable)
    compared = [number for number, row in enumerate(quotas.target) if min(row) > 0]
    control, intervention = (tuple(float(quotas.target[each][arm]) for each in compared) for arm in (0, 1))
    if allocation.cluster_labels != ("",):
        if len(compared) > 1:
            raise _no_formula("clusters drawn within blocks")
        if icc is None:
            raise _no_formula(
                "a draw of clusters, and no share of the variance between them",
                do="say with --icc how much of the variance lies between clusters, such as 0.05",
            )
        sizes = np.bincount(allocation.cluster)
        return Clusters(
            control=control[0],
            intervention=intervention[0],
            size=float(sizes.mean()),
            size_cv=float(sizes.std() / sizes.mean()),
            icc=icc,
            explained=explained,
        ), ()
    if forms_blocks(plan.design):
        raise _no_formula("persons matched on characteristics")
    if len(compared) == 1:
        return Persons(control=control[0], intervention=intervention[0], explained=explained), ()
    labels = tuple(quotas.labels[each] for each in compared)
    return Blocks(control=control, intervention=intervention, between=between, explained=explained), labels


def own_history(trial: Trial, data: TrialData, name: str) -> tuple[FloatArray, Unit]:
    """Return an outcome of the plan as it was over as many weeks before the draw, and its unit.

    Args:
        trial: The plan.
        data: Its registers.
        name: Name of the outcome; one counted from weeks.

    Returns:
        Values of the eligible, shape (n,), sorted by identifier; NaN where those weeks are not observed.

    Raises:
        ProtocolError: If the plan has no such outcome, or it is not counted from weeks.
    """
    plan, drawable = _planned(trial, data)
    outcome = next((each for each in trial.outcomes if each.name == name), None)
    if not isinstance(outcome, StateOutcome):
        raise _refused(
            f"outcome {name}",
            found="no such outcome" if outcome is None else "an outcome that is not counted from weeks",
            expected="one of: " + ", ".join(each.name for each in trial.outcomes if isinstance(each, StateOutcome)),
            do="name one of them, or give its spread with --sd or --share",
        )
    before = replace(outcome, window=Window(-outcome.window.weeks, 0))
    allocation, _ = _hypothetical(trial, plan, drawable)
    table = track((before,), allocation, drawable.registers, drawable.codes)
    return table.values[:, 0], outcome.unit


def simulate_own_cohort(
    trial: Trial, data: TrialData, name: str, *, effect: float, trials: int, seed: int
) -> Diagnosis:
    """Draw the cohort of a trial again and again, each person with her own value from before the draw.

    A number is changed by the effect for everybody. Of those with a yes or no, as many as the effect asks for, the
    same persons in each draw, are turned from no to yes, or from yes to no.

    Args:
        trial: The plan.
        data: Its registers.
        name: Name of the outcome; one counted from weeks.
        effect: The true effect, in the unit of the outcome.
        trials: How many draws.
        seed: Seed of the simulation.

    Returns:
        What the draws tell. The draw of the trial itself is neither made nor foreseen.

    Raises:
        ProtocolError: If the plan has no such outcome, or draws nobody.
        DesignError: If more persons would have to be turned than there are.
    """
    values, unit = own_history(trial, data, name)
    allocation, quotas = _hypothetical(trial, *_planned(trial, data))
    shift = _turned(values, effect, seed) if unit is Unit.SHARE else np.full(len(values), effect)
    return simulate_draws(values, shift, allocation, quotas, trials=trials, seed=seed)


def _hypothetical(trial: Trial, plan: PlannedDraw, data: RegisterData) -> tuple[Allocation, Quotas]:
    """The cohort as if it were about to be drawn, all in the control, and the quotas of the plan."""
    person_id, entrants = to_entrants(data.cohort, plan.design)
    quotas = build_quotas(plan.design, settle_blocks(person_id, entrants, plan.design, plan.seed))
    return Allocation(
        person_id=person_id,
        arm=np.zeros(len(person_id), dtype=np.int64),
        probability=probabilities_by_quotas(quotas),
        block=quotas.block,
        block_labels=quotas.labels,
        cluster=quotas.cluster,
        cluster_labels=quotas.cluster_labels,
        randomised_on=np.full(len(person_id), np.datetime64(plan.randomised_on, "D")),
        arms=trial.arms,
        design=plan.design,
        proof=Declared(),
    ), quotas


def _turned(values: FloatArray, effect: float, seed: int) -> FloatArray:
    """The change of each person where so many turn from no to yes, or from yes to no, that the mean is the effect."""
    known = ~np.isnan(values)
    number = round(abs(effect) * int(known.sum()))
    could = np.flatnonzero(values == (0 if effect > 0 else 1))
    if number > len(could):
        raise DesignError(
            what="this effect cannot come about on this cohort",
            where="the effect",
            found=f"{number} persons to be turned, among {len(could)}",
            expected="a smaller effect",
            do="give a smaller effect, or another outcome",
        )
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1])))
    shift = np.zeros(len(values))
    shift[rng.permutation(could)[:number]] = np.sign(effect)
    return shift


def _planned(trial: Trial, data: TrialData) -> tuple[PlannedDraw, RegisterData]:
    if isinstance(trial.assignment, PlannedDraw) and isinstance(data, RegisterData):
        if isinstance(trial.assignment.design, Rerandomised):
            raise _no_formula("draws repeated until the arms are alike")
        return trial.assignment, data
    raise _refused(
        "assignment",
        found="arms drawn elsewhere, or persons drawn one at a time",
        expected="a planned draw of a cohort from registers",
        do="give the numbers of persons with --persons instead of the trial",
    )


def _refused(key: str, *, found: str, expected: str, do: str) -> ProtocolError:
    return ProtocolError(
        file="trial.toml",
        key=key,
        line=None,
        what="the power cannot be reckoned from this plan",
        found=found,
        expected=expected,
        do=do,
    )


def _no_formula(found: str, *, do: str = PLAINER) -> DesignError:
    return DesignError(
        what="this version has no formula for the power of such a draw",
        where="the design",
        found=found,
        expected="persons drawn in one pool or in blocks, or clusters drawn in one pool",
        do=do,
    )
