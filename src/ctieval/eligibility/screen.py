"""Screening: every criterion on everybody, and what is known of each person before the draw."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import Criterion, Eligibility, InRegister, MinimumUnemployment
from ctieval.domain.registers import Registers
from ctieval.eligibility.criteria import Check, age_in_years, check_criterion, weeks_to_look_back
from ctieval.eligibility.past import Past, build_past
from ctieval.eligibility.spells import count_longest_run
from ctieval.registers.codes import CodeList

LONGEST_BASELINE_WEEKS = 104
UNDECLARED_BENEFITS = "public_support"


def screen(eligibility: Eligibility, registers: Registers, codes: CodeList) -> Cohort:
    """Check every criterion on everybody in the registers.

    Whoever is dead or moved away by the day is out for that reason alone: where there is such a person, ``InRegister``
    stands before the criteria of the plan, which are not applied to her.

    Who is admitted does not depend on the order of the criteria; the first reason of those kept out does. Weeks
    after the week of the look-up, and periods after the day, are never seen.

    The characteristics hold, in the order of ``person_id``: ``municipality``, ``sex``, ``provider`` and ``unit``
    where the extract has them, ``age_years``, ``benefit_weeks_52`` and ``benefit_weeks_104`` (weeks on the declared
    benefits in the 52 and 104 weeks that end with the week of the look-up) and ``longest_spell_weeks_104`` (longest
    run of such weeks in the 104). A number of weeks is NaN where a week of its window is not observed. The benefits
    are those of the first criterion that declares any, else all public support.

    Args:
        eligibility: The criteria and the day of the look-up.
        registers: The register extracts.
        codes: The code list.

    Returns:
        Everybody screened, each with the outcome of every criterion.

    Raises:
        InputError: If the code list has no set of the name that a criterion declares.
    """
    declared = [c for c in eligibility.criteria if isinstance(c, MinimumUnemployment)]
    weeks_back = max(LONGEST_BASELINE_WEEKS, weeks_to_look_back(declared))
    past = build_past(registers, eligibility.as_of, weeks_back=weeks_back)
    checked = _check_all(eligibility.criteria, past, codes)
    no_criterion = np.zeros((len(past.persons), 0), dtype=np.bool_)
    benefits = declared[0].benefits if declared else UNDECLARED_BENEFITS
    return Cohort(
        person_id=past.person_id,
        as_of=eligibility.as_of,
        criteria=tuple(criterion for criterion, _ in checked),
        failed=np.column_stack([no_criterion, *(check.failed for _, check in checked)]),
        not_assessable=np.column_stack([no_criterion, *(check.not_assessable for _, check in checked)]),
        characteristics=_characteristics(past, codes.lookup(benefits)),
        warnings=tuple(notice for _, check in checked for notice in check.warnings),
    )


def _check_all(criteria: tuple[Criterion, ...], past: Past, codes: CodeList) -> list[tuple[Criterion, Check]]:
    """Check every criterion on those in the register, and that standing one first where somebody is not."""
    standing = InRegister()
    gone = check_criterion(standing, past, codes)
    here = ~gone.failed
    checked = [(criterion, check_criterion(criterion, past, codes).among(here)) for criterion in criteria]
    return checked if here.all() else [(standing, gone), *checked]


def _characteristics(past: Past, benefits: BoolArray) -> pd.DataFrame:
    """One row a person, in the order of the persons."""
    kept = [name for name in ("municipality", "sex", "provider", "unit") if name in past.persons]
    on_benefit = benefits[past.code]
    return past.persons[kept].assign(
        age_years=age_in_years(past.days("birth_date"), np.datetime64(past.as_of, "D")),
        benefit_weeks_52=_where_observed(on_benefit[:, -52:].sum(axis=1), past, 52),
        benefit_weeks_104=_where_observed(on_benefit[:, -104:].sum(axis=1), past, 104),
        longest_spell_weeks_104=_where_observed(count_longest_run(on_benefit[:, -104:]), past, 104),
    )


def _where_observed(weeks: IntArray, past: Past, window: int) -> FloatArray:
    """Weeks of those whose last ``window`` weeks are all observed, NaN for the others."""
    return np.where(past.observed[:, -window:].all(axis=1), weeks, np.nan)
