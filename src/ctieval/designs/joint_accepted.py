"""Joint probabilities over the accepted draws of a rerandomised design: listed where they are few, else simulated."""

from __future__ import annotations

from itertools import islice

import numpy as np

from ctieval.designs.quotas import Quotas
from ctieval.designs.rerandomise import (
    BATCH,
    DRAWS,
    FEWEST_REPLICATES,
    REPLICATES,
    SEED,
    enumerate_accepted,
    fix_acceptance,
    sample_accepted,
)
from ctieval.designs.simulated import Simulated, summarise, to_exact
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.design import Rerandomised
from ctieval.domain.entrants import Entrants


def joint_accepted(design: Rerandomised, entrants: Entrants, *, seed: int = SEED) -> Simulated:
    """Return the probability of each pair of arms of each pair of units over the accepted draws.

    Args:
        design: The declared design.
        entrants: The persons with their covariates, in the order in which lots are dealt.
        seed: Seed of the simulation, where it takes one.

    Returns:
        Probabilities, shape (units, arms, units, arms), with their Monte Carlo error; exact where the draws underneath
        can be listed.

    Raises:
        DesignError: If ``fix_acceptance`` refuses the design, or no draw is accepted.

    Examples:
        >>> from fractions import Fraction
        >>> from ctieval.domain.design import Complete
        >>> persons = Entrants(*(np.full(4, "", dtype=object),) * 2, covariates=np.array([[1.0], [2.0], [3.0], [4.0]]))
        >>> joint_accepted(Rerandomised(Complete(2), ("age",), Fraction(1, 3)), persons).mean[0, 1, :, 1]
        array([0.5, 0. , 0. , 0.5])
    """
    acceptance = fix_acceptance(design, entrants)
    quotas = acceptance.quotas
    if acceptance.is_enumerated:
        law = list(enumerate_accepted(design, entrants))
        placed = _place([arm for arm, _ in law], quotas)
        return to_exact(_join(placed * np.array([[float(chance)] for _, chance in law]), placed, quotas))
    accepted = sample_accepted(acceptance, np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed))))
    wanted = max(FEWEST_REPLICATES, min(REPLICATES, int(design.acceptance * DRAWS)))
    total = np.zeros(1)
    for start in range(0, wanted, BATCH):
        placed = _place(list(islice(accepted, min(BATCH, wanted - start))), quotas)
        total = total + _join(placed, placed, quotas)
    return summarise(total, total, wanted)


def _place(arms: list[IntArray], quotas: Quotas) -> FloatArray:
    """Return 1 for each unit's own arm and 0 for the others, shape (draws, units * arms)."""
    own = np.empty((len(arms), len(quotas.unit_block)), dtype=np.int64)
    own[:, quotas.unit] = np.array(arms)
    return (own[:, :, None] == np.arange(quotas.arms)).astype(np.float64).reshape(len(arms), -1)


def _join(one: FloatArray, other: FloatArray, quotas: Quotas) -> FloatArray:
    shape = (len(quotas.unit_block), quotas.arms)
    return (one.T @ other).reshape(*shape, *shape)
