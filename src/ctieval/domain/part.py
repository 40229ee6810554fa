"""What an evaluation is a part of, where it is that of one municipality of a joint trial."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """One municipality among those of a joint trial.

    Attributes:
        municipality: Its number, such as ``153``.
        municipalities: How many took part in the trial, itself among them.
        allocated: Persons drawn into control and intervention in the whole trial; None where hidden.
    """

    municipality: str
    municipalities: int
    allocated: tuple[int | None, int | None]
