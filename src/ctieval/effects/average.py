"""Average effects on the outcomes that were measured in both arms."""

from __future__ import annotations

import math
from dataclasses import replace

from ctieval.domain.allocation import Allocation
from ctieval.domain.arms import ArmPair
from ctieval.domain.arrays import FloatArray
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.outcome import MeasuredIn, Outcome
from ctieval.domain.outcome_table import OutcomeTable
from ctieval.domain.provenance import Provenance
from ctieval.domain.wording import Notice
from ctieval.effects.notices import FEW_DIFFER, name_contrast, notices_of_design
from ctieval.errors import EstimationError
from ctieval.inference.by_design import by_design
from ctieval.inference.learned_design import learned_design


def estimate_effects(
    outcomes: OutcomeTable,
    allocation: Allocation,
    provenance: Provenance,
    *,
    pairs: tuple[ArmPair, ...] | None = None,
    conf_level: float = 0.95,
) -> EffectTable:
    r"""Estimate the average effect on every outcome that was measured in both arms.

    The estimator, its variance and its degrees of freedom follow from the design of the allocation
    (``inference.by_design``). Each person counts once, as drawn, whatever she took part in (intention to
    treat). Persons without a value are left out of that outcome; ``n_treated`` and ``n_control`` count those
    who remain, and a ``W-MISSING-OUTCOME`` notice names the outcome. An outcome that cannot be estimated
    becomes a ``W-NOT-ESTIMABLE`` notice, so that the others still come out; one that does not vary becomes
    ``W-NO-VARIATION`` and has no interval. Where the spread of an arm rests on fewer than five persons, as with
    rare events, the interval is too short and a ``W-FEW-DIFFER`` notice says so; ``withhold_intervals`` then
    takes it out of what is published. Where arms of unequal size and a skewed outcome make the estimate itself skewed,
    the interval covers too seldom, and a ``W-SKEWED`` notice says so (``inference.skewness``). ``effects.notices``
    lists the others. An outcome measured in the intervention alone gives no row.

    Several interventions are each held against the control, one row a contrast; a ``W-SEVERAL-CONTRASTS`` notice says
    how many there are, since the intervals hold one at a time.

    Args:
        outcomes: Outcomes by person, in the order of the allocation.
        allocation: The allocation, with its design.
        provenance: What the outcomes were made from.
        pairs: The contrasts; each intervention against the control if None, and ``Arms.all_pairs`` for those between
            interventions as well.
        conf_level: Level of the intervals, in (0, 1).

    Returns:
        One row an outcome and contrast, in the declared order.

    References:
        Neyman, J. (1923/1990). Statistical Science 5(4), 465-472; ``by_design`` gives the formulas.

    Examples:
        >>> import numpy as np
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
        >>> from ctieval.domain.units import Unit
        >>> from ctieval.domain.wording import Label
        >>> persons = np.array(list("abcd"), dtype=object)
        >>> allocation = Allocation(
        ...     person_id=persons,
        ...     arm=np.array([0, 0, 1, 1]),
        ...     probability=np.full((4, 2), 0.5),
        ...     block=np.zeros(4, dtype=np.int64),
        ...     block_labels=("",),
        ...     cluster=np.zeros(4, dtype=np.int64),
        ...     cluster_labels=("",),
        ...     randomised_on=np.full(4, np.datetime64("2018-02-05")),
        ...     arms=Arms("intervention", "control"),
        ...     design=Complete(2),
        ...     proof=Declared(),
        ... )
        >>> weeks = ColumnOutcome(
        ...     name="weeks", label=Label("Uger", "Weeks"), role=Role.PRIMARY,
        ...     better_when=BetterWhen.HIGHER, column="weeks", unit=Unit.WEEKS,
        ... )
        >>> values = np.array([[0.0], [2.0], [4.0], [8.0]])
        >>> table = OutcomeTable(persons, (weeks,), values, np.zeros((4, 1), int), np.full((4, 1), np.nan))
        >>> print(estimate_effects(table, allocation, Provenance(())))
        design: complete; 2 drawn into the intervention, 2 into the control
        weeks: 5 weeks (95 % [-8.837, 18.84], p 0.199, df 1.5, n 4)
        warnings: W-FEW-DIFFER
    """
    pairs = allocation.arms.against_control if pairs is None else pairs
    rows: list[Effect] = []
    warnings: list[Notice] = []
    for number, outcome in enumerate(outcomes.outcomes):
        if outcome.measured_in is MeasuredIn.INTERVENTION:
            continue
        if not outcomes.observed[:, number].all():
            warnings.append(Notice("W-MISSING-OUTCOME", outcome.name))
        for pair in pairs:
            row, told = _estimate(outcomes.values[:, number], outcome, allocation, pair, conf_level)
            rows += row
            warnings += told
    if len(pairs) > 1:
        warnings.append(Notice("W-SEVERAL-CONTRASTS", "effects", (("contrasts", len(pairs)),)))
    return EffectTable(tuple(rows), learned_design(allocation) if rows else "", tuple(warnings), provenance)


def _estimate(
    values: FloatArray, outcome: Outcome, allocation: Allocation, pair: ArmPair, conf_level: float
) -> tuple[tuple[Effect, ...], tuple[Notice, ...]]:
    """The effect on one outcome, or none, and what a reader must know of it."""
    try:
        found = by_design(values[:, None], allocation, pair=pair, conf_level=conf_level)
    except EstimationError as error:
        facts = (("where", error.where), *name_contrast(allocation, pair))
        return (), (Notice("W-NOT-ESTIMABLE", outcome.name, facts),)
    row = found.to_effect(0, outcome=outcome.name, unit=outcome.unit, window=outcome.window_text)
    return (row,), tuple(notices_of_design(outcome.name, found, values, allocation, pair))


def withhold_intervals(effects: EffectTable) -> EffectTable:
    """Take the interval and the test out of every effect that a ``W-FEW-DIFFER`` notice names.

    Args:
        effects: Effects with their notices.

    Returns:
        A new table; estimates and standard errors stay.
    """
    few = {
        (notice.subject, contrast)
        for notice in effects.warnings
        if notice.code == FEW_DIFFER
        for contrast in _contrasts_of(notice, effects)
    }
    unknown = {"statistic": math.nan, "df": math.nan, "p_value": math.nan, "conf_low": math.nan, "conf_high": math.nan}
    rows = tuple(replace(row, **unknown) if (row.outcome, row.contrast) in few else row for row in effects.rows)
    return replace(effects, rows=rows)


def _contrasts_of(notice: Notice, effects: EffectTable) -> tuple[str, ...]:
    """The contrast that a notice names, or all where there is no need to name one."""
    named = tuple(str(fact) for name, fact in notice.facts if name == "contrast")
    return named or tuple({row.contrast for row in effects.rows})
