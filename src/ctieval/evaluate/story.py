"""``evaluate``: the whole evaluation of a trial, on one screen."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import FIRST_PAIR
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import BlockCount, ParticipantFlow
from ctieval.domain.provenance import Provenance
from ctieval.domain.trial import PlannedDraw, RegisterFolder, Trial
from ctieval.domain.wording import MissingInput
from ctieval.evaluate.analysis import analyse
from ctieval.evaluate.data import RegisterData, TrialData, load_allocation, open_data
from ctieval.evaluate.measure import Measured, measure
from ctieval.evaluate.readiness import check_outcomes
from ctieval.evaluate.several import add_contrasts, measure_first
from ctieval.inference.by_design import check_estimator
from ctieval.outcomes.association import describe_association
from ctieval.outcomes.experienced import describe_experienced
from ctieval.outcomes.levels import describe_levels, follow_up
from ctieval.report.chapters.comments import check_comments

LIBRARIES = ("ctieval", "numpy", "pandas", "scipy")


def evaluate_trial(trial: Trial) -> Evaluation:
    """Open the data of a trial, load its arms and evaluate it.

    Args:
        trial: The plan.

    Returns:
        The evaluation, before disclosure control.

    Raises:
        CtievalError: As ``open_data``, ``load_allocation`` and ``evaluate`` raise.
    """
    data = open_data(trial)
    return evaluate(trial, load_allocation(trial, data), data)


def evaluate(trial: Trial, allocation: Allocation, data: TrialData) -> Evaluation:
    """Evaluate a trial whose arms are known; no draw is ever made here.

    Of several interventions all have effects, and the first is described (``evaluate.several``).

    Args:
        trial: The plan.
        allocation: The arms.
        data: The ready table, or the registers.

    Returns:
        The evaluation, before disclosure control (``protect``); it holds no person.

    Raises:
        EstimationError: If nobody is in one of the arms.
        InputError: If an outcome cannot be measured as the plan declares it.
        ProtocolError: If a comment is about no chapter of the report.
        RateError: If a rate that is needed is not well formed.
    """
    check_estimator(allocation)
    check_outcomes(trial, data)
    check_comments(trial.comments)
    if not allocation.arms.others:
        return _assemble(trial, allocation, data, measure(trial, allocation, data))
    two = allocation.between(FIRST_PAIR)
    first = _assemble(replace(trial, arms=two.arms), two, data, measure_first(trial, allocation, data))
    return add_contrasts(first, trial, allocation, data)


def _assemble(trial: Trial, allocation: Allocation, data: TrialData, measured: Measured) -> Evaluation:
    """Put together what was measured of two arms, and what is estimated from it."""
    provenance = _provenance(trial, data, measured)
    analysis = analyse(trial, allocation, data, measured.outcomes, provenance)
    return Evaluation(
        trial=trial,
        design=allocation.design,
        proof=allocation.proof,
        flow=_flow(allocation, measured),
        baseline=measured.baseline,
        levels=describe_levels(measured.outcomes, allocation),
        effects=analysis.effects,
        experienced=describe_experienced(measured.outcomes, allocation),
        association=describe_association(measured.outcomes, allocation),
        implementation=measured.implementation,
        economics=measured.economics,
        missing=_missing(trial, measured),
        warnings=(*allocation.notices, *measured.warnings, *analysis.effects.warnings, *analysis.warnings),
        provenance=provenance,
        suppression=None,
        paths=measured.paths,
        sensitivity=measured.sensitivity,
        instruments=measured.instruments,
        balance=measured.balance,
        costing=measured.costing,
        adjusted=analysis.adjusted,
        risks=analysis.risks,
        compliance=analysis.compliance,
        estimands=analysis.estimands,
    )


def _flow(allocation: Allocation, measured: Measured) -> ParticipantFlow:
    treated = allocation.arm == 1
    blocks = tuple(
        BlockCount(
            label, int((~treated & (allocation.block == b)).sum()), int((treated & (allocation.block == b)).sum())
        )
        for b, label in enumerate(allocation.block_labels)
    )
    allocated = (int((~treated).sum()), int(treated.sum()))
    return ParticipantFlow(measured.screening, allocated, blocks, follow_up(measured.outcomes, allocation))


def _missing(trial: Trial, measured: Measured) -> tuple[MissingInput, ...]:
    account = "economics" if trial.economics is None else "economics.follow_up"
    parts = {
        MissingInput("screening", "trial.toml"): measured.screening,
        MissingInput("baseline", "trial.toml"): measured.baseline or None,
        MissingInput("implementation", "activity.csv"): measured.implementation,
        MissingInput(account, "trial.toml"): measured.economics,
    }
    absent = tuple(missing for missing, part in parts.items() if part is None)
    return absent + (measured.economics.missing if measured.economics else ())


def _provenance(trial: Trial, data: TrialData, measured: Measured) -> Provenance:
    rates = measured.economics.rates if measured.economics else ()
    return Provenance(
        versions=tuple((library, version(library)) for library in LIBRARIES),
        trial_digest=trial.digest,
        inputs=(*data.digests, *((file.name, file.digest) for file in trial.comments)),
        seeds=_seeds(trial, measured),
        rate_tables=tuple(sorted({(use.rate, use.in_force) for use in rates})),
        simulated=isinstance(trial.data, RegisterFolder) and trial.data.simulated,
        code_list=data.codes.vintage if isinstance(data, RegisterData) else "",
    )


def _seeds(trial: Trial, measured: Measured) -> tuple[tuple[str, int], ...]:
    """The seed of the draw, and that of the draws with which it was compared."""
    drawn = (("assignment", trial.assignment.seed),) if isinstance(trial.assignment, PlannedDraw) else ()
    compared = None if measured.balance is None else measured.balance.seed
    return drawn if compared is None else (*drawn, ("balance", compared))
