"""What the decision is about: whose account, which quantities play which part; their draws live in ``joint_draws``."""

from __future__ import annotations

from dataclasses import dataclass

from ctieval.domain.parameter import Parameter
from ctieval.economics.decision.formula import Formula
from ctieval.rates.rate import Step


@dataclass(frozen=True, slots=True)
class OutcomeWorth:
    """An outcome that is not money, and what one unit of it may be worth.

    Attributes:
        outcome: Name of its quantity, positive where it is better.
        unit: Its unit, such as a week in work or a point of WHO-5.
        worth: Kroner that one unit may be worth, in rising order.
    """

    outcome: str
    unit: str
    worth: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class PublicPurse:
    """Quantities that the marginal value of public funds is made of.

    Attributes:
        net: Net benefit of the whole public purse.
        income: Citizens' income after tax.
        programme: What the programme costs the public purse, positive where it costs.
        lower_share: Part of the programme's cost that citizens are taken to value at the least; None leaves that out.
    """

    net: str
    income: str
    programme: str
    lower_share: float | None = None


@dataclass(frozen=True, slots=True)
class Caseload:
    """Persons whom the decision is about.

    Attributes:
        persons_per_year: Persons a year.
        years: Years in which the decision stands.
        discount: Yearly discount rates by the first year in which they hold.
    """

    persons_per_year: float
    years: int
    discount: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """Parts that quantities and parameters play; a part that is None or empty is left out of the result.

    Attributes:
        payer: Whose net benefit decides.
        net: Net benefit of the payer, as a sum of products of drawn quantities and parameters.
        gains: Lines of the payer's account above the stroke of the benefit-cost ratio.
        costs: Lines below it.
        purse: Quantities of the marginal value of public funds.
        outcomes: Outcomes that are not money.
        parameters: Uncertain inputs.
        caseload: Persons whom the decision is about.
    """

    payer: str
    net: Formula
    gains: tuple[str, ...] = ()
    costs: tuple[str, ...] = ()
    purse: PublicPurse | None = None
    outcomes: tuple[OutcomeWorth, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    caseload: Caseload | None = None
