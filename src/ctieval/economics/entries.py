"""What a benefit, a wage, a service and a grant post to whom. Whether it balances is checked elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.posting import Entry, Party
from ctieval.economics.journal import Journal, build_journal

Share: TypeAlias = float | FloatArray
"""One share for all, or one an amount; NaN where nobody knows it."""
_Posting: TypeAlias = Mapping[Party, FloatArray]


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Flows:
    """Kroner before anybody is taxed, all of one shape, such as persons by weeks; NaN where nobody knows them.

    Attributes:
        benefit: Gross benefit that the municipality pays.
        refund: The part of it that the state pays back.
        state_benefit: Gross benefit that the state bears alone.
        earnings: Gross earnings.
        programme: Cost of the programme to the municipality.
        usual_services: Cost of usual services to the municipality, in either arm.
        programme_of_others: Cost of the programme to other parties.
        usual_services_of_others: Cost of usual services to other parties.
    """

    benefit: FloatArray
    refund: FloatArray
    state_benefit: FloatArray
    earnings: FloatArray
    programme: FloatArray
    usual_services: FloatArray
    programme_of_others: Mapping[Party, FloatArray] = field(default_factory=dict[Party, FloatArray])
    usual_services_of_others: Mapping[Party, FloatArray] = field(default_factory=dict[Party, FloatArray])

    def __repr__(self) -> str:
        """Name the shape, never an amount."""
        return f"Flows{np.shape(self.benefit)}"


@dataclass(frozen=True, slots=True, eq=False)
class TaxRules:
    """Shares by which income is taxed and taxes are shared; each comes from the rate book.

    Attributes:
        municipal: Income tax rate of the municipality.
        municipal_average: That of the whole country, which equalisation uses.
        state: Marginal state tax.
        labour_market: Labour-market contribution of gross earnings; taxes are of what is left.
        equalisation: Share of the difference in tax base that equalisation takes.
        consumption: Consumption taxes of disposable income.
        on_costs: What the employer pays on top of gross earnings, as a share of them.
    """

    municipal: Share
    municipal_average: Share
    state: Share
    labour_market: Share
    equalisation: Share
    consumption: Share
    on_costs: Share

    @property
    def retained(self) -> Share:
        """Part of one more krone of tax base that stays in the municipality after equalisation."""
        return self.municipal - self.equalisation * self.municipal_average


UNKNOWN_TAXES = TaxRules(*[float("nan")] * 7)


def post_flows(flows: Flows, rules: TaxRules) -> Journal:
    r"""Post benefit, refund, work, taxes, equalisation and services.

    With benefit :math:`B`, the state's own benefit :math:`S`, refund :math:`R`, earnings :math:`W`, tax rates
    :math:`t`, the labour-market contribution :math:`a` and the base :math:`X = (1 - a) W + B + S`, the municipality
    gains

    .. math:: -B + R + t_{mun} X - e \, \bar t_{mun} X - \text{services}

    and what it gains or loses in each of them but the services another party loses or gains. Every benefit is taken to
    be taxable.

    A line of which one amount is not known is left out whole: it is never 0 for want of a rate.

    Args:
        flows: Kroner by person, levels in either arm; or an effect, since all is linear.
        rules: The taxes; ``UNKNOWN_TAXES`` where nobody knows them.

    Returns:
        The journal of the lines that are known, which may be none.

    Raises:
        InputError: If amounts are of two shapes.

    References:
        Act no. 1052 of 30 June 2020 on municipal equalisation, s. 2(2).
    """
    received, produced = flows.benefit + flows.state_benefit, flows.earnings * (1 + rules.on_costs)
    postings: dict[Entry, _Posting] = {
        Entry.BENEFIT: {Party.CITIZEN: flows.benefit, Party.MUNICIPALITY: -flows.benefit},
        Entry.STATE_BENEFIT: {Party.CITIZEN: flows.state_benefit, Party.STATE: -flows.state_benefit},
        Entry.REFUND: {Party.MUNICIPALITY: flows.refund, Party.STATE: -flows.refund},
        Entry.OUTPUT: {Party.EMPLOYERS: produced},
        Entry.WAGES: {Party.EMPLOYERS: -produced, Party.CITIZEN: produced},
        **_taxes(received, flows.earnings, rules),
        Entry.PROGRAMME: _spend(flows.programme, flows.programme_of_others),
        Entry.USUAL_SERVICES: _spend(flows.usual_services, flows.usual_services_of_others),
    }
    known = {entry: posting for entry, posting in postings.items() if _is_known(posting)}
    return build_journal(known) if known else Journal({})


def post_grant(journal: Journal, grant: FloatArray) -> Journal:
    """Post the project grant of the state, for the view *as funded*; ordinary operation is the journal without it.

    Args:
        journal: The journal, without that line.
        grant: Kroner from the state to the municipality, in the shape of the other amounts.

    Raises:
        InputError: If the grant is of another shape, or not known.
    """
    line = {Entry.PROJECT_GRANT: {Party.MUNICIPALITY: grant, Party.STATE: -grant}}
    return build_journal({**journal.postings, **line})


def _is_known(posting: _Posting) -> bool:
    return not any(np.isnan(amount).any() for amount in posting.values())


def _spend(own: FloatArray, of_others: _Posting) -> _Posting:
    return {Party.MUNICIPALITY: -own, **{party: -amount for party, amount in of_others.items()}}


def _taxes(benefit: FloatArray, earnings: FloatArray, rules: TaxRules) -> dict[Entry, _Posting]:
    contribution = rules.labour_market * earnings
    taxed = earnings - contribution
    on_benefit, on_earnings = (_income_tax(base, rules) for base in (benefit, taxed))
    on_earnings[Party.CITIZEN] = on_earnings[Party.CITIZEN] - contribution
    on_earnings[Party.STATE] = on_earnings[Party.STATE] + contribution
    shared = rules.equalisation * rules.municipal_average * (taxed + benefit)
    disposable = benefit + on_benefit[Party.CITIZEN] + earnings + on_earnings[Party.CITIZEN]
    spent = rules.consumption * disposable
    return {
        Entry.TAX_ON_BENEFIT: on_benefit,
        Entry.TAX_ON_EARNINGS: on_earnings,
        Entry.EQUALISATION: {Party.MUNICIPALITY: -shared, Party.OTHER_MUNICIPALITIES: shared},
        Entry.CONSUMPTION_TAX: {Party.CITIZEN: -spent, Party.STATE: spent},
    }


def _income_tax(base: FloatArray, rules: TaxRules) -> dict[Party, FloatArray]:
    return {
        Party.CITIZEN: -(rules.municipal + rules.state) * base,
        Party.MUNICIPALITY: rules.municipal * base,
        Party.STATE: rules.state * base,
    }
