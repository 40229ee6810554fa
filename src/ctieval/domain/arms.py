"""The arms of a trial."""

from __future__ import annotations

from dataclasses import dataclass


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
        return f"{self.intervention} - {self.control}"
