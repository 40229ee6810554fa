"""The flows of each person from her own draw, before anybody is taxed: the day of the draw, and then week by week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.posting import Party
from ctieval.domain.units import RateUnit
from ctieval.domain.wording import MissingInput
from ctieval.economics.benefits import BenefitWeeks
from ctieval.economics.costing.person_costs import PersonCosts
from ctieval.economics.entries import Flows
from ctieval.economics.ladder import LadderWeeks
from ctieval.errors import RateError, UnknownRateError
from ctieval.rates.book import RateBook, RateValue

PROGRAMME_COST = "programme_cost"
PROJECT_GRANT = "project_grant"


@dataclass(frozen=True, slots=True)
class Total:
    """A total of the trial, per person drawn; None where the book has none.

    Attributes:
        per_person: Kroner per person drawn.
        rates: The value used.
        missing: The file in which it is looked for.
    """

    per_person: float | None
    rates: tuple[RateValue, ...] = ()
    missing: tuple[MissingInput, ...] = ()


def read_total(book: RateBook, name: str, allocation: Allocation) -> Total:
    """Read a total of the trial and share it among those drawn.

    Args:
        book: The rate book.
        name: Name of the rate.
        allocation: The allocation.

    Raises:
        RateError: If the rate is not in kroner.
    """
    try:
        total = book.newest_value(name)
    except UnknownRateError:
        return Total(None, missing=(MissingInput(f"economics.{name}", f"rates/{name}.toml"),))
    if total.unit is not RateUnit.DKK:
        raise RateError(
            what=f"the rate {name} is not a total of the trial",
            where=f"rates/{name}.toml, unit",
            found=total.unit.value,
            expected=RateUnit.DKK.value,
            do="give the whole amount of the trial in kroner",
        )
    return Total(total.amount / int((allocation.arm == 1).sum()), (total,))


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Spending:
    """What services cost each person's payers, shape (n, 1 + H); NaN where nobody knows.

    Attributes:
        programme: Cost of the programme to the municipality.
        usual_services: Cost of usual services to the municipality.
        programme_of_others: Cost of the programme to other parties.
        usual_services_of_others: Cost of usual services to other parties.
    """

    programme: FloatArray
    usual_services: FloatArray
    programme_of_others: dict[Party, FloatArray]
    usual_services_of_others: dict[Party, FloatArray]

    def __repr__(self) -> str:
        """Name the shape, never an amount."""
        return f"Spending{self.programme.shape}"


def to_spending(costs: PersonCosts | Total, drawn: BoolArray, n_weeks: int) -> Spending:
    """Lay costs out over the day of the draw and the weeks after it.

    Args:
        costs: Costs by person and week; or the total of the programme per person drawn, which falls on the day of the
            draw, and then nobody knows of usual services.
        drawn: Whether a person was drawn into the intervention, shape (n,).
        n_weeks: Weeks of the horizon.
    """
    if isinstance(costs, Total):
        at_draw = np.zeros((len(drawn), 1 + n_weeks))
        at_draw[:, 0] = np.nan if costs.per_person is None else costs.per_person * drawn
        return Spending(at_draw, np.full_like(at_draw, np.nan), {}, {})
    usual = costs.usual_services * (np.nan if costs.costing.gross else 1.0)
    return Spending(
        from_draw(costs.programme),
        from_draw(usual),
        {party: from_draw(kroner) for party, kroner in costs.programme_of_others.items()},
        {party: from_draw(kroner) for party, kroner in costs.usual_services_of_others.items()},
    )


def build_flows(
    benefits: BenefitWeeks, ladder: LadderWeeks, earnings: FloatArray, spending: Spending, *, observed: BoolArray
) -> Flows:
    """Gather what is posted, of those who are wholly observed.

    Args:
        benefits: Benefits by person and week, shape (n, H).
        ladder: The state's share of them, shape (n, H).
        earnings: Gross earnings, shape (n, H).
        spending: What services cost, shape (n, 1 + H).
        observed: Whether a person is wholly observed, shape (n,).

    Returns:
        Nominal kroner, shape (n observed, 1 + H).
    """
    refund = np.where(benefits.ladder > 0, benefits.ladder * ladder.share, benefits.ladder)
    return Flows(
        benefit=from_draw(benefits.ladder)[observed],
        refund=from_draw(refund)[observed],
        state_benefit=from_draw(benefits.state)[observed],
        earnings=from_draw(earnings)[observed],
        programme=spending.programme[observed],
        usual_services=spending.usual_services[observed],
        programme_of_others={party: kroner[observed] for party, kroner in spending.programme_of_others.items()},
        usual_services_of_others={
            party: kroner[observed] for party, kroner in spending.usual_services_of_others.items()
        },
    )


def from_draw(weekly: FloatArray) -> FloatArray:
    """Put the day of the draw, on which nothing falls, before the weeks, shape (n, 1 + H)."""
    return np.column_stack([np.zeros(len(weekly)), weekly])


def repeat_first(weekly: IntArray) -> IntArray:
    """Put the week of the draw once more before the weeks, for the day of the draw, shape (n, 1 + H)."""
    return np.column_stack([weekly[:, :1], weekly])
