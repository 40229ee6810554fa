"""Double entry: what is kept, what is refused, and what a journal adds up to."""

import numpy as np
import pytest

from ctieval.domain.posting import PUBLIC, Entry, Kind, Party
from ctieval.economics.journal import build_journal
from ctieval.errors import InputError

PAID = np.array([[100.0, 0.0], [50.0, 25.0]])
ASTRAY = np.array([[0, 0], [0, 1e-5]])


def test_totals_are_over_the_parties_and_lines_that_are_named():
    journal = build_journal(
        {
            Entry.PROGRAMME: {Party.MUNICIPALITY: -PAID, Party.REGION: -PAID},
            Entry.BENEFIT: {Party.CITIZEN: PAID, Party.MUNICIPALITY: -PAID},
        }
    )
    assert list(journal.postings) == [Entry.BENEFIT, Entry.PROGRAMME]
    assert journal.total([Party.MUNICIPALITY]).tolist() == (-2 * PAID).tolist()
    assert journal.total(PUBLIC).tolist() == (-3 * PAID).tolist()
    assert journal.total(PUBLIC, [Entry.PROGRAMME]).tolist() == (-2 * PAID).tolist()
    assert journal.total([Party.EMPLOYERS]).tolist() == np.zeros((2, 2)).tolist()
    assert journal.society().tolist() == (-2 * PAID).tolist()


def test_a_journal_tells_its_lines_and_no_amount():
    journal = build_journal({Entry.BENEFIT: {Party.CITIZEN: PAID, Party.MUNICIPALITY: -PAID}})
    assert repr(journal) == "Journal(benefit)"


def test_there_are_eleven_transfers_and_eight_resources():
    """The specification names ten transfers; its first is two here: the municipality's benefits and the state's."""
    kinds = [entry.kind for entry in Entry]
    assert (kinds.count(Kind.TRANSFER), kinds.count(Kind.RESOURCE)) == (11, 8)


@pytest.mark.parametrize(
    ("postings", "where", "found"),
    [
        ({}, "the journal", "0 shapes"),
        ({Entry.OUTPUT: {Party.EMPLOYERS: PAID, Party.CITIZEN: PAID[0]}}, "the journal", "2 shapes"),
        ({Entry.OUTPUT: {Party.EMPLOYERS: np.array([1, np.nan])}}, "line output", "1 amounts that are not known"),
        (
            {Entry.REFUND: {Party.STATE: -PAID, Party.MUNICIPALITY: PAID + ASTRAY}},
            "line refund, first in row 2",
            "1 of 4 postings",
        ),
        (
            {Entry.REFUND: {Party.STATE: -PAID, Party.MUNICIPALITY: PAID - ASTRAY}},
            "line refund, first in row 2",
            "1 of 4 postings",
        ),
    ],
)
def test_what_does_not_balance_or_is_not_known_is_refused(postings, where: str, found: str):
    with pytest.raises(InputError) as refused:
        build_journal(postings)
    assert refused.value.where == where
    assert found in refused.value.found


def test_a_millionth_of_a_krone_is_let_pass():
    assert build_journal({Entry.REFUND: {Party.STATE: -PAID, Party.MUNICIPALITY: PAID + 1e-7}})
