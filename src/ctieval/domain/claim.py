"""A public claim of a saving, and what is known of it: steps from the stated amount to what each payer keeps."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from ctieval.domain.posting import Party
from ctieval.domain.source import Source
from ctieval.domain.wording import Label


class Basis(StrEnum):
    """What the claim says its amount is: benefit, or what the municipality keeps of it after the state's refund."""

    GROSS = "gross"
    NET_OF_REFUND = "net_of_refund"
    NOT_STATED = "not_stated"


class Standing(StrEnum):
    """What a number rests on.

    Stated is said by whoever claims; sourced has a document of its own; rate book is law or a published rate; given is
    somebody's word without a source, and illustrative is made up to show the steps.
    """

    STATED = "stated"
    SOURCED = "sourced"
    RATE_BOOK = "rate_book"
    GIVEN = "given"
    ILLUSTRATIVE = "illustrative"
    NOT_DOCUMENTED = "not_documented"


class Step(StrEnum):
    """Steps of the audit, in their order."""

    CLAIMED = "claimed"
    COUNTERFACTUAL = "counterfactual"
    REFUND = "refund"
    PROGRAMME_COST = "programme_cost"
    OWN_TAX = "own_tax"
    EQUALISATION = "equalisation"
    TAX_ON_WAGES = "tax_on_wages"


class Background(StrEnum):
    """What a claim must state beside its amount to be judged."""

    CONTROL_GROUP = "control_group"
    SELF_SUPPORTING = "self_supporting"
    PARTICIPANTS = "participants"
    PERIOD_MONTHS = "period_months"


@dataclass(frozen=True, slots=True)
class Span:
    """A number known to lie between two ends; None for an end that nobody knows.

    Attributes:
        low: Lowest.
        high: Highest.
    """

    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class Known:
    """A number, or a range, with what it rests on.

    Attributes:
        low: Lowest.
        high: Highest; the same for one number.
        standing: What it rests on.
        source: What proves it, or None where it was given without.
    """

    low: float
    high: float
    standing: Standing
    source: Source | None


@dataclass(frozen=True, slots=True)
class Claim:
    """What somebody says was saved, and what is known beside it; None for what nobody states.

    Attributes:
        title: Whose claim it is.
        on: Day of the claim; rates are those of that day.
        saving: The stated saving in kroner.
        basis: What the claim says its amount is.
        control_group: Whether there was a control group; None where that is not stated.
        would_have_left: Share of the saving that would have come without the programme.
        ladder_week: Week on the refund ladder of those whose benefit was saved.
        programme_cost: Kroner that the programme cost the municipality.
        municipal_tax: The municipality's own income tax rate, a share.
        average_tax: Average municipal income tax rate of the country, a share.
        background: Other things that the claim states, by name.
    """

    title: Label
    on: date
    saving: Known
    basis: Basis
    control_group: Known | None = None
    would_have_left: Known | None = None
    ladder_week: Known | None = None
    programme_cost: Known | None = None
    municipal_tax: Known | None = None
    average_tax: Known | None = None
    background: tuple[tuple[Background, Known], ...] = ()


@dataclass(frozen=True, slots=True)
class ClaimStep:
    """One step of the audit.

    Attributes:
        step: Which step.
        standing: What it rests on.
        number: The share or amount that the step uses, or None where nobody knows it.
        postings: Kroner of each party that the step concerns, a gain being positive.
        municipality: What is left to the municipality after the step.
        source: What proves the number, or None.
    """

    step: Step
    standing: Standing
    number: Span | None
    postings: tuple[tuple[Party, Span], ...]
    municipality: Span
    source: Source | None

    def posting(self, party: Party) -> Span | None:
        """Return the kroner of one party, or None where the step does not concern it."""
        return next((span for whose, span in self.postings if whose is party), None)


@dataclass(frozen=True, slots=True)
class ClaimReading:
    """The audit under one reading of the claim.

    Attributes:
        basis: What the amount is taken to be.
        steps: The steps, in their order.
        totals: What each party gains or loses over all steps but the tax of wages, which nobody documents.
    """

    basis: Basis
    steps: tuple[ClaimStep, ...]
    totals: tuple[tuple[Party, Span], ...]

    def after(self, step: Step) -> Span:
        """Return what is left to the municipality after a step."""
        return next(each.municipality for each in self.steps if each.step is step)


@dataclass(frozen=True, slots=True)
class ClaimAudit:
    """What is known of a claim.

    Attributes:
        claim: The claim.
        readings: One reading, or both where the claim does not state its basis.
        causal: True only where the counterfactual comes from a control group.
        after_refund: What the municipality keeps after refund and programme cost (M0), over all readings.
        after_equalisation: The same after its own tax and equalisation (M2), before the tax of wages gained.
    """

    claim: Claim
    readings: tuple[ClaimReading, ...]
    causal: bool
    after_refund: Span
    after_equalisation: Span
