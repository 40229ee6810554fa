"""Rerandomisation after Morgan and Rubin: draws are repeated until the arms are close enough on covariates.

The accepted draws are the design: they can be counted, listed where they are few, and sampled, which is what inference
restricted to them needs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from scipy import stats

from ctieval.designs.count import count_by_quotas
from ctieval.designs.deal import deal_arms
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.imbalance import Imbalance, measure_imbalance
from ctieval.designs.quotas import Quotas, build_quotas
from ctieval.designs.simulated import EXACT, Simulated, summarise, to_exact
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import Rerandomised
from ctieval.domain.entrants import Entrants
from ctieval.errors import DesignError

ENUMERABLE = 100_000
"""Most assignments of the design underneath that are listed one by one."""

DRAWS = 200_000
REPLICATES = 10_000
FEWEST_REPLICATES = 1_000
SEED = 0
PATIENCE = 50
"""A draw is given up after this many times the number that it should take: a chance of e^-50 where all is well."""

ROUNDING = 1e-9
"""Distances are sums of floats: those of a draw and of its mirror image differ in the last digits."""

BATCH = 512


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Acceptance:
    """When a draw is close enough.

    Attributes:
        quotas: The design underneath, laid upon those who enter it.
        imbalance: The distance.
        threshold: Greatest distance accepted.
        share: Share of all draws to be accepted, as declared.
        assignments: Number of assignments of the design underneath.
        is_enumerated: True where the threshold is the quantile of all assignments listed one by one, so that at least
            the declared share is accepted; False where it is the quantile of chi-square, which the distances of many
            persons follow.
    """

    quotas: Quotas
    imbalance: Imbalance
    threshold: float
    share: Fraction
    assignments: int
    is_enumerated: bool

    def accepts(self, arm: IntArray) -> BoolArray:
        """Return which draws are close enough; arms of shape (draws, n)."""
        return self.imbalance.distances(arm) <= self.threshold + ROUNDING * (1 + self.threshold)

    def __repr__(self) -> str:
        """Name the share and the threshold, never a person."""
        return f"Acceptance({self.share}, distance up to {self.threshold:.4g})"


@dataclass(frozen=True, slots=True)
class AcceptedDraws:
    """How many draws are accepted.

    Attributes:
        assignments: Number of assignments of the design underneath.
        accepted: Number of them that are accepted; None where they are too many to be listed.
        share: Probability that a draw is accepted.
        std_error: Its Monte Carlo standard error; 0 where all were listed.
        replicates: Number of draws simulated; 0 where all were listed.
    """

    assignments: int
    accepted: int | None
    share: float
    std_error: float
    replicates: int


def fix_acceptance(design: Rerandomised, entrants: Entrants, *, enumerable: int = ENUMERABLE) -> Acceptance:
    r"""Fix the threshold of the distance, before anything is drawn.

    Where the assignments can be listed it is the smallest distance a with

    .. math:: P(M \le a) \ge p_a

    over all of them. Where they are too many it is the quantile of :math:`\chi^2` with as many degrees of freedom as
    there are differences, which is the law of the distances in large samples.

    Args:
        design: The design underneath, and the share to be accepted.
        entrants: The persons with their covariates, in the order in which lots are dealt.
        enumerable: Most assignments to be listed one by one.

    Returns:
        The threshold, and all that it takes to judge a draw.

    Raises:
        DesignError: If the share is not above 0 and at most 1.
        DesignError: If the design underneath cannot be conducted, or the covariates cannot be compared.

    References:
        Morgan, K. L. & Rubin, D. B. (2012). Rerandomization to improve covariate balance in experiments. Annals of
        Statistics 40(2), 1263-1282, doi:10.1214/12-AOS1008, section 3.1.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> persons = Entrants(*(np.full(4, "", dtype=object),) * 2, covariates=np.array([[1.0], [2.0], [3.0], [4.0]]))
        >>> fix_acceptance(Rerandomised(Complete(2), ("age",), Fraction(1, 3)), persons)
        Acceptance(1/3, distance up to 0)
    """
    if not 0 < design.acceptance <= 1:
        raise DesignError(
            what="the design cannot be conducted",
            where="the acceptance",
            found=f"the share {design.acceptance}",
            expected="a share above 0, and at most 1",
            do="correct acceptance in the plan, such as 0.01",
        )
    quotas = build_quotas(design.draw, entrants)
    imbalance = measure_imbalance(quotas, entrants)
    assignments = count_by_quotas(quotas)
    if listed := assignments <= enumerable:
        threshold = _quantile(design, entrants, imbalance, enumerable)
    else:
        threshold = float(stats.chi2.ppf(float(design.acceptance), imbalance.df))
    return Acceptance(quotas, imbalance, threshold, design.acceptance, assignments, listed)


def draw_rerandomised(design: Rerandomised, entrants: Entrants, rng: np.random.Generator) -> IntArray:
    """Draw again and again until a draw is accepted.

    Args:
        design: The declared design.
        entrants: The persons with their covariates, in the order in which lots are dealt.
        rng: Source of randomness, on a bit generator of 64-bit words.

    Returns:
        The arm of each person, shape (n,).

    Raises:
        DesignError: If no draw is accepted in fifty times the number that it should take.
        DesignError: If ``fix_acceptance`` refuses the design.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> persons = Entrants(*(np.full(4, "", dtype=object),) * 2, covariates=np.array([[1.0], [2.0], [3.0], [4.0]]))
        >>> design = Rerandomised(Complete(2), ("age",), Fraction(1, 3))
        >>> draw_rerandomised(design, persons, np.random.Generator(np.random.PCG64(1)))
        array([1, 0, 0, 1])
    """
    return next(sample_accepted(fix_acceptance(design, entrants), rng))


def sample_accepted(acceptance: Acceptance, rng: np.random.Generator) -> Iterator[IntArray]:
    """Draw accepted assignments without end, each from the law of the design.

    Args:
        acceptance: When a draw is close enough.
        rng: Source of randomness.

    Yields:
        The arm of each person, shape (n,).

    Raises:
        DesignError: If no draw is accepted in fifty times the number that it should take.
    """
    while True:
        yield _draw_accepted(acceptance, rng)[0]


def number_accepted(acceptance: Acceptance, rng: np.random.Generator) -> int:
    """Return how many draws are refused before the first that is accepted.

    Raises:
        DesignError: If no draw is accepted in fifty times the number that it should take.
    """
    return _draw_accepted(acceptance, rng)[1]


def enumerate_accepted(
    design: Rerandomised, entrants: Entrants, *, limit: int = ENUMERABLE
) -> Iterator[tuple[IntArray, Fraction]]:
    """Iterate over every accepted assignment.

    Args:
        design: The declared design.
        entrants: The persons with their covariates, in the order in which lots are dealt.
        limit: Most assignments of the design underneath that are worth the wait.

    Returns:
        An iterator over arms, shape (n,), and their exact probability; the probabilities add up to 1.

    Raises:
        DesignError: If there are more assignments than the limit, or if ``fix_acceptance`` refuses the design.

    Examples:
        >>> from ctieval.domain.design import Complete
        >>> persons = Entrants(*(np.full(4, "", dtype=object),) * 2, covariates=np.array([[1.0], [2.0], [3.0], [4.0]]))
        >>> for arm, probability in enumerate_accepted(Rerandomised(Complete(2), ("age",), Fraction(1, 3)), persons):
        ...     print(arm, probability)
        [1 0 0 1] 1/2
        [0 1 1 0] 1/2
    """
    acceptance = fix_acceptance(design, entrants)
    listed = _list(design, entrants, limit)
    accepted = [each for batch in listed for each, is_in in zip(batch, _judge(acceptance, batch), strict=True) if is_in]
    total = sum((probability for _, probability in accepted), Fraction(0))
    return ((arm, probability / total) for arm, probability in accepted)


def count_accepted(
    design: Rerandomised, entrants: Entrants, *, replicates: int = REPLICATES, seed: int = SEED
) -> AcceptedDraws:
    """Count the accepted assignments where they can be listed, and else estimate their share.

    Args:
        design: The declared design.
        entrants: The persons with their covariates, in the order in which lots are dealt.
        replicates: Number of draws to simulate, where it takes that.
        seed: Seed of the simulation.

    Returns:
        Number and share of those accepted.

    Raises:
        DesignError: If ``fix_acceptance`` refuses the design.
    """
    acceptance = fix_acceptance(design, entrants)
    if not acceptance.is_enumerated:
        drawn = _simulate_share(acceptance, replicates, seed)
        return AcceptedDraws(acceptance.assignments, None, float(drawn.mean), float(drawn.std_error), drawn.replicates)
    accepted, share = 0, Fraction(0)
    for batch in _list(design, entrants, ENUMERABLE):
        for (_, probability), is_in in zip(batch, _judge(acceptance, batch), strict=True):
            accepted += int(is_in)
            share += probability * int(is_in)
    return AcceptedDraws(acceptance.assignments, accepted, float(share), 0.0, 0)


def are_alike(quotas: Quotas) -> bool:
    """True where the arms are drawn in equal whole numbers from each block, so that they can change places."""
    return all(len(set(row)) == 1 and row[0].denominator == 1 for row in quotas.target)


def count_replicates(design: Rerandomised, quotas: Quotas) -> int:
    """Return how many accepted draws the probabilities are simulated from; ``EXACT`` where they need not be.

    There are as many as come of 200,000 draws, but at least 1,000 and at most 10,000.
    """
    if are_alike(quotas) or count_by_quotas(quotas) <= ENUMERABLE:
        return EXACT
    return max(FEWEST_REPLICATES, min(REPLICATES, int(design.acceptance * DRAWS)))


def rerandomised_probabilities(
    design: Rerandomised, entrants: Entrants, *, replicates: int | None = None, seed: int = SEED
) -> Simulated:
    """Return each person's probability of each arm over the accepted draws.

    Where the arms are drawn in equal whole numbers, they can change places: a draw is accepted with all that come of it
    in this way, and every probability is one over the number of arms, exactly. Else the accepted draws are listed where
    that can be done, and simulated where not.

    Args:
        design: The declared design.
        entrants: The persons with their covariates, in the order in which lots are dealt.
        replicates: Number of accepted draws to simulate, where it takes that; None for ``count_replicates``.
        seed: Seed of the simulation.

    Returns:
        Probabilities, shape (n, arms), with their Monte Carlo error.

    Raises:
        DesignError: If ``fix_acceptance`` refuses the design, or no draw is accepted.
    """
    acceptance = fix_acceptance(design, entrants)
    quotas = acceptance.quotas
    if are_alike(quotas):
        return to_exact(np.full((len(entrants), quotas.arms), 1 / quotas.arms))
    if acceptance.is_enumerated:
        law = enumerate_accepted(design, entrants)
        return to_exact(sum((float(p) * _to_places(arm, quotas.arms) for arm, p in law), np.zeros(1)))
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    wanted = replicates or count_replicates(design, quotas)
    accepted = sample_accepted(acceptance, rng)
    total = sum((_to_places(next(accepted), quotas.arms) for _ in range(wanted)), np.zeros(1))
    return summarise(total, total, wanted)


def _draw_accepted(acceptance: Acceptance, rng: np.random.Generator) -> tuple[IntArray, int]:
    """Draw until a draw is accepted; return its arms, and how many were refused before it."""
    patience = math.ceil(PATIENCE / acceptance.share)
    for refused in range(patience):
        arm = deal_arms(acceptance.quotas, rng)
        if acceptance.accepts(arm[None])[0]:
            return arm, refused
    raise DesignError(
        what="no draw brought the arms close enough on the covariates",
        where="the acceptance",
        found=f"{patience} draws, none with a distance of at most {acceptance.threshold:.4g}",
        expected=f"one draw in {float(1 / acceptance.share):.4g}",
        do="raise acceptance in the plan, or balance on fewer covariates",
    )


_Listed = list[tuple[IntArray, Fraction]]


def _list(design: Rerandomised, entrants: Entrants, limit: int) -> Iterator[_Listed]:
    """Iterate over all assignments of the design underneath, in batches."""
    batch: _Listed = []
    for each in enumerate_assignments(design.draw, entrants, limit=limit):
        batch.append(each)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _judge(acceptance: Acceptance, batch: _Listed) -> BoolArray:
    return acceptance.accepts(np.array([arm for arm, _ in batch]))


def _quantile(design: Rerandomised, entrants: Entrants, imbalance: Imbalance, limit: int) -> float:
    """Return the smallest distance within which at least the declared share of all draws lies."""
    distances: list[float] = []
    probabilities: list[Fraction] = []
    for batch in _list(design, entrants, limit):
        distances += imbalance.distances(np.array([arm for arm, _ in batch])).tolist()
        probabilities += [probability for _, probability in batch]
    within = Fraction(0)
    for number in np.argsort(distances, kind="stable"):
        within += probabilities[number]
        if within >= design.acceptance:
            return distances[number]
    return math.inf


def _simulate_share(acceptance: Acceptance, replicates: int, seed: int) -> Simulated:
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    accepted = np.array(0.0)
    for start in range(0, replicates, BATCH):
        batch = [deal_arms(acceptance.quotas, rng) for _ in range(min(BATCH, replicates - start))]
        accepted = accepted + acceptance.accepts(np.array(batch)).sum()
    return summarise(accepted, accepted, replicates)


def _to_places(arm: IntArray, arms: int) -> FloatArray:
    """Return 1 for each person's own arm and 0 for the others, shape (n, arms)."""
    return (arm[:, None] == np.arange(arms)).astype(np.float64)
