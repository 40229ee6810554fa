"""What a decision can rest on: ratios, acceptability, what knowing more is worth, what the result hangs on.

Amounts are kroner per person drawn, in present value; holds no person.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.domain.parameter import Origin
from ctieval.domain.wording import Notice


class Quadrant(StrEnum):
    """What the citizens would pay for the programme, against what it costs the public purse net."""

    RATIO = "ratio"
    PAYS_FOR_ITSELF = "pays_for_itself"
    CITIZENS_LOSE = "citizens_lose"
    HARM_AT_A_COST = "harm_at_a_cost"


class Willingness(StrEnum):
    """What the citizens are taken to be willing to pay."""

    AFTER_TAX_INCOME = "after_tax_income"
    AT_COST = "at_cost"
    LOWER_BOUND = "lower_bound"


@dataclass(frozen=True, slots=True)
class FundsPoint:
    """A point of the plane of net cost and willingness to pay.

    Attributes:
        quadrant: Where it lies.
        ratio: Willingness to pay per krone of net cost; infinite where the programme pays for itself, None where
            public money is saved and the citizens lose, since no ratio says that.
    """

    quadrant: Quadrant
    ratio: float | None


@dataclass(frozen=True, slots=True)
class PublicFunds:
    """Marginal value of public funds.

    Attributes:
        willingness: What the citizens are taken to be willing to pay.
        willingness_to_pay: Kroner per person drawn.
        net_cost: Net cost to the public purse, kroner per person drawn.
        point: The estimate.
        low: The end of the interval on the way to harm at a cost.
        high: The end on the way to paying for itself, or past that to public money saved while the citizens lose.
        conf_level: Level of the interval.
        shares: Share of the draws in each quadrant; they sum to 1.
        warning: That net cost and willingness to pay may both be nil, so that the ends mean little; None otherwise.
    """

    willingness: Willingness
    willingness_to_pay: float
    net_cost: float
    point: FundsPoint
    low: FundsPoint
    high: FundsPoint
    conf_level: float
    shares: tuple[tuple[Quadrant, float], ...]
    warning: Notice | None


@dataclass(frozen=True, slots=True)
class Allotted:
    """A line of the account above or below the stroke of the ratio.

    Attributes:
        line: Name of the line.
        amount: Kroner per person drawn; below the stroke what it costs, above it what is gained.
    """

    line: str
    amount: float


@dataclass(frozen=True, slots=True)
class CostRatio:
    """Kroner gained per krone of net programme cost, with the lines it is made of.

    Attributes:
        payer: Whose account.
        gains: Lines above the stroke.
        costs: Lines below it.
        ratio: Gains over costs; None where it would mean nothing, and ``refusal`` says why.
        conf_low: Low end of the interval; None likewise.
        conf_high: High end; None likewise.
        conf_level: Level of the interval.
        refusal: Why there is no ratio; None where there is one.
    """

    payer: str
    gains: tuple[Allotted, ...]
    costs: tuple[Allotted, ...]
    ratio: float | None
    conf_low: float | None
    conf_high: float | None
    conf_level: float
    refusal: Notice | None


@dataclass(frozen=True, slots=True)
class Acceptability:
    """How sure it is that an outcome is worth its cost, by what one unit of it is worth, and what a mistake costs.

    Attributes:
        outcome: Name of the outcome.
        unit: Its unit, such as a week in work.
        payer: Who pays.
        worth: Kroner that one unit is worth, in rising order.
        net_benefit: Worth of the effect less its cost, kroner per person drawn, at each worth.
        share_above_zero: Share of the draws in which that is above zero.
        loss_if_adopted: Expected loss, against always choosing right, of going on with the programme.
        loss_if_declined: Expected loss of doing without it.
    """

    outcome: str
    unit: str
    payer: str
    worth: tuple[float, ...]
    net_benefit: tuple[float, ...]
    share_above_zero: tuple[float, ...]
    loss_if_adopted: tuple[float, ...]
    loss_if_declined: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PartialInformation:
    """What knowing one thing for certain is worth.

    Attributes:
        key: Name of a parameter, or ``sampling`` for the effects that the trial measured.
        per_person: Kroner per person decided for.
    """

    key: str
    per_person: float


@dataclass(frozen=True, slots=True)
class InformationValue:
    """What knowing more is worth to one payer before deciding.

    Attributes:
        payer: Whose net benefit decides.
        net_benefit: Expected net benefit, kroner per person.
        share_above_zero: Share of the draws in which it is above zero.
        perfect: Value of knowing everything, kroner per person decided for.
        partial: Value of knowing one thing.
        one_more_trial: Value of one more trial as large as this one, kroner per person decided for; None where the
            sampling error of this one is not known.
        persons_per_year: Persons decided for each year.
        years: Years in which the decision stands.
        perfect_for_all: Value of knowing everything, kroner for all of them, discounted.
        one_more_trial_for_all: Value of one more trial for all of them, discounted; None likewise.
    """

    payer: str
    net_benefit: float
    share_above_zero: float
    perfect: float
    partial: tuple[PartialInformation, ...]
    one_more_trial: float | None
    persons_per_year: float
    years: int
    perfect_for_all: float
    one_more_trial_for_all: float | None


@dataclass(frozen=True, slots=True)
class TornadoBar:
    """The net benefit at both ends of one parameter's range, all others at their base.

    Attributes:
        key: Name of the parameter.
        unit: Its unit.
        origin: Measured or assumed.
        base: Its base value.
        low: Low end of its range.
        high: High end.
        net_at_low: Net benefit at the low end, kroner per person drawn.
        net_at_high: Net benefit at the high end.
        switching_value: The value at which the net benefit is nil; None where none is.
    """

    key: str
    unit: str
    origin: Origin
    base: float
    low: float
    high: float
    net_at_low: float
    net_at_high: float
    switching_value: float | None

    @property
    def swing(self) -> float:
        """Distance between the two ends, kroner per person drawn."""
        return abs(self.net_at_high - self.net_at_low)


@dataclass(frozen=True, slots=True)
class VarianceSplit:
    """Where the uncertainty of the net benefit comes from.

    Attributes:
        std_deviation: Of the net benefit, kroner per person drawn.
        sampling: Share of the variance that comes from who was drawn, over the parameters' values.
        parameters: Share that comes from the parameters; the two sum to 1.
    """

    std_deviation: float
    sampling: float
    parameters: float


@dataclass(frozen=True, slots=True)
class SobolIndex:
    """Share of the variance of the net benefit that one source explains.

    Attributes:
        key: Name of a parameter, or ``sampling``.
        first_order: Share that it explains alone.
        total: Share that it has a part in.
    """

    key: str
    first_order: float
    total: float


@dataclass(frozen=True, slots=True)
class Decision:
    """Everything for the evaluator and the finance officer that stands beside the net result, never before it.

    Attributes:
        payer: Whose net benefit decides.
        cost_ratio: Gains per krone of net programme cost, or why there is none; None where no line was named a cost.
        public_funds: Marginal value of public funds, one for each willingness to pay.
        acceptability: Curves, one for each outcome that is present.
        information: What knowing more is worth; None where the number of persons is not known.
        tornado: Bars by swing, the widest first.
        variance: Where the uncertainty comes from; None where no parameter is declared, or nothing is uncertain.
        indices: Shares of the variance by source; empty likewise.
        warnings: Coded warnings.
    """

    payer: str
    cost_ratio: CostRatio | None
    public_funds: tuple[PublicFunds, ...]
    acceptability: tuple[Acceptability, ...]
    information: InformationValue | None
    tornado: tuple[TornadoBar, ...]
    variance: VarianceSplit | None
    indices: tuple[SobolIndex, ...]
    warnings: tuple[Notice, ...]
