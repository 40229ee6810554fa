"""Audits a claim of a saving: step by step to what each payer keeps, as a range; no saving is estimated here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ctieval.domain.claim import Basis, Claim, ClaimAudit, ClaimReading, ClaimStep, Known, Span, Standing, Step
from ctieval.domain.posting import Party
from ctieval.economics.claim.numbers import ClaimNumbers, find_numbers
from ctieval.economics.claim.rules import Rule, add_corners, list_rules
from ctieval.rates.book import RateBook

_OPEN = Span(None, None)
_BOTH = (Basis.GROSS, Basis.NET_OF_REFUND)
_WEAKEST_FIRST = (
    Standing.NOT_DOCUMENTED,
    Standing.ILLUSTRATIVE,
    Standing.GIVEN,
    Standing.STATED,
    Standing.SOURCED,
    Standing.RATE_BOOK,
)


def audit_claim(claim: Claim, book: RateBook) -> ClaimAudit:
    r"""Audit a claim of a saving.

    Of a stated saving :math:`V` of benefits, the share :math:`s` would have come anyway, the state bears the share
    :math:`\rho`, the programme cost :math:`C`, and the municipality loses its own tax :math:`t` on the benefit, of
    which equalisation gives :math:`e \, \bar t` back:

    .. math::
        G = (1 - s) V, \qquad M_0 = (1 - \rho) G - C, \qquad M_2 = M_0 - (t - e \, \bar t) \, G

    A claim that may be net of refund already is read both ways; then :math:`G = (1 - s) V / (1 - \rho)`. A range gives
    a range: all is monotone in each number, so that the ends lie in the corners. A number that nobody knows is never
    0: from there on the lower end is open, and the upper one is what its best value would leave. Tax of wages gained is
    on top, and no claim documents it. Society gains nothing from a benefit that is not paid: what a payer gains, the
    citizen loses.

    Args:
        claim: The claim.
        book: The rate book.

    Returns:
        The steps under each reading, and what is left over all readings.

    Raises:
        RateError: If a rate is of another kind than its name says.
    """
    numbers = find_numbers(claim, book)
    readings = tuple(_read(numbers, basis) for basis in (_BOTH if claim.basis is Basis.NOT_STATED else (claim.basis,)))
    return ClaimAudit(
        claim=claim,
        readings=readings,
        causal=_is_causal(claim),
        after_refund=_join(each.after(Step.PROGRAMME_COST) for each in readings),
        after_equalisation=_join(each.after(Step.EQUALISATION) for each in readings),
    )


def _is_causal(claim: Claim) -> bool:
    """Only a control group tells what would have come anyway; a number without a source does not."""
    group, left = claim.control_group, claim.would_have_left
    told = left is not None and left.standing in {Standing.STATED, Standing.SOURCED}
    return told and group is not None and group.low > 0


def _read(numbers: ClaimNumbers, basis: Basis) -> ClaimReading:
    rules = list_rules(basis)
    steps = tuple(_step(rules[: place + 1], numbers) for place in range(len(rules)))
    left = steps[-1].municipality
    wages = ClaimStep(
        step=Step.TAX_ON_WAGES,
        standing=Standing.NOT_DOCUMENTED,
        number=None,
        postings=tuple((party, _OPEN) for party in (Party.MUNICIPALITY, Party.STATE)),
        municipality=Span(left.low, None),
        source=None,
    )
    return ClaimReading(basis, (*steps, wages), _totals(rules, numbers))


def _step(rules: Sequence[Rule], numbers: ClaimNumbers) -> ClaimStep:
    """The last of some rules, and what all of them leave the municipality."""
    rule = rules[-1]
    own = [getattr(numbers, name) for name in rule.own]
    weakest = min(own, key=_rank)
    return ClaimStep(
        step=rule.step,
        standing=Standing.NOT_DOCUMENTED if weakest is None else weakest.standing,
        number=None if weakest is None else _number(own),
        postings=tuple((party, _span([rule], numbers, party)) for party in rule.parties),
        municipality=_left(rules, numbers),
        source=None if weakest is None else weakest.source,
    )


def _rank(known: Known | None) -> int:
    return _WEAKEST_FIRST.index(Standing.NOT_DOCUMENTED if known is None else known.standing)


def _number(own: Iterable[Known]) -> Span:
    """The number of a step; the product where it takes two shares."""
    low = high = 1.0
    for each in own:
        low, high = low * each.low, high * each.high
    return Span(low, high)


def _left(rules: Sequence[Rule], numbers: ClaimNumbers) -> Span:
    """What is left to the municipality, with an open end where a number that nobody knows does not bound it."""
    low, high = add_corners(rules, numbers, Party.MUNICIPALITY)
    missing = {name for rule in rules for name in rule.rests_on if getattr(numbers, name) is None}
    unbounded = any(rule.unbounded and not missing.isdisjoint(rule.own) for rule in rules)
    return Span(None if missing else low, None if unbounded else high)


def _span(rules: Sequence[Rule], numbers: ClaimNumbers, party: Party) -> Span:
    if any(getattr(numbers, name) is None for rule in rules for name in rule.rests_on):
        return _OPEN
    return Span(*add_corners(rules, numbers, party))


def _totals(rules: Sequence[Rule], numbers: ClaimNumbers) -> tuple[tuple[Party, Span], ...]:
    concerned = [party for party in Party if any(party in rule.parties for rule in rules)]
    return tuple(
        (party, _left(rules, numbers) if party is Party.MUNICIPALITY else _span(_of(rules, party), numbers, party))
        for party in concerned
    )


def _of(rules: Sequence[Rule], party: Party) -> list[Rule]:
    return [rule for rule in rules if party in rule.parties]


def _join(spans: Iterable[Span]) -> Span:
    """The range that holds all of some ranges."""
    each = list(spans)
    lows, highs = [span.low for span in each], [span.high for span in each]
    return Span(
        None if None in lows else min(low for low in lows if low is not None),
        None if None in highs else max(high for high in highs if high is not None),
    )
