"""Double entry: every posting over the six parties, a transfer summing to zero; what is posted lives elsewhere."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from ctieval.domain.arrays import BoolArray, FloatArray
from ctieval.domain.posting import Entry, Kind, Party
from ctieval.errors import InputError

MOST_RESIDUAL_DKK = 1e-6


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Journal:
    """Balanced postings, made by ``build_journal``.

    Attributes:
        postings: Kroner by line and party, a gain to the party being positive; every array has the same shape,
            such as persons by months. A party without an amount in a line has no part in it.
    """

    postings: Mapping[Entry, Mapping[Party, FloatArray]]

    def __repr__(self) -> str:
        """Name the lines, never an amount."""
        return f"Journal({', '.join(self.postings)})"

    @property
    def zero(self) -> FloatArray:
        """Nothing, in the shape of the amounts."""
        return np.zeros_like(next(iter(next(iter(self.postings.values())).values())))

    def total(self, parties: Iterable[Party], entries: Iterable[Entry] = tuple(Entry)) -> FloatArray:
        """Kroner of some parties over some lines.

        Args:
            parties: The parties: one for its own account, ``PUBLIC`` for the public purse, all for society.
            entries: The lines; those that are not in the journal count nothing.

        Returns:
            Kroner, in the shape of the amounts.
        """
        chosen, whose = set(entries), set(parties)
        amounts = [
            amount
            for entry, posting in self.postings.items()
            for party, amount in posting.items()
            if entry in chosen and party in whose
        ]
        return np.sum([self.zero, *amounts], axis=0)

    def convert(self, linear: Callable[[FloatArray], FloatArray]) -> Journal:
        """Return the journal with every amount converted, such as discounted or added up; it is checked anew.

        Args:
            linear: A linear function of an array of amounts.

        Raises:
            InputError: If a transfer does not balance any more, since the function is not linear.
        """
        return build_journal(
            {
                entry: {party: linear(amount) for party, amount in posting.items()}
                for entry, posting in self.postings.items()
            }
        )

    def society(self) -> FloatArray:
        """Kroner of all parties together: the sum of the resource lines, since transfers cancel."""
        return self.total(Party, [entry for entry in Entry if entry.kind is Kind.RESOURCE])


def build_journal(postings: Mapping[Entry, Mapping[Party, FloatArray]]) -> Journal:
    r"""Check that every transfer balances, and keep the postings.

    .. math:: \sum_k a_{i m \ell k} = 0 \quad \text{for every person, month and transfer } \ell

    Args:
        postings: Kroner by line and party, all of one shape.

    Raises:
        InputError: If the journal holds no amount, or amounts of two shapes.
        InputError: If an amount is not a number: what is not known is left out with its whole line.
        InputError: If the parties of a transfer do not sum to zero within a millionth of a krone.

    Examples:
        >>> paid = np.array([2500.0])
        >>> journal = build_journal({Entry.BENEFIT: {Party.CITIZEN: paid, Party.MUNICIPALITY: -paid}})
        >>> journal.total([Party.MUNICIPALITY]), journal.society()
        (array([-2500.]), array([0.]))
        >>> build_journal({Entry.BENEFIT: {Party.CITIZEN: paid}})
        Traceback (most recent call last):
        ...
        ctieval.errors.InputError: a transfer does not balance
          where:    line benefit, first in row 1
          found:    1 of 1 postings that do not sum to zero
          expected: what one party gains, the others lose
          do:       post the other side of the transfer
    """
    shapes = {np.shape(amount) for posting in postings.values() for amount in posting.values()}
    if len(shapes) != 1:
        raise _unfit("the journal", f"{len(shapes)} shapes of amounts", "one shape, persons first")
    for entry, posting in postings.items():
        residual = np.sum(list(posting.values()), axis=0)
        if np.isnan(residual).any():
            raise _unfit(f"line {entry}", f"{int(np.isnan(residual).sum())} amounts that are not known", "no such line")
        wrong = np.abs(residual) > MOST_RESIDUAL_DKK
        if entry.kind is Kind.TRANSFER and wrong.any():
            raise _unbalanced(entry, np.atleast_1d(wrong))
    return Journal({entry: dict(postings[entry]) for entry in Entry if entry in postings})


def _unfit(where: str, found: str, expected: str) -> InputError:
    return InputError(
        what="the postings cannot be kept",
        where=where,
        found=found,
        expected=expected,
        do="leave out what is not known",
    )


def _unbalanced(entry: Entry, wrong: BoolArray) -> InputError:
    row = int(np.argwhere(wrong)[0][0]) + 1
    return InputError(
        what="a transfer does not balance",
        where=f"line {entry}, first in row {row}",
        found=f"{int(wrong.sum())} of {wrong.size} postings that do not sum to zero",
        expected="what one party gains, the others lose",
        do="post the other side of the transfer",
    )
