"""Outcomes by person: each is observed, or not observed for a stated reason; never a silent zero."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray, StrArray
from ctieval.domain.outcome import Outcome


class Status(IntEnum):
    """Whether an outcome was observed on a person, and if not, why.

    ``FOLLOW_UP_ENDED``: the registers end before the window does. ``EXITED``: moved or emigrated before the
    window ends, or, where less is better, dead or on old-age pension. ``NO_ANSWER``: asked, without an answer
    that the instrument can score. ``MISSING``: the cell of an analysis-ready table is empty. ``NOT_MEASURED``:
    not measured in this person's arm. ``NOT_PRICED``: somebody's benefit has no rate that anybody knows, so that
    kroner of benefits are measured of nobody.
    """

    OBSERVED = 0
    FOLLOW_UP_ENDED = 1
    EXITED = 2
    NO_ANSWER = 3
    MISSING = 4
    NOT_MEASURED = 5
    NOT_PRICED = 6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class OutcomeTable:
    """Values of the declared outcomes, in the person order of the allocation.

    Attributes:
        person_id: Identifiers, shape (n,), the same as in the allocation.
        outcomes: The declared outcomes, k of them.
        values: Values in the unit of each outcome, shape (n, k); NaN where not observed.
        status: ``Status`` of each value, shape (n, k).
        baseline: The same measurements before the draw, shape (n, k); NaN where there is none.
    """

    person_id: StrArray
    outcomes: tuple[Outcome, ...]
    values: FloatArray
    status: IntArray
    baseline: FloatArray

    def __post_init__(self) -> None:
        """Observed values are numbers, and only they are."""
        if not np.array_equal(np.isfinite(self.values), self.observed):
            msg = "a value is a number exactly where its status is OBSERVED"
            raise ValueError(msg)

    @property
    def observed(self) -> BoolArray:
        """True where observed, shape (n, k)."""
        return self.status == Status.OBSERVED

    def __repr__(self) -> str:
        """Name the size, never a person."""
        names = ", ".join(outcome.name for outcome in self.outcomes)
        return f"OutcomeTable({len(self.person_id)} persons; {names})"
