"""The state of each person drawn in each of her own weeks; what the arms add up to lives in ``state_paths``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

from ctieval.domain.arrays import FloatArray
from ctieval.domain.window import Window

CellArray: TypeAlias = npt.NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class WeeklyStates:
    """Where everybody was, week by week around her own draw.

    Attributes:
        window: The weeks; negative before the draw.
        place: Place in ``PATH_STATES``, shape (n, weeks), in the person order of the allocation; negative
            where the state is not known.
        curves: For each of ``PATH_CURVES`` 1 in the state, 0 out of it, negative where it is not known, shape
            (n, weeks) each.
    """

    window: Window
    place: CellArray
    curves: tuple[CellArray, ...]

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"WeeklyStates({self.place.shape[0]} persons, {self.window})"

    def shares_in(self, place: int) -> FloatArray:
        """Return 1 in a state and 0 in any other, shape (n, weeks); NaN where the state is not known."""
        return np.where(self.place < 0, np.nan, (self.place == place).astype(np.float64))

    def shares_on(self, number: int) -> FloatArray:
        """Return the cells of a curve as numbers, shape (n, weeks); NaN where they are not known."""
        return np.where(self.curves[number] < 0, np.nan, self.curves[number].astype(np.float64))
