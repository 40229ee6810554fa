"""The two arms of a trial."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arms:
    """Names of the arms; in arrays the control is 0 and the intervention 1.

    Attributes:
        intervention: Name of the arm that was offered the intervention.
        control: Name of the arm that was offered the usual services.
    """

    intervention: str
    control: str

    @property
    def labels(self) -> tuple[str, str]:
        """Names in the order of the codes: control, intervention."""
        return (self.control, self.intervention)

    @property
    def contrast(self) -> str:
        """The contrast as it stands in an effect table."""
        return f"{self.intervention} - {self.control}"
