"""The flow of participants, from screened to analysed; its numbers provably add up."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.wording import Phrase


@dataclass(frozen=True, slots=True)
class ExclusionCount:
    """How many a criterion keeps out.

    Attributes:
        reason: Phrase of the criterion, or ``not_assessable`` of it.
        first: Persons for whom it is the first reason; these add up to everybody kept out.
        any: Persons whom it keeps out, whatever else does; None where hidden.
        only: Persons whom nothing else keeps out; None where hidden.
    """

    reason: Phrase
    first: int | None
    any: int | None
    only: int | None


@dataclass(frozen=True, slots=True)
class ScreeningFlow:
    """From screened to eligible.

    Attributes:
        screened: Everybody looked up.
        exclusions: Counts by reason.
        eligible: Those who meet every criterion.
    """

    screened: int | None
    exclusions: tuple[ExclusionCount, ...]
    eligible: int | None


@dataclass(frozen=True, slots=True)
class LossCount:
    """How many in an arm have no value of an outcome, for one reason.

    Attributes:
        reason: Key of the reason, the lower-case name of a ``Status``.
        n: Persons; None where hidden.
    """

    reason: str
    n: int | None


@dataclass(frozen=True, slots=True)
class FollowUp:
    """Observed and lost in one arm, for one outcome.

    Attributes:
        outcome: Short name of the outcome.
        arm: 0 for the control, 1 for the intervention.
        observed: Persons with a value; None where hidden.
        lost: Persons without one, by reason.
    """

    outcome: str
    arm: int
    observed: int | None
    lost: tuple[LossCount, ...]


@dataclass(frozen=True, slots=True)
class BlockCount:
    """Persons in one block and arm.

    Attributes:
        block: Label of the block; empty where the design has none.
        control: Persons in the control; None where hidden.
        intervention: Persons in the intervention; None where hidden.
    """

    block: str
    control: int | None
    intervention: int | None


@dataclass(frozen=True, slots=True)
class OtherArm:
    """An intervention that is not described: its effects are all that is told of it.

    Attributes:
        name: Name of the arm.
        drawn: Persons drawn into it; None where hidden.
    """

    name: str
    drawn: int | None


@dataclass(frozen=True, slots=True)
class ParticipantFlow:
    """The whole flow.

    Attributes:
        screening: From screened to eligible; None where the persons came already screened.
        allocated: Persons per arm: control, intervention; None where hidden.
        blocks: Persons per block and arm; they add up to ``allocated``.
        follow_up: Observed and lost, by outcome and arm; each adds up to the arm.
        other_arms: Interventions beside the one that is described, of several.
    """

    screening: ScreeningFlow | None
    allocated: tuple[int | None, int | None]
    blocks: tuple[BlockCount, ...]
    follow_up: tuple[FollowUp, ...]
    other_arms: tuple[OtherArm, ...] = ()
