"""What a plan declares about the columns of a DREAM file; which columns there are is read off the file itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class FullTime:
    """What full-time work is in a DREAM file.

    Neither is documented in public: the manual calls ``grad_YYYY_MM`` a degree of employment and gives no scale that
    we could read, so both are the user's to state, and nothing stands in for them.

    Attributes:
        degree: The degree of employment (``grad_YYYY_MM``) of full-time work.
        hours: Paid hours in a month of full-time work.
    """

    degree: float
    hours: float


@dataclass(frozen=True, slots=True)
class DreamColumns:
    """What the file does not say of itself, and nobody may guess.

    Attributes:
        headings: The heading in the file of each field of ``persons`` that is declared, such as ``birth_date``.
        meanings: For each field of ``persons`` that is declared, what a cell of the file stands for, such as
            ``activity_ready``.
        full_time: What full-time work is, or None: then the months say who had work, not for how many hours.
    """

    headings: Mapping[str, str] = field(default_factory=dict[str, str])
    meanings: Mapping[str, Mapping[str, str]] = field(default_factory=dict[str, Mapping[str, str]])
    full_time: FullTime | None = None
