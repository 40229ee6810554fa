"""The assignments that a design could have given: each of them where they are few, else many drawn anew."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from typing import SupportsFloat, TypeAlias

import numpy as np

from ctieval.assignment.balance.reference import Batch
from ctieval.assignment.balance.units import fixes_numbers, lay_quotas
from ctieval.designs.count import count_by_quotas
from ctieval.designs.deal import deal_arms
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.intake.simulate import simulate_arms
from ctieval.designs.rerandomise import Acceptance, enumerate_accepted, fix_acceptance, sample_accepted
from ctieval.domain.allocation import Allocation, Arrivals, Proven
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.balance_table import Law
from ctieval.domain.design import BiasedCoin, Intake, Minimised, PermutedBlocks, Rerandomised
from ctieval.errors import DesignError

_Weighted: TypeAlias = tuple[IntArray, SupportsFloat]
"""An assignment, shape (n,), and its probability."""

DRAWS = 4_999
"""With the assignment that was made, 5,000: a p-value of 0.05 is known to within 0.006."""
FEW = 20_000
"""So many assignments and fewer are each gone through."""
_FEWEST, _TRIED, _LOTS = 499, 50_000, 100_000_000
_CELLS = 500_000
"""Persons times assignments that are compared at once, so that memory does not grow with the number of draws."""


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Assignments:
    """What a design could have given.

    Attributes:
        law: Whether each assignment is gone through, or many are drawn.
        count: How many there are, or were drawn.
        seed: Seed of the draws; None where each is gone through.
        formula: True where every way to draw the same numbers of each block is equally likely, and no other number can
            be drawn, so that a formula gives the covariance of the differences.
        batches: Starts anew to iterate over all of them with their probabilities, which add up to 1. Where they are
            drawn, the assignment that was made stands first, as likely as each of the others.
    """

    law: Law
    count: int
    seed: int | None
    formula: bool
    batches: Callable[[], Iterator[Batch]]

    def __repr__(self) -> str:
        """Name the size."""
        return f"Assignments({self.count} {self.law.value})"


def redraw(
    allocation: Allocation, covariates: FloatArray | None = None, *, draws: int | None = None, few: int = FEW
) -> Assignments:
    """Find what the design of an allocation could have given, by the sampler that made it.

    Where persons have left the data, so that those who are left are no longer as many as the design draws, their own
    numbers by block and arm are held fixed.

    Args:
        allocation: The arms, their blocks and clusters, and their design.
        covariates: What a rerandomised design judges its draws by, shape (n, p); other designs read none here.
        draws: Assignments to draw where there are too many to go through; None for 4,999, or for so many persons that
            this takes long, fewer.
        few: Most assignments to go through.

    Raises:
        DesignError: If a rerandomised design lacks its covariates, or cannot be conducted with these persons.
        DesignError: If persons came one at a time, and the allocation does not hold their order.

    Examples:
        >>> from ctieval.domain.allocation import Declared
        >>> from ctieval.domain.arms import Arms
        >>> from ctieval.domain.design import Complete
        >>> persons, undated = np.array(["a", "b", "c"], dtype=object), np.full(3, "NaT", "datetime64[D]")
        >>> arm, one, shares = np.array([0, 0, 1]), np.zeros(3, dtype=np.int64), np.tile([2 / 3, 1 / 3], (3, 1))
        >>> arms, design = Arms("new", "usual"), Complete(1)
        >>> allocation = Allocation(persons, arm, shares, one, ("",), one, ("",), undated, arms, design, Declared())
        >>> [arms.tolist() for arms, _ in redraw(allocation).batches()]
        [[[1, 0, 0], [0, 1, 0], [0, 0, 1]]]
    """
    design, seed = allocation.design, derive_seed(allocation)
    draws = _enough(allocation) if draws is None else draws
    if isinstance(design, PermutedBlocks | BiasedCoin | Minimised):
        again = partial(_replay, design, _check_order(allocation), allocation.arm, seed, draws)
        return _sample(allocation, draws, again, formula=False)
    if isinstance(design, Rerandomised) and lay_quotas(design.draw, allocation) is not None:
        return _redraw_accepted(allocation, design, covariates, few)
    quotas = lay_quotas(design, allocation)
    if quotas is None:
        shuffled = partial(_draw, partial(_shuffle, allocation), allocation.arm, seed, draws)
        return _sample(allocation, draws, shuffled, formula=False)
    formula, count = fixes_numbers(quotas), count_by_quotas(quotas)
    if count <= few:
        each = partial(enumerate_assignments, design, allocation.entrants, limit=few)
        size = _batch_size(allocation)
        return Assignments(Law.ENUMERATED, count, None, formula=formula, batches=lambda: _batch(each(), size))
    anew = partial(_draw, partial(deal_arms, quotas), allocation.arm, seed, draws)
    return _sample(allocation, draws, anew, formula=formula)


def _redraw_accepted(
    allocation: Allocation, design: Rerandomised, covariates: FloatArray | None, few: int
) -> Assignments:
    """Accepted draws alone; where few are accepted, about one for each of fifty thousand that are tried."""
    if covariates is None:
        raise DesignError(
            what="the draws that are accepted cannot be made again",
            where="design Rerandomised",
            found="no covariates to judge them by",
            expected="a column for each of: " + ", ".join(design.covariates),
            do="give the covariates of the persons, in the order of the allocation",
        )
    entrants = replace(allocation.entrants, covariates=covariates)
    acceptance = fix_acceptance(design, entrants)
    if acceptance.assignments <= few:
        accepted, size = list(enumerate_accepted(design, entrants, limit=few)), _batch_size(allocation)
        return Assignments(Law.ENUMERATED, len(accepted), None, formula=False, batches=lambda: _batch(accepted, size))
    draws = min(_enough(allocation), max(_FEWEST, int(_TRIED * design.acceptance)))
    deal = partial(_draw_accepted, acceptance)
    anew = partial(_draw, deal, allocation.arm, derive_seed(allocation), draws)
    return _sample(allocation, draws, anew, formula=False)


def derive_seed(allocation: Allocation) -> int:
    """Return the seed of the check: from the record where there is one, else from who was drawn; never from an arm."""
    digest = hashlib.sha256(b"ctieval balance\n")
    if isinstance(allocation.proof, Proven):
        digest.update(allocation.proof.record_digest.encode())
    else:
        digest.update("\n".join(map(str, allocation.person_id)).encode("utf-8", "surrogatepass"))
    return int.from_bytes(digest.digest()[:4], "big")


def _enough(allocation: Allocation) -> int:
    return min(DRAWS, max(_FEWEST, _LOTS // max(len(allocation.arm), 1)))


def _check_order(allocation: Allocation) -> Arrivals:
    if allocation.arrivals is None:
        raise DesignError(
            what="the draws of an intake cannot be made again",
            where=f"design {type(allocation.design).__name__}",
            found="persons who came one at a time, without their order",
            expected="the order in which they came, as the record of the intake holds it",
            do="read the allocation from the record of the intake",
        )
    return allocation.arrivals


def _sample(
    allocation: Allocation, draws: int, drawn: Callable[[], Iterable[_Weighted]], *, formula: bool
) -> Assignments:
    seed, size = derive_seed(allocation), _batch_size(allocation)
    return Assignments(Law.SAMPLED, draws, seed, formula=formula, batches=lambda: _batch(drawn(), size))


def _replay(design: Intake, arrivals: Arrivals, made: IntArray, seed: int, draws: int) -> Iterator[_Weighted]:
    """Let the same persons come again in the same order."""
    share = 1 / (1 + draws)
    yield made, share
    kept = arrivals.row >= 0
    for batch in simulate_arms(design, arrivals.levels, replicates=draws, seed=seed):
        arms = np.empty((len(batch), len(made)), dtype=np.int64)
        arms[:, arrivals.row[kept]] = batch[:, kept]
        yield from ((each, share) for each in arms)


def _shuffle(allocation: Allocation, rng: np.random.Generator) -> IntArray:
    """Deal the arms that are there anew within the blocks; persons of a cluster stay together."""
    clustered = allocation.cluster_labels != ("",)
    _, first, unit = np.unique(
        allocation.cluster if clustered else np.arange(len(allocation.arm)), return_index=True, return_inverse=True
    )
    arm, block = allocation.arm[first], allocation.block[first]
    dealt = np.empty_like(arm)
    dealt[np.lexsort((rng.random(len(arm)), block))] = arm[np.argsort(block, kind="stable")]
    return dealt[unit]


def _draw_accepted(acceptance: Acceptance, rng: np.random.Generator) -> IntArray:
    return next(sample_accepted(acceptance, rng))


def _draw(
    deal: Callable[[np.random.Generator], IntArray], made: IntArray, seed: int, draws: int
) -> Iterator[_Weighted]:
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    share = 1 / (1 + draws)
    yield made, share
    for _ in range(draws):
        yield deal(rng), share


def _batch_size(allocation: Allocation) -> int:
    return max(1, _CELLS // max(len(allocation.arm), 1))


def _batch(assignments: Iterable[_Weighted], size: int) -> Iterator[Batch]:
    each = iter(assignments)
    while found := list(islice(each, size)):
        yield np.stack([arms for arms, _ in found]), np.array([float(weight) for _, weight in found])
