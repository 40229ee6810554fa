"""Effects on several quantities and their joint draws, by name; how they are drawn lives elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.errors import InputError


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class JointDraws:
    """Arm contrasts of several quantities per person drawn, with joint draws of them.

    Attributes:
        names: Names of the quantities, such as lines of the account and outcomes.
        estimate: Estimates, shape (q,); money is positive where the account gains.
        draws: Draws, one row a replicate, shape (R, q).
    """

    names: tuple[str, ...]
    estimate: FloatArray
    draws: FloatArray

    def __repr__(self) -> str:
        """Name the size."""
        return f"JointDraws({len(self.draws)} draws of {', '.join(self.names)})"

    def of(self, name: str) -> tuple[float, FloatArray]:
        """Return the estimate of one quantity and its draws, shape (R,).

        Raises:
            InputError: If there is no such quantity.
        """
        place = self._place(name)
        return float(self.estimate[place]), self.draws[:, place]

    def total(self, names: Sequence[str]) -> tuple[float, FloatArray]:
        """Return the sum of some quantities and its draws, shape (R,).

        Raises:
            InputError: If one of them is not there.
        """
        places = [self._place(name) for name in names]
        return float(self.estimate[places].sum()), np.sum(self.draws[:, places], axis=1)

    def _place(self, name: str) -> int:
        if name not in self.names:
            raise InputError(
                what="there are no draws of a quantity",
                where="the joint draws",
                found=", ".join(self.names),
                expected=name,
                do="draw it together with the others, or leave it out of the plan of the decision",
            )
        return self.names.index(name)
