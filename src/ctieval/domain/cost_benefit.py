"""What the trial cost and saved, by account; every line an effect with its uncertainty. No person is in it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.decision import Decision
from ctieval.domain.effect_table import Effect
from ctieval.domain.ledger_quantities import LedgerQuantities
from ctieval.domain.outlook import Outlook
from ctieval.domain.posting import Entry
from ctieval.domain.source import Source
from ctieval.domain.wording import MissingInput, Notice


class Account(StrEnum):
    """Whose result it is, and how much of it is counted, in the order of the table.

    ``M0`` to ``M3`` are the four answers to what the municipality keeps: after refund, with its own tax, after
    equalisation, and where every municipality does the same. No one of them is shown without M0, and M0 not without
    M2 where that is known. An account *before tax* counts what M0 counts, for another payer. Society is the sum of the
    resource lines, also in consumer prices, and with what public funds cost.
    """

    M0 = "municipality_m0"
    M1 = "municipality_m1"
    M2 = "municipality_m2"
    M3 = "municipality_m3"
    STATE_BEFORE_TAX = "state_before_tax"
    STATE = "state"
    OTHER_MUNICIPALITIES = "other_municipalities"
    REGION = "region"
    PUBLIC_BEFORE_TAX = "public_before_tax"
    PUBLIC = "public"
    CITIZEN = "citizen"
    EMPLOYERS = "employers"
    SOCIETY = "society"
    SOCIETY_CONSUMER_PRICES = "society_consumer_prices"
    SOCIETY_PUBLIC_FUNDS = "society_public_funds"


class View(StrEnum):
    """With or without the project grant; ordinary operation leads."""

    ORDINARY_OPERATION = "ordinary_operation"
    AS_FUNDED = "as_funded"


class PaymentBasis(StrEnum):
    """Where the kroner come from: actually paid, or weeks times the dated rate."""

    PAID = "paid"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class AccountLine:
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
    line: Entry
    effect: Effect


@dataclass(frozen=True, slots=True)
class AccountResult:
    """What is left of an account in one view: the sum of its lines.

    Attributes:
        account: Who gains.
        view: With or without the grant.
        effect: Kroner per person drawn.
        break_even_displacement: Jobs that others may lose for each job gained before nothing is left of the result,
            printed where it is between 0 and 1; NaN where nothing could be displaced, or where it is hidden.
    """

    account: Account
    view: View
    effect: Effect
    break_even_displacement: float


@dataclass(frozen=True, slots=True)
class ParticipantResult:
    """What is left of an account for each of those who take part because they are drawn.

    Attributes:
        account: Who gains.
        view: With or without the grant.
        effect: Kroner per participant: another estimand than per person drawn, and never added to it.
    """

    account: Account
    view: View
    effect: Effect


@dataclass(frozen=True, slots=True)
class PerParticipant:
    """The results per participant, and the effect of the draw on taking part that they divide by.

    Attributes:
        take_up: Share taking part, intervention less control.
        participants: Persons in the account who took part, in control and intervention; None where hidden.
        results: One result an account and view.
    """

    take_up: Effect
    participants: tuple[int | None, int | None]
    results: tuple[ParticipantResult, ...]


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

    @property
    def key(self) -> str:
        """Name of the dated value, such as ``state_tax@2018-01-01``."""
        return f"{self.rate}@{self.in_force}"


@dataclass(frozen=True, slots=True)
class CostBenefit:
    """The whole account.

    Attributes:
        lines: Lines by view and account. An account that lacks a line which nobody knows is not there at all.
        results: The sums of the lines by view and account; none where the cost of the programme is not known.
        per_participant: The results per participant, or None where nobody knows who took part.
        weeks_saved: Effect on weeks of public payment, the quantity behind the saving; a gain is positive.
        horizon_weeks: Weeks after the draw.
        price_year: Year of the prices.
        basis: Where the kroner come from.
        discount: Name of the discount schedule.
        rates: The dated values used, each with its source.
        missing: What could not be reckoned, and the file to complete.
        warnings: Coded warnings.
        quantities: What the lines are made of, times prices and shares; None where that may not be told.
        outlook: The leading accounts month by month and beyond, or None without a net result.
        decision: What a decision can rest on beside the net result, or None where it cannot be told.
    """

    lines: tuple[AccountLine, ...]
    results: tuple[AccountResult, ...]
    per_participant: PerParticipant | None
    weeks_saved: Effect
    horizon_weeks: int
    price_year: int
    basis: PaymentBasis
    discount: str
    rates: tuple[RateUse, ...]
    missing: tuple[MissingInput, ...]
    warnings: tuple[Notice, ...]
    quantities: LedgerQuantities | None = None
    outlook: Outlook | None = None
    decision: Decision | None = None
