"""The arms of a trial."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class ArmPair:
    """Two arms that are compared.

    Attributes:
        arm: Number of the arm whose effect it is.
        reference: Number of the arm that it is held against.
    """

    arm: int = 1
    reference: int = 0


FIRST_PAIR = ArmPair()
"""The intervention, or the first of several, against the control."""


@dataclass(frozen=True, slots=True)
class Arms:
    """Names of the arms; in arrays the control is 0, the intervention 1, and further interventions 2 and more.

    Attributes:
        intervention: Name of the arm that was offered the intervention, or the first of several.
        control: Name of the arm that was offered the usual services.
        others: Names of the further arms that were each offered an intervention of their own.
    """

    intervention: str
    control: str
    others: tuple[str, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """Names in the order of the codes: control, intervention, others."""
        return (self.control, self.intervention, *self.others)

    @property
    def contrast(self) -> str:
        """The first contrast as it stands in an effect table."""
        return self.name_pair(FIRST_PAIR)

    @property
    def against_control(self) -> tuple[ArmPair, ...]:
        """Each intervention against the control."""
        return tuple(ArmPair(arm) for arm in range(1, len(self.labels)))

    @property
    def all_pairs(self) -> tuple[ArmPair, ...]:
        """Each intervention against the control, and then each against those before it."""
        among = combinations(range(1, len(self.labels)), 2)
        return (*self.against_control, *(ArmPair(high, low) for low, high in among))

    def name_pair(self, pair: ArmPair) -> str:
        """Return a contrast as it stands in an effect table."""
        return f"{self.labels[pair.arm]} - {self.labels[pair.reference]}"

    def find_pair(self, contrast: str) -> ArmPair:
        """Return the pair that a contrast in an effect table names."""
        return next(pair for pair in self.all_pairs if self.name_pair(pair) == contrast)
