"""The lock of a plan: what was fixed before the outcomes were opened, when they were, and what differs since."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Change(StrEnum):
    """How a key of the plan differs from the lock."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Deviation:
    """One key of the plan that differs from the lock.

    Attributes:
        key: Dotted name of the key, such as ``outcome.ordinary_job_12m.window_weeks``.
        change: How it differs.
    """

    key: str
    change: Change


@dataclass(frozen=True, slots=True)
class PlanLock:
    """What the lock of a plan says.

    Attributes:
        digest: SHA-256 of the lock.
        locked_at: Moment of the lock, as ISO 8601 writes it.
        locked_by: Who locked it, or an empty text.
        opened_at: Moment in which the outcomes were opened, or an empty text.
        opened_by: Who opened them, or an empty text.
        deviations: What the plan says otherwise today, by key.
    """

    digest: str
    locked_at: str
    locked_by: str
    opened_at: str = ""
    opened_by: str = ""
    deviations: tuple[Deviation, ...] = ()

    @property
    def masked(self) -> bool:
        """True until the outcomes are opened."""
        return not self.opened_at
