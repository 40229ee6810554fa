"""Who took part, person by person; a fact of the data and never a person in a report."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.compliance_table import TakeUpStep
from ctieval.domain.effects_plan import LoggedTakeUp, TakeUpColumn


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class TakeUp:
    """What is known of who took part, in the person order of the allocation.

    Attributes:
        counted: What counts as taking part; None where nobody said.
        steps: How far each person came: what, so many entries at least, and who did, shape (n,).
        took_part: 1 for those who took part and 0 for others, shape (n,), NaN where not known; None where nobody said
            what counts.
        in_control_known: True where the take-up of the control is known; else nobody of it is taken to have taken part.
    """

    counted: LoggedTakeUp | TakeUpColumn | None
    steps: tuple[tuple[TakeUpStep, int, BoolArray], ...]
    took_part: FloatArray | None
    in_control_known: bool

    def __repr__(self) -> str:
        """Name the steps, never a person."""
        return f"TakeUp({self.counted!r}, {len(self.steps)} steps)"
