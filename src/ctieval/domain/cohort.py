"""Who was screened, who is in, and the first reason of everybody who is out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from ctieval.domain.arrays import BoolArray, IntArray, StrArray
from ctieval.domain.criterion import Criterion
from ctieval.domain.wording import Notice


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Cohort:
    """Everybody screened, with the outcome of every criterion.

    Attributes:
        person_id: Everybody screened, shape (n,), sorted.
        as_of: The day of the look-up.
        criteria: The criteria, in the order in which a first reason is given; before those of the plan stands
            ``InRegister`` where somebody is dead or moved away.
        failed: True where a criterion is assessed and not met, shape (n, criteria).
        not_assessable: True where a criterion cannot be assessed, shape (n, criteria); never also failed.
        characteristics: One row a person in the order of ``person_id``: municipality and baseline.
        warnings: Coded warnings of the screening.
    """

    person_id: StrArray
    as_of: date
    criteria: tuple[Criterion, ...]
    failed: BoolArray
    not_assessable: BoolArray
    characteristics: pd.DataFrame
    warnings: tuple[Notice, ...] = ()

    @property
    def eligible(self) -> BoolArray:
        """True for those who meet every criterion, shape (n,)."""
        return self.first_reason < 0

    @property
    def first_reason(self) -> IntArray:
        """Index of the first criterion not met or not assessable, -1 for the eligible, shape (n,)."""
        out = self.failed | self.not_assessable
        first = np.column_stack([out, np.ones(len(out), dtype=np.bool_)]).argmax(axis=1)
        return np.where(first == out.shape[1], -1, first)

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Cohort({int(self.eligible.sum())} eligible of {len(self.person_id)} screened)"
