"""What each step of a claim's audit posts to whom, for one value of every number."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from itertools import product
from typing import TypeAlias

from ctieval.domain.claim import Basis, Known, Step
from ctieval.domain.posting import Party
from ctieval.economics.claim.numbers import ClaimNumbers


@dataclass(frozen=True, slots=True)
class Values:
    """One value of every number, in the order of ``ClaimNumbers``."""

    saving: float
    would_have_left: float
    state_share: float
    programme_cost: float
    municipal_tax: float
    average_tax: float
    equalisation: float

    def gross(self, basis: Basis) -> float:
        """Benefit behind the stated saving, before anything is taken off."""
        return self.saving / (1 - self.state_share) if basis is Basis.NET_OF_REFUND else self.saving

    def caused(self, basis: Basis) -> float:
        """Benefit that would have been paid without the programme."""
        return (1 - self.would_have_left) * self.gross(basis)


_Post: TypeAlias = Callable[[Values, Basis], Mapping[Party, float]]


@dataclass(frozen=True, slots=True)
class Rule:
    """One step.

    Attributes:
        step: Which step.
        basis: What the stated amount is taken to be.
        post: What each party gains.
        parties: The parties that it concerns.
        own: Numbers that the step brings in; the step stands as firm as the weakest of them.
        rests_on: All numbers behind its postings.
        unbounded: True where nothing bounds what the municipality gains by it, if its own numbers are not known.
    """

    step: Step
    basis: Basis
    post: _Post
    parties: tuple[Party, ...]
    own: tuple[str, ...]
    rests_on: frozenset[str]
    unbounded: bool = False


def list_rules(basis: Basis) -> tuple[Rule, ...]:
    """List the steps in their order, but the tax of wages, of which nothing is known.

    Args:
        basis: What the stated amount is taken to be: gross, or net of refund.
    """
    net = basis is Basis.NET_OF_REFUND
    stated = frozenset({"saving", "state_share"} if net else {"saving"})
    caused = stated | {"would_have_left"}
    citizen, own, others, state = Party.CITIZEN, Party.MUNICIPALITY, Party.OTHER_MUNICIPALITIES, Party.STATE
    payers = (citizen, own, state) if net else (citizen, own)
    tax, shared = "municipal_tax", ("equalisation", "average_tax")
    return (
        Rule(Step.CLAIMED, basis, _claimed, payers, ("saving",), stated),
        Rule(Step.COUNTERFACTUAL, basis, _counterfactual, payers, ("would_have_left",), caused),
        Rule(
            Step.REFUND,
            basis,
            _no_refund if net else _refund,
            () if net else (own, state),
            ("state_share",),
            caused | {"state_share"},
        ),
        Rule(Step.PROGRAMME_COST, basis, _cost, (own,), ("programme_cost",), frozenset({"programme_cost"})),
        Rule(Step.OWN_TAX, basis, _own_tax, (citizen, own), (tax,), caused | {tax}),
        Rule(Step.EQUALISATION, basis, _equalisation, (own, others), shared, caused | {*shared}, unbounded=True),
    )


def add_corners(rules: Sequence[Rule], numbers: ClaimNumbers, party: Party) -> tuple[float, float]:
    """Add up what some steps give a party, at both ends; a number that nobody knows stands at the municipality's best.

    Args:
        rules: The steps.
        numbers: What is known.
        party: Whose gain it is.

    Returns:
        Lowest and highest sum, in kroner.
    """
    sums = [sum(rule.post(values, rule.basis).get(party, 0.0) for rule in rules) for values in _corners(numbers)]
    return min(sums), max(sums)


def _corners(numbers: ClaimNumbers) -> Iterator[Values]:
    """Every combination of the ends of what is known; 0 is best where nobody knows: nothing is taken off."""
    known: list[Known | None] = [getattr(numbers, field.name) for field in fields(numbers)]
    ends = [(0.0,) if each is None else dict.fromkeys((each.low, each.high)) for each in known]
    return (Values(*corner) for corner in product(*ends))


def _claimed(values: Values, basis: Basis) -> Mapping[Party, float]:
    gross = values.gross(basis)
    return {Party.CITIZEN: -gross, Party.MUNICIPALITY: values.saving, Party.STATE: gross - values.saving}


def _counterfactual(values: Values, basis: Basis) -> Mapping[Party, float]:
    return {party: -values.would_have_left * amount for party, amount in _claimed(values, basis).items()}


def _refund(values: Values, basis: Basis) -> Mapping[Party, float]:
    refund = values.state_share * values.caused(basis)
    return {Party.MUNICIPALITY: -refund, Party.STATE: refund}


def _no_refund(values: Values, basis: Basis) -> Mapping[Party, float]:  # noqa: ARG001  (the amount is net already)
    return {}


def _cost(values: Values, basis: Basis) -> Mapping[Party, float]:  # noqa: ARG001  (the same in either reading)
    return {Party.MUNICIPALITY: -values.programme_cost}


def _own_tax(values: Values, basis: Basis) -> Mapping[Party, float]:
    tax = values.municipal_tax * values.caused(basis)
    return {Party.MUNICIPALITY: -tax, Party.CITIZEN: tax}


def _equalisation(values: Values, basis: Basis) -> Mapping[Party, float]:
    shared = values.equalisation * values.average_tax * values.caused(basis)
    return {Party.MUNICIPALITY: shared, Party.OTHER_MUNICIPALITIES: -shared}
