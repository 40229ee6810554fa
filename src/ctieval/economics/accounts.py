"""Which lines of the journal make up each account, and what an account needs to be known. Nothing is estimated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ctieval.domain.arrays import FloatArray
from ctieval.domain.cost_benefit import Account
from ctieval.domain.posting import PUBLIC, Entry, Kind, Party
from ctieval.economics.journal import Journal
from ctieval.economics.rungs import FIRST, OWN_TAX, RUNGS, add_public_funds, post_budget_guarantee

Lines: TypeAlias = Mapping[Entry, FloatArray]
AccountLines: TypeAlias = Mapping[Account, Lines]

_BENEFITS = (Entry.BENEFIT, Entry.STATE_BENEFIT)
_TAXES = (*OWN_TAX, Entry.CONSUMPTION_TAX)
_SERVICES = (Entry.PROGRAMME, Entry.USUAL_SERVICES)
_ELSEWHERE = {Entry.BUDGET_GUARANTEE, Entry.PUBLIC_FUNDS, Entry.PROJECT_GRANT}
_ALL = tuple(entry for entry in Entry if entry not in _ELSEWHERE)
_RESOURCES = tuple(entry for entry in _ALL if entry.kind is Kind.RESOURCE)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an account is made of.

    Attributes:
        parties: Whose purse it is.
        entries: Lines that are counted.
        needs: Lines without which the account would mislead; it is then not reckoned at all.
    """

    parties: tuple[Party, ...]
    entries: tuple[Entry, ...]
    needs: tuple[Entry, ...]


def _rung(account: Account) -> Scope:
    return Scope((Party.MUNICIPALITY,), RUNGS[account], tuple(each for each in RUNGS[account] if each not in _SERVICES))


SCOPES = {
    **{account: _rung(account) for account in RUNGS},
    Account.STATE_BEFORE_TAX: Scope((Party.STATE,), (*FIRST, Entry.STATE_BENEFIT), (Entry.STATE_BENEFIT, Entry.REFUND)),
    Account.STATE: Scope((Party.STATE,), _ALL, (Entry.STATE_BENEFIT, Entry.REFUND, *_TAXES)),
    Account.OTHER_MUNICIPALITIES: Scope((Party.OTHER_MUNICIPALITIES,), _ALL, (Entry.EQUALISATION,)),
    Account.REGION: Scope((Party.REGION,), _ALL, ()),
    Account.PUBLIC_BEFORE_TAX: Scope(PUBLIC, (*FIRST, Entry.STATE_BENEFIT), _BENEFITS),
    Account.PUBLIC: Scope(PUBLIC, _ALL, (*_BENEFITS, *_TAXES)),
    Account.CITIZEN: Scope((Party.CITIZEN,), _ALL, (*_BENEFITS, Entry.WAGES, *_TAXES)),
    Account.EMPLOYERS: Scope((Party.EMPLOYERS,), _ALL, (Entry.OUTPUT, Entry.WAGES)),
    Account.SOCIETY: Scope(tuple(Party), _RESOURCES, (Entry.OUTPUT,)),
    Account.SOCIETY_PUBLIC_FUNDS: Scope(
        tuple(Party), (*_RESOURCES, Entry.PUBLIC_FUNDS), (Entry.OUTPUT, Entry.PUBLIC_FUNDS, *_BENEFITS, *_TAXES)
    ),
}
"""Every account but society in consumer prices, whose lines are those of society times the net tax factor."""


@dataclass(frozen=True, slots=True)
class SocietyFactors:
    """What society's account is multiplied by; None where nobody knows.

    Attributes:
        net_tax: From factor prices to consumer prices.
        distortion: What a krone of public money costs society.
    """

    net_tax: float | None
    distortion: float | None


def reckon_accounts(journal: Journal, factors: SocietyFactors) -> AccountLines:
    """Add the journal up by account and line.

    A transfer between parties of one account cancels, and is no line of it. An account of which a line is not known is
    left out whole: one line without the others would mislead. Benefits that the state bears alone are no line where
    nobody receives one.

    Args:
        journal: The journal in ordinary operation.
        factors: What society's account is multiplied by; one that is not known leaves its account out.

    Returns:
        Kroner by account and line, a gain being positive, in the shape of the amounts.
    """
    whole = journal
    if {Entry.BENEFIT, Entry.REFUND} <= set(whole.postings):
        whole = post_budget_guarantee(whole)
    if factors.distortion is not None:
        whole = add_public_funds(whole, factors.distortion)
    found = {account: _lines(whole, SCOPES[account]) for account in Account if account in SCOPES}
    accounts = {account: lines for account, lines in found.items() if lines and _is_known(whole, SCOPES[account])}
    if factors.net_tax is not None and Account.SOCIETY in accounts:
        society = accounts[Account.SOCIETY]
        accounts[Account.SOCIETY_CONSUMER_PRICES] = {
            entry: factors.net_tax * amount for entry, amount in society.items()
        }
    return {account: accounts[account] for account in Account if account in accounts}


def gains_grant(account: Account) -> int:
    """Return 1 where an account receives the project grant, -1 where it pays it, and 0 elsewhere."""
    parties = SCOPES[account].parties if account in SCOPES else ()
    return (Party.MUNICIPALITY in parties) - (Party.STATE in parties)


def _is_known(journal: Journal, scope: Scope) -> bool:
    return set(scope.needs) <= set(journal.postings)


def _lines(journal: Journal, scope: Scope) -> Lines:
    return {
        entry: amount
        for entry, posting in journal.postings.items()
        if entry in scope.entries
        and _is_line(entry, set(posting), set(scope.parties))
        and ((amount := journal.total(scope.parties, [entry])).any() or entry is not Entry.STATE_BENEFIT)
    }


def _is_line(entry: Entry, posted: set[Party], own: set[Party]) -> bool:
    return bool(posted & own) and not (entry.kind is Kind.TRANSFER and posted <= own)
