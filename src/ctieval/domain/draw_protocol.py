"""The facts of a draw that are signed and filed: numbers and digests, and no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ctieval.domain.wording import Label, Phrase


@dataclass(frozen=True, slots=True)
class DrawnBlock:
    """One block of a draw.

    Attributes:
        label: Its label; an empty text where the design has none.
        persons: Persons in each arm, the control first.
        probabilities: Exact probability of each arm as a fraction.
    """

    label: str
    persons: tuple[int, ...]
    probabilities: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DrawProtocol:
    """What is known of a draw without knowing who was drawn.

    Attributes:
        title: Title of the trial.
        arms: Names of the arms, the control first.
        design: What the design does, as a phrase.
        blocks: The blocks, in the order of their labels.
        seed: Seed of the draw.
        generator: Name of the bit generator.
        versions: Name and version of what drew.
        randomised_on: Day from which a drawn person's weeks are counted.
        drawn_at: Moment of the draw as ISO 8601 writes it, or an empty text.
        drawn_by: Who drew, or an empty text.
        record: Name of the record's file.
        record_digest: SHA-256 of the record.
        cohort_digest: SHA-256 of who entered.
        plan_digest: SHA-256 of what the plan had fixed.
        holds: True where the draw was repeated from the record just now, with the same arms.
    """

    title: Label
    arms: tuple[str, ...]
    design: Phrase
    blocks: tuple[DrawnBlock, ...]
    seed: int
    generator: str
    versions: tuple[tuple[str, str], ...]
    randomised_on: date
    drawn_at: str
    drawn_by: str
    record: str
    record_digest: str
    cohort_digest: str
    plan_digest: str
    holds: bool
