"""What the municipality keeps, from the narrowest view to the widest, and what is left when jobs are displaced."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import FloatArray
from ctieval.economics.journal import PUBLIC, Entry, Journal, Party, build_journal

FIRST = (Entry.BENEFIT, Entry.REFUND, Entry.PROGRAMME, Entry.USUAL_SERVICES)
OWN_TAX = (Entry.TAX_ON_BENEFIT, Entry.TAX_ON_EARNINGS)
GUARANTEED = (Entry.BENEFIT, Entry.REFUND)
DISPLACED = (
    Entry.BENEFIT,
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
        The rungs; the last three are None where the journal holds no taxes.

    References:
        Ministry of Finance (2014). Budgetgarantien.
    """
    own = [Party.MUNICIPALITY]
    after_refund = journal.total(own, FIRST)
    if not set(OWN_TAX) <= set(journal.postings):
        return MunicipalRungs(after_refund, None, None, None)
    with_own_tax = after_refund + journal.total(own, OWN_TAX)
    return MunicipalRungs(
        after_refund=after_refund,
        with_own_tax=with_own_tax,
        after_equalisation=with_own_tax + journal.total(own, [Entry.EQUALISATION]),
        national=with_own_tax - claw_back * journal.total(own, guaranteed),
    )


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
