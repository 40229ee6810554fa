"""What one effect is an effect of, in the five attributes of ICH E9(R1): keys and facts, no sentence."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.outcome import Role
from ctieval.domain.wording import Phrase


class Event(StrEnum):
    """What may come between the draw and the outcome.

    ``EXIT`` is death or old-age pension. ``MOVED`` is a move out of the municipality's register, or emigration.
    """

    NEVER_STARTED = "never_started"
    EXIT = "exit"
    MOVED = "moved"
    DISABILITY_PENSION = "disability_pension"
    SUPPORTED_JOB = "supported_job"
    WITHDRAWN_CONSENT = "withdrawn_consent"
    NO_ANSWER = "no_answer"
    NO_VALUE = "no_value"


class Strategy(StrEnum):
    """How an event is dealt with.

    ``TREATMENT_POLICY``: it is part of what the offer leads to, and what follows counts as it is. ``COMPOSITE``: it is
    part of the outcome, as weeks out of the state. ``NOT_OBSERVED``: what follows is not known, and the person is
    left out of the outcome. ``WITHDRAWN``: her data may no longer be used.
    """

    TREATMENT_POLICY = "treatment_policy"
    COMPOSITE = "composite"
    NOT_OBSERVED = "not_observed"
    WITHDRAWN = "withdrawn"


class Summary(StrEnum):
    """What is compared between the arms."""

    MEANS = "means"
    SHARES = "shares"


@dataclass(frozen=True, slots=True)
class Intercurrent:
    """An event and how it is dealt with.

    Attributes:
        event: The event.
        strategy: How it is dealt with.
    """

    event: Event
    strategy: Strategy


@dataclass(frozen=True, slots=True)
class EstimandCard:
    """One estimand.

    Attributes:
        outcome: Short name of the outcome.
        role: Its place in the plan.
        population: Whom it is about.
        arms: What is compared with what.
        events: What may come between, and how each is dealt with.
        summary: What is compared between the arms.
        estimands: Keys of the effects in the report that it explains, such as ``ate_persons``.
    """

    outcome: str
    role: Role
    population: Phrase
    arms: Phrase
    events: tuple[Intercurrent, ...]
    summary: Summary
    estimands: tuple[str, ...]
