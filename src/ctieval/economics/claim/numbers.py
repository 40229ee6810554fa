"""The numbers that a claim is audited with: those of the claim, those of the rate book, and those that nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from ctieval.domain.claim import Claim, Known, Standing
from ctieval.errors import RateNotInForceError, RateUnverifiedError, UnknownRateError
from ctieval.rates.book import RateBook, RateSchedule, RateValue
from ctieval.rates.rate import Step

REFUND_SHARE = "refund_share"
MUNICIPAL_TAX = "municipal_tax"
AVERAGE_TAX = "average_municipal_tax"
EQUALISATION = "equalisation_share"

_Found = TypeVar("_Found")


@dataclass(frozen=True, slots=True)
class ClaimNumbers:
    """What each step of the audit needs; None where nobody knows it.

    Attributes:
        saving: Stated saving, kroner.
        would_have_left: Share that would have come anyway.
        state_share: The state's share of the benefit.
        programme_cost: Kroner.
        municipal_tax: Share.
        average_tax: Share.
        equalisation: Share.
    """

    saving: Known
    would_have_left: Known | None
    state_share: Known | None
    programme_cost: Known | None
    municipal_tax: Known | None
    average_tax: Known | None
    equalisation: Known | None


def find_numbers(claim: Claim, book: RateBook) -> ClaimNumbers:
    """Find the numbers of a claim; rates are those in force and verified on the day of the claim.

    The state's share is that of the week on the ladder. Where no week is stated, it lies between the lowest and the
    highest step, which the law does state. The municipality's tax is the claim's own, or else the rate book's.

    Args:
        claim: The claim.
        book: The rate book.

    Raises:
        RateError: If a rate is of another kind than its name says.
    """
    return ClaimNumbers(
        saving=claim.saving,
        would_have_left=claim.would_have_left,
        state_share=_state_share(claim, book),
        programme_cost=claim.programme_cost,
        municipal_tax=claim.municipal_tax or _rate(book, MUNICIPAL_TAX, claim),
        average_tax=claim.average_tax or _rate(book, AVERAGE_TAX, claim),
        equalisation=_rate(book, EQUALISATION, claim),
    )


def _state_share(claim: Claim, book: RateBook) -> Known | None:
    schedule = _or_none(lambda: book.schedule(REFUND_SHARE, claim.on))
    if schedule is None:
        return None
    shares = [step.amount for step in _reached(schedule, claim.ladder_week)]
    return Known(min(shares), max(shares), Standing.RATE_BOOK, schedule.source)


def _reached(schedule: RateSchedule, week: Known | None) -> list[Step]:
    """Steps that some week between two may be on; every step where no week is stated."""
    if week is None:
        return list(schedule.steps)
    before = [step for step in schedule.steps if step.start <= week.low]
    return [*before[-1:], *(step for step in schedule.steps if week.low < step.start <= week.high)]


def _rate(book: RateBook, name: str, claim: Claim) -> Known | None:
    found: RateValue | None = _or_none(lambda: book.value(name, claim.on))
    return None if found is None else Known(found.amount, found.amount, Standing.RATE_BOOK, found.source)


def _or_none(look_up: Callable[[], _Found]) -> _Found | None:
    try:
        return look_up()
    except (UnknownRateError, RateNotInForceError, RateUnverifiedError):
        return None
