"""What the trial cost and saved per person drawn, by payer; every line an effect with its uncertainty."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.effect_table import Effect
from ctieval.domain.source import Source
from ctieval.domain.wording import MissingInput, Notice


class Account(StrEnum):
    """Who pays or saves."""

    MUNICIPALITY = "municipality"
    STATE = "state"
    PUBLIC = "public"


class View(StrEnum):
    """With or without the project grant; ordinary operation leads."""

    ORDINARY_OPERATION = "ordinary_operation"
    AS_FUNDED = "as_funded"


class Line(StrEnum):
    """Lines of the account, in the order of the table; all in kroner, positive is a gain to the account."""

    BENEFIT_SAVED = "benefit_saved"
    REFUND_LOST = "refund_lost"
    PROGRAMME_COST = "programme_cost"
    PROJECT_GRANT = "project_grant"
    NET_RESULT = "net_result"


class PaymentBasis(StrEnum):
    """Where the kroner come from: actually paid, or weeks times the dated rate."""

    PAID = "paid"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class LedgerLine:
    """One line of one account in one view.

    Attributes:
        account: Who gains.
        view: With or without the grant.
        line: Which line.
        effect: Kroner per person drawn: the arm contrast with its interval. A line that is the same for
            every person drawn has a standard error of 0 and an interval of one point.
    """

    account: Account
    view: View
    line: Line
    effect: Effect


@dataclass(frozen=True, slots=True)
class RateUse:
    """One dated value that went into the account.

    Attributes:
        rate: Name of the rate.
        in_force: First day of the value.
        amount: The amount.
        unit: Value of ``RateUnit``.
        source: What proves it.
    """

    rate: str
    in_force: str
    amount: float
    unit: str
    source: Source


@dataclass(frozen=True, slots=True)
class CostBenefit:
    """The whole account.

    Attributes:
        lines: Lines by account and view; the lines before ``NET_RESULT`` add up to it. An account whose
            benefits are not known has none.
        weeks_saved: Effect on weeks of public payment, the quantity behind the saving; a gain is positive.
        horizon_weeks: Weeks after the draw.
        price_year: Year of the prices.
        basis: Where the kroner come from.
        discount: Name of the discount schedule.
        rates: The dated values used, each with its source.
        missing: What could not be reckoned, and the file to complete.
        warnings: Coded warnings.
    """

    lines: tuple[LedgerLine, ...]
    weeks_saved: Effect
    horizon_weeks: int
    price_year: int
    basis: PaymentBasis
    discount: str
    rates: tuple[RateUse, ...]
    missing: tuple[MissingInput, ...]
    warnings: tuple[Notice, ...]
