"""What the municipality keeps, from the narrowest view to the widest, and what is left when jobs are displaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account
from ctieval.domain.posting import PUBLIC, Entry, Party
from ctieval.economics.journal import Journal, build_journal

FIRST = (Entry.BENEFIT, Entry.REFUND, Entry.PROGRAMME, Entry.USUAL_SERVICES)
OWN_TAX = (Entry.TAX_ON_BENEFIT, Entry.TAX_ON_EARNINGS)
RUNGS = {
    Account.M0: FIRST,
    Account.M1: (*FIRST, *OWN_TAX),
    Account.M2: (*FIRST, *OWN_TAX, Entry.EQUALISATION),
    Account.M3: (*FIRST, *OWN_TAX, Entry.BUDGET_GUARANTEE),
}
"""The lines of the municipality in each answer to what it keeps."""
GUARANTEED = (Entry.BENEFIT, Entry.REFUND)
DISPLACED = (
    Entry.BENEFIT,
    Entry.STATE_BENEFIT,
    Entry.REFUND,
    Entry.TAX_ON_BENEFIT,
    Entry.OUTPUT,
    Entry.WAGES,
    Entry.TAX_ON_EARNINGS,
    Entry.EQUALISATION,
    Entry.CONSUMPTION_TAX,
)


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class MunicipalRungs:
    """Four answers to what the municipality gains; none is shown without another.

    Attributes:
        after_refund: M0: benefits after refund, less services. Comparable to SØM.
        with_own_tax: M1: with the municipality's own income tax; None where the taxes are not known.
        after_equalisation: M2: with equalisation, what one municipality alone keeps; None likewise.
        national: M3: where every municipality does the same, equalisation stands still and the state takes back what
            the budget guarantee covers; None likewise.
    """

    after_refund: FloatArray
    with_own_tax: FloatArray | None
    after_equalisation: FloatArray | None
    national: FloatArray | None

    def __repr__(self) -> str:
        """Name the shape, never an amount."""
        return f"MunicipalRungs{np.shape(self.after_refund)}"


def reckon_rungs(
    journal: Journal, *, claw_back: float = 1.0, guaranteed: tuple[Entry, ...] = GUARANTEED
) -> MunicipalRungs:
    r"""Reckon the four rungs of the municipality.

    .. math:: M_1 = M_0 + L_3 + L_6, \quad M_2 = M_1 + L_7, \quad M_3 = M_1 - \gamma \sum_{\ell \in G} L_\ell

    Args:
        journal: The journal.
        claw_back: Part of the guaranteed lines that the block grant regulates, krone for krone by default.
        guaranteed: Lines that the budget guarantee covers.

    Returns:
        The rungs; the last three are None where the journal lacks the taxes.

    References:
        Ministry of Finance (2014). Budgetgarantien.
    """
    national = post_budget_guarantee(journal, claw_back=claw_back, guaranteed=guaranteed)
    rungs = {account: national.total([Party.MUNICIPALITY], entries) for account, entries in RUNGS.items()}
    known = {account for account, entries in RUNGS.items() if set(entries) - set(FIRST) <= set(journal.postings)}
    with_tax = Account.M1 in known
    return MunicipalRungs(
        after_refund=rungs[Account.M0],
        with_own_tax=rungs[Account.M1] if with_tax else None,
        after_equalisation=rungs[Account.M2] if Account.M2 in known else None,
        national=rungs[Account.M3] if with_tax else None,
    )


def post_budget_guarantee(
    journal: Journal, *, claw_back: float = 1.0, guaranteed: tuple[Entry, ...] = GUARANTEED
) -> Journal:
    """Post what the state takes back through the block grant where every municipality does the same.

    Args:
        journal: The journal, without that line.
        claw_back: Part of the guaranteed lines that the block grant regulates.
        guaranteed: Lines that the budget guarantee covers.

    Returns:
        The journal with the line, for the national view alone.
    """
    regulated = claw_back * journal.total([Party.MUNICIPALITY], guaranteed)
    line = {Entry.BUDGET_GUARANTEE: {Party.MUNICIPALITY: -regulated, Party.STATE: regulated}}
    return build_journal({**journal.postings, **line})


def displace(journal: Journal, share: float) -> Journal:
    """Take back the part of work and benefits that others lost the jobs of; what services cost stays.

    Args:
        journal: The journal.
        share: Displaced jobs per job gained, 0 to 1.

    Returns:
        A journal that balances too.
    """
    return build_journal(
        {
            entry: {party: amount * (1 - share) if entry in DISPLACED else amount for party, amount in posting.items()}
            for entry, posting in journal.postings.items()
        }
    )


def break_even_displacement(journal: Journal, parties: tuple[Party, ...]) -> FloatArray:
    r"""Displacement at which some parties gain nothing: :math:`\delta^* = S / D`, gain over the part that is displaced.

    Args:
        journal: The journal.
        parties: ``PUBLIC``, all for society, or one.

    Returns:
        The break-even, in the shape of the amounts; above 1 where no displacement would undo the gain, NaN where
        there is nothing to displace.
    """
    displaced = journal.total(parties, DISPLACED)
    gain = journal.total(parties)
    return np.divide(gain, displaced, out=np.full_like(gain, np.nan), where=displaced != 0)


def add_public_funds(journal: Journal, factor: float) -> Journal:
    r"""Add what a krone in the public purse spares society: :math:`(\lambda - 1)` of what the public gains.

    Args:
        journal: The journal, without that line.
        factor: The tax distortion factor of the rate book; 1 adds nothing.

    Returns:
        The journal with the line, which the employers bear or gain.
    """
    spared = (factor - 1) * journal.total(PUBLIC)
    return build_journal({**journal.postings, Entry.PUBLIC_FUNDS: {Party.EMPLOYERS: spared}})


def to_consumer_prices(journal: Journal, factor: float) -> FloatArray:
    """Society's result in consumer prices: the resource lines times the net tax factor, transfers untouched.

    Args:
        journal: The journal, in factor prices.
        factor: The net tax factor of the rate book.

    Returns:
        Kroner, in the shape of the amounts.
    """
    return factor * journal.society()
