"""Each person's own account in either arm: present values by month, and nominal kroner. No arm is compared here."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.posting import Entry
from ctieval.economics.accounts import AccountLines, Lines, SocietyFactors, gains_grant, reckon_accounts
from ctieval.economics.discount import MONTHS_PER_YEAR, WEEKS_PER_YEAR
from ctieval.economics.entries import Flows, TaxRules, post_flows
from ctieval.economics.journal import Journal
from ctieval.economics.rungs import displace


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class PersonAccounts:
    """What each person gives every account, a gain to the account being positive.

    All arrays are in the order of the allocation; a person who is not wholly observed has NaN in each. The cost of the
    programme is a person's own, so that an arm contrast of any of these is an effect.

    Attributes:
        lines: Present values by account and line in ordinary operation, each of shape (n, months); month m after the
            draw holds the weeks w with ``floor(12 w / 52) = m``.
        nominal: The same undiscounted, each of shape (n, months).
        budget: The same undiscounted by calendar year, each of shape (n, years).
        years: The calendar years.
        undisplaced: What would be left of each account if every job gained were one that somebody else lost, shape
            (n, months); at displacement d the account is ``(1 - d) net + d undisplaced``.
        grant: Project grant per person, shape (n, months), as a gain to whoever receives it; None where there is none.
        complete: True where the cost of the programme is known, so that there is a net result.
        weeks: Weeks of public payment by person, shape (n,), counted as a loss.
        of_benefits: What benefits alone give each account, shape (n,): paid and refunded, and the taxes and the
            equalisation of them where the account holds those lines.
    """

    lines: AccountLines
    nominal: AccountLines
    budget: AccountLines
    years: tuple[int, ...]
    undisplaced: Mapping[Account, FloatArray]
    grant: FloatArray | None
    complete: bool
    weeks: FloatArray
    of_benefits: Mapping[Account, FloatArray] = field(default_factory=dict[Account, FloatArray])

    def __repr__(self) -> str:
        """Name the size, never a person."""
        return f"PersonAccounts({len(self.weeks)} persons, {len(self.lines)} accounts)"

    @property
    def views(self) -> tuple[View, ...]:
        """The views that can be told: as funded only where there is a grant."""
        return tuple(View) if self.grant is not None else (View.ORDINARY_OPERATION,)

    def lines_of(self, account: Account, view: View = View.ORDINARY_OPERATION) -> Lines:
        """Return the lines of an account in a view, in present values, each of shape (n, months)."""
        sign = gains_grant(account)
        if view is View.ORDINARY_OPERATION or self.grant is None or not sign:
            return self.lines[account]
        return {**self.lines[account], Entry.PROJECT_GRANT: sign * self.grant}

    def net(self, view: View = View.ORDINARY_OPERATION) -> Mapping[Account, FloatArray]:
        """Return the net result of each account by person and month, shape (n, months); none without a cost."""
        if not self.complete:
            return {}
        return {account: np.sum(list(self.lines_of(account, view).values()), axis=0) for account in self.lines}


@dataclass(frozen=True, slots=True, eq=False)
class Calendar:
    """When the columns of a journal fall: the day of the draw, and then the weeks after it.

    Attributes:
        month: Month after the draw of each column, shape (1 + H,).
        year: Calendar year of each person's columns, shape (n, 1 + H).
        factor: Discount factor of each column, shape (1 + H,); 1 on the day of the draw.
    """

    month: IntArray
    year: IntArray
    factor: FloatArray


def build_calendar(week: IntArray, factors: FloatArray) -> Calendar:
    """Lay the columns of a journal out in time.

    Args:
        week: Number of each calendar week, shape (n, H).
        factors: Discount factors of the weeks, shape (H,).
    """
    month = np.arange(week.shape[1]) * MONTHS_PER_YEAR // WEEKS_PER_YEAR
    year = (week * 7).astype("datetime64[D]").astype("datetime64[Y]").astype(np.int64) + 1970
    return Calendar(
        month=np.concatenate([[0], month]),
        year=np.column_stack([year[:, :1], year]),
        factor=np.concatenate([[1.0], factors]),
    )


def build_person_accounts(
    journal: Journal,
    calendar: Calendar,
    factors: SocietyFactors,
    *,
    grant: FloatArray | None,
    observed: BoolArray,
    weeks: FloatArray,
) -> PersonAccounts:
    r"""Add the journal up by account, line and month.

    .. math:: Y_{i m}^{k \ell} = \sum_{w \in m} d(w) \, a_{i w \ell k}

    Args:
        journal: Nominal postings of those who are observed, in ordinary operation, shape (n observed, 1 + H): the
            day of the draw, and the weeks after it.
        calendar: When its columns fall, for the same persons.
        factors: What society's account is multiplied by.
        grant: Project grant of each person on the day of her draw, shape (n,); None where there is none.
        observed: Whether a person is wholly observed, shape (n,).
        weeks: Weeks of public payment of those observed, shape (n observed,).
    """
    if not (journal.postings and observed.any()):
        return PersonAccounts({}, {}, {}, (), {}, None, complete=False, weeks=_with_gaps(-weeks, observed))
    months, years = np.arange(calendar.month[-1] + 1), np.unique(calendar.year)
    in_month = (calendar.month[:, None] == months).astype(np.float64)
    present = journal.convert(lambda amounts: amounts @ (calendar.factor[:, None] * in_month))
    nominal = journal.convert(lambda amounts: amounts @ in_month)
    budget = journal.convert(lambda amounts: np.column_stack([(amounts * (calendar.year == y)).sum(1) for y in years]))
    lines = [_for_all(reckon_accounts(each, factors), observed) for each in (present, nominal, budget)]
    undisplaced = _for_all(reckon_accounts(displace(present, 1.0), factors), observed)
    return PersonAccounts(
        *lines,
        years=tuple(years.tolist()),
        undisplaced={account: np.sum(list(each.values()), axis=0) for account, each in undisplaced.items()},
        grant=None if grant is None else np.outer(np.where(observed, grant, np.nan), months == 0),
        complete=Entry.PROGRAMME in journal.postings,
        weeks=_with_gaps(-weeks, observed),
    )


def reckon_benefits(
    flows: Flows, rules: TaxRules, calendar: Calendar, *, observed: BoolArray
) -> Mapping[Account, FloatArray]:
    """Present value that benefits alone give each account, as if nobody worked and no service were given.

    Args:
        flows: Nominal kroner of those who are observed, shape (n observed, 1 + H).
        rules: The taxes.
        calendar: When the columns fall, for the same persons.
        observed: Whether a person is wholly observed, shape (n,).

    Returns:
        Kroner by account, shape (n,), a gain to the account being positive; NaN for a person who is not observed.
    """
    nothing = np.zeros_like(flows.benefit)
    alone = replace(flows, earnings=nothing, programme=nothing, usual_services=nothing)
    alone = replace(alone, programme_of_others={}, usual_services_of_others={})
    present = post_flows(alone, rules).convert(lambda amounts: amounts @ calendar.factor)
    accounts = reckon_accounts(present, SocietyFactors(None, None))
    return {account: _with_gaps(np.sum(list(lines.values()), axis=0), observed) for account, lines in accounts.items()}


def _for_all(accounts: AccountLines, observed: BoolArray) -> AccountLines:
    return {
        account: {entry: _with_gaps(amount, observed) for entry, amount in lines.items()}
        for account, lines in accounts.items()
    }


def _with_gaps(amount: FloatArray, observed: BoolArray) -> FloatArray:
    """Put the rows of those observed among those of everybody."""
    rows = np.full((len(observed), *amount.shape[1:]), np.nan)
    rows[observed] = amount
    return rows
