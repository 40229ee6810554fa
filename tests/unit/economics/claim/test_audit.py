"""The audit of a claim: ranges, what is open, and what is causal."""

from dataclasses import replace
from datetime import date

import pytest

from ctieval.domain.claim import Basis, Claim, Known, Span, Standing, Step
from ctieval.domain.posting import Party
from ctieval.domain.source import Source
from ctieval.domain.wording import Label
from ctieval.economics.claim.audit import audit_claim
from ctieval.rates.book import RateBook

SOURCE = Source("Evaluation", "p. 1", "", date(2026, 1, 1))


def known(low, high=None, standing=Standing.SOURCED):
    return Known(low, low if high is None else high, standing, SOURCE)


CLAIM = Claim(
    title=Label("x", "x"),
    on=date(2021, 6, 1),
    saving=known(1000, standing=Standing.STATED),
    basis=Basis.GROSS,
    would_have_left=known(0.5),
    ladder_week=known(53),
    programme_cost=known(100),
    municipal_tax=known(0.24),
    average_tax=known(0.26),
)


def left(claim, book, step):
    return audit_claim(claim, book).readings[0].after(step)


def test_what_is_known_is_one_number(book):
    assert left(CLAIM, book, Step.PROGRAMME_COST) == Span(300, 300)
    after = left(CLAIM, book, Step.EQUALISATION)
    assert (after.low, after.high) == pytest.approx((300 - 120 + 97.5,) * 2)


@pytest.mark.parametrize(
    ("name", "range_", "expected"),
    [
        ("would_have_left", known(0.4, 0.6), (220, 380)),
        ("programme_cost", known(50, 150), (250, 350)),
        ("ladder_week", known(27, 60), (250, 300)),
        ("ladder_week", known(1), (0, 0)),
        ("ladder_week", None, (0, 300)),
        ("saving", known(800, 1000), (220, 300)),
    ],
)
def test_a_range_gives_a_range(book, name, range_, expected):
    found = left(replace(CLAIM, **{name: range_}), book, Step.PROGRAMME_COST)
    assert (found.low, found.high) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("name", "step", "expected"),
    [
        ("would_have_left", Step.COUNTERFACTUAL, Span(None, 1000)),
        ("programme_cost", Step.PROGRAMME_COST, Span(None, 400)),
        ("municipal_tax", Step.OWN_TAX, Span(None, 300)),
        ("average_tax", Step.EQUALISATION, Span(None, None)),
    ],
)
def test_what_nobody_knows_is_never_zero(book, name, step, expected):
    """The lower end is open; the upper one is what the best value would leave, and open where nothing bounds it."""
    found = audit_claim(replace(CLAIM, **{name: None}), book).readings[0]
    assert found.after(step) == expected
    own = next(each for each in found.steps if each.step is step)
    assert (own.standing, own.number, own.source) == (Standing.NOT_DOCUMENTED, None, None)
    assert own.posting(Party.MUNICIPALITY) == Span(None, None)
    assert own.posting(Party.REGION) is None


def test_a_day_of_which_nobody_has_verified_the_rates_opens_them(book):
    found = left(replace(CLAIM, on=date(2030, 1, 1)), book, Step.REFUND)
    assert found == Span(None, 500)
    assert left(CLAIM, RateBook((), book.benefits), Step.EQUALISATION) == Span(None, None)


def test_the_state_of_the_other_purses_is_known_where_theirs_is(book):
    """The state's part does not wait for the cost of the programme."""
    totals = dict(audit_claim(replace(CLAIM, programme_cost=None), book).readings[0].totals)
    assert totals[Party.STATE] == Span(100, 100)
    assert totals[Party.MUNICIPALITY].low is None
    assert totals[Party.CITIZEN].low == pytest.approx(-500 + 120)


def test_a_claim_net_of_refund_has_more_benefit_behind_it(book):
    found = audit_claim(replace(CLAIM, basis=Basis.NET_OF_REFUND), book).readings[0]
    assert found.after(Step.PROGRAMME_COST) == Span(400, 400)
    assert dict(found.totals)[Party.STATE].low == pytest.approx(125)
    assert next(step for step in found.steps if step.step is Step.REFUND).postings == ()


@pytest.mark.parametrize(
    ("group", "share", "causal"),
    [
        (known(1), known(0.5), True),
        (known(0), known(0.5), False),
        (None, known(0.5), False),
        (known(1), None, False),
        (known(1), known(0.5, standing=Standing.ILLUSTRATIVE), False),
        (known(1), Known(0.5, 0.5, Standing.GIVEN, None), False),
    ],
)
def test_only_a_control_group_makes_it_causal(book, group, share, causal):
    assert audit_claim(replace(CLAIM, control_group=group, would_have_left=share), book).causal is causal


def test_a_step_is_as_firm_as_the_weakest_of_its_numbers(book):
    guessed = replace(CLAIM, average_tax=Known(0.25, 0.25, Standing.GIVEN, None))
    step = next(each for each in audit_claim(guessed, book).readings[0].steps if each.step is Step.EQUALISATION)
    assert (step.standing, step.source) == (Standing.GIVEN, None)
    assert step.number.low == pytest.approx(0.75 * 0.25)
