"""How many would be in the target group, were its thresholds others; which are tried stands in ``alternatives``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, StrArray
from ctieval.domain.criterion import Criterion, Eligibility
from ctieval.domain.registers import Registers
from ctieval.domain.sensitivity import Alternative, TargetSensitivity, Thresholds, Varied, thresholds_of
from ctieval.eligibility.alternatives import Ranges, change_thresholds, list_grid, list_one_way, usual_ranges
from ctieval.eligibility.assess import LookedUp
from ctieval.eligibility.criteria import weeks_to_look_back
from ctieval.eligibility.past import build_past
from ctieval.registers.codes import CodeList


def screen_alternatives(
    eligibility: Eligibility,
    registers: Registers,
    codes: CodeList,
    *,
    ranges: Ranges | None = None,
    drawn: StrArray | None = None,
) -> TargetSensitivity:
    r"""Count the target group under other thresholds: each alone, and age with weeks.

    With :math:`P` the target group as planned and :math:`A` that of an alternative,

    .. math::
        |A| = |P| + |A \setminus P| - |P \setminus A| ,

    of which each part is counted. Each alternative is what ``screen`` would find with that criterion in the plan. It is
    not screened anew: the spell of everybody is measured once for each gap rule and set of benefits, and compared with
    every threshold, so that the whole table takes about as long as a screening for each of these.

    Args:
        eligibility: The criteria and the day of the look-up.
        registers: The register extracts.
        codes: The code list.
        ranges: The thresholds to try; None for those usual around the planned ones (``usual_ranges``).
        drawn: Identifiers of the persons drawn, shape (m,), or None where nobody is drawn yet.

    Returns:
        The counts; no alternative changes a threshold that the plan does not have.

    Raises:
        InputError: If the code list has no set of the name that a criterion declares.
    """
    planned = thresholds_of(eligibility.criteria)
    tried = usual_ranges(planned, codes) if ranges is None else ranges
    one_way, grid = tuple(list_one_way(planned, tried)), tuple(list_grid(planned, tried))
    asked = {
        each: change_thresholds(eligibility.criteria, each) for each in (planned, *(t for _, t in (*one_way, *grid)))
    }
    weeks_back = weeks_to_look_back(criterion for criteria in asked.values() for criterion in criteria)
    everybody = LookedUp(build_past(registers, eligibility.as_of, weeks_back=weeks_back), codes)
    counts = _Counts(everybody, asked, planned, drawn)
    return TargetSensitivity(
        as_of=eligibility.as_of,
        planned=planned,
        one_way=tuple(counts.of(*each) for each in one_way),
        grid=tuple(counts.of(*each) for each in grid),
    )


class _Counts:
    """Counts each alternative once, beside the plan."""

    def __init__(
        self,
        everybody: LookedUp,
        asked: dict[Thresholds, tuple[Criterion, ...]],
        planned: Thresholds,
        drawn: StrArray | None,
    ) -> None:
        self._found: dict[Thresholds, Alternative] = {}
        self._plan = everybody.judge(asked[planned]).met
        self._drawn = None if drawn is None else _is_among(everybody.past.person_id, drawn)
        self._everybody, self._asked = everybody, asked

    def of(self, varied: Varied, thresholds: Thresholds) -> Alternative:
        """Count one alternative."""
        if thresholds not in self._found:
            self._found[thresholds] = self._count(varied, thresholds)
        return replace(self._found[thresholds], varied=varied)

    def _count(self, varied: Varied, thresholds: Thresholds) -> Alternative:
        check = self._everybody.judge(self._asked[thresholds])
        return Alternative(
            varied=varied,
            thresholds=thresholds,
            eligible=_n(check.met),
            gained=_n(check.met & ~self._plan),
            lost=_n(self._plan & ~check.met),
            not_assessable=_n(check.not_assessable),
            drawn_eligible=None if self._drawn is None else _n(check.met & self._drawn),
        )


def _n(persons: BoolArray) -> int:
    return int(np.count_nonzero(persons))


def _is_among(person_id: StrArray, drawn: StrArray) -> BoolArray:
    return pd.Index(person_id, dtype=object).isin(drawn)
