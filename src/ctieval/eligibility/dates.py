"""The target group on several days: the same criteria, each day with what was known by then."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import numpy as np

from ctieval.domain.criterion import Eligibility
from ctieval.domain.eligible_days import EligibleDays
from ctieval.domain.registers import Registers
from ctieval.eligibility.assess import LookedUp
from ctieval.eligibility.criteria import Check, weeks_to_look_back
from ctieval.eligibility.past import build_past
from ctieval.registers.codes import CodeList


def screen_dates(eligibility: Eligibility, registers: Registers, codes: CodeList, days: Iterable[date]) -> EligibleDays:
    """Screen everybody on each of several days, as of an intake that goes on.

    Each day is what ``screen`` finds on it: nothing after the day is seen, and an intake in May knows no more of April
    than a look-up in April did. That somebody was found before, or drawn, changes nothing here.

    Args:
        eligibility: The criteria; its own day is not used.
        registers: The register extracts, which may reach beyond the days.
        codes: The code list.
        days: The days, in any order; a day named twice is looked up once. At least one.

    Returns:
        Everybody on each day.

    Raises:
        ValueError: If there is no day.
        InputError: If the code list has no set of the name that a criterion declares.
    """
    ordered = sorted(set(days))
    if not ordered:
        msg = "a look-up needs a day"
        raise ValueError(msg)
    found = [_judge(eligibility, registers, codes, day) for day in ordered]
    return EligibleDays(
        person_id=np.sort(registers.persons["person_id"].to_numpy(dtype=np.object_)),
        days=np.array(ordered, dtype="datetime64[D]"),
        eligible=np.column_stack([check.met for check in found]),
        not_assessable=np.column_stack([check.not_assessable for check in found]),
    )


def _judge(eligibility: Eligibility, registers: Registers, codes: CodeList, day: date) -> Check:
    past = build_past(registers, day, weeks_back=weeks_to_look_back(eligibility.criteria))
    return LookedUp(past, codes).judge(eligibility.criteria)
