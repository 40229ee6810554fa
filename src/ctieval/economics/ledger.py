"""Kroner of each person by account and line, a gain to the account being positive; no arm is compared here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account, Line, View
from ctieval.economics.benefits import BenefitWeeks
from ctieval.economics.horizon import Horizon
from ctieval.economics.ladder import LadderWeeks

Postings: TypeAlias = Mapping[tuple[Account, Line], FloatArray]
Constants: TypeAlias = Mapping[tuple[Account, Line], float]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ledger:
    """What each person gives every account, and what each person drawn into the intervention costs it.

    Attributes:
        postings: Kroner by person, shape (n,), of every line that can be reckoned; NaN for a person who is not
            wholly observed. A line that is not here is not known; it is never 0 for want of a rate.
        constants: Kroner per person drawn of the lines that are the same for each of them, by view.
        complete: True where the cost of the programme is known, so that there is a net result.
        weeks: Weeks of public payment by person, shape (n,), counted as a loss; NaN likewise.
    """

    postings: Postings
    constants: Mapping[View, Constants]
    complete: bool
    weeks: FloatArray

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"Ledger({len(self.weeks)} persons, {len(self.postings)} lines)"


def build_ledger(
    horizon: Horizon,
    benefits: BenefitWeeks,
    ladder: LadderWeeks,
    factors: FloatArray,
    *,
    cost_per_person: float | None,
    grant_per_person: float | None,
) -> Ledger:
    r"""Add each person's weeks up to present values by account.

    With :math:`B_w` the benefit on the ladder, :math:`S_w` the benefit that the state bears alone,
    :math:`\rho_w` the state's share and :math:`d_w` the discount factor of week :math:`w`:

    .. math::
        \text{municipality: } -\sum_w d_w B_w + \sum_w d_w \rho_w B_w, \qquad
        \text{state: } -\sum_w d_w S_w - \sum_w d_w \rho_w B_w, \qquad
        \text{public: } -\sum_w d_w (B_w + S_w)

    The refund is a transfer: what the municipality loses of it the state gains, and the public neither. So is
    the project grant. The cost of the programme is the municipality's, at the day of the draw.

    Args:
        horizon: The weeks of each person.
        benefits: What they cost, nominal kroner, shape (n, H).
        ladder: The state's share of them, shape (n, H).
        factors: Discount factors, shape (H,).
        cost_per_person: Cost of the programme per person drawn in kroner, or None where it is not known.
        grant_per_person: Project grant per person drawn in kroner, or None where there is none.

    Returns:
        The ledger. An account that lacks a rate is left out; so is the state's own line where nobody is on a
        benefit that the state bears alone.
    """
    gross = benefits.ladder @ factors
    refund = np.where(benefits.ladder > 0, benefits.ladder * ladder.share, benefits.ladder) @ factors
    alone = benefits.state @ factors
    lines = {
        (Account.MUNICIPALITY, Line.BENEFIT_SAVED): -gross,
        (Account.MUNICIPALITY, Line.REFUND_LOST): refund,
        (Account.STATE, Line.BENEFIT_SAVED): -alone,
        (Account.STATE, Line.REFUND_LOST): -refund,
        (Account.PUBLIC, Line.BENEFIT_SAVED): -(gross + alone),
    }
    if not alone.any():
        del lines[Account.STATE, Line.BENEFIT_SAVED]
    known = {account: _is_known(lines, account, horizon) for account in Account}
    return Ledger(
        postings={key: _observed(value, horizon) for key, value in lines.items() if known[key[0]]},
        constants=_constants(cost_per_person, grant_per_person),
        complete=cost_per_person is not None,
        weeks=_observed(-benefits.on_benefit.sum(axis=1).astype(np.float64), horizon),
    )


def _is_known(lines: Postings, account: Account, horizon: Horizon) -> bool:
    """An account is reckoned whole or not at all: one line without the others would mislead."""
    own = [value[horizon.observed] for (whose, _), value in lines.items() if whose is account]
    return not any(np.isnan(value).any() for value in own)


def _observed(value: FloatArray, horizon: Horizon) -> FloatArray:
    return np.where(horizon.observed, value, np.nan)


def _constants(cost: float | None, grant: float | None) -> Mapping[View, Constants]:
    """Lines that are the same for every person drawn: the cost in both views, the grant in its own."""
    costs = (
        {}
        if cost is None
        else dict.fromkeys([(Account.MUNICIPALITY, Line.PROGRAMME_COST), (Account.PUBLIC, Line.PROGRAMME_COST)], -cost)
    )
    if grant is None:
        return {View.ORDINARY_OPERATION: costs}
    grants = {(Account.MUNICIPALITY, Line.PROJECT_GRANT): grant, (Account.STATE, Line.PROJECT_GRANT): -grant}
    return {View.ORDINARY_OPERATION: costs, View.AS_FUNDED: {**costs, **grants}}
