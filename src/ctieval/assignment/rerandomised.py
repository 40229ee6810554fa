"""A rerandomised draw as its record needs it: the number of the accepted draw, and the draw made again from it.

The record keeps no covariates. From the seed and the number of draws that were refused before, the arms follow without
them; that those draws were refused rightly is proved with the cohort.
"""

from __future__ import annotations

from fractions import Fraction

import numpy as np

from ctieval.assignment.order import order_persons
from ctieval.designs.deal import deal_arms
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rerandomise import count_replicates, fix_acceptance, number_accepted, rerandomised_probabilities
from ctieval.designs.simulated import EXACT
from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.design import Rerandomised
from ctieval.domain.entrants import Entrants
from ctieval.domain.wording import Notice

LARGEST_DENOMINATOR = 10**9


def count_refused(person_id: StrArray, entrants: Entrants, design: Rerandomised, seed: int) -> int:
    """Draw until a draw is accepted, and count those before it.

    Args:
        person_id: Identifiers, shape (n,), each once.
        entrants: The persons with their covariates, in the same order.
        design: The declared design.
        seed: Seed of the draw.

    Returns:
        Number of draws that were refused.

    Raises:
        DesignError: If no draw is accepted in fifty times the number that it should take, or if the design cannot be
            conducted with these persons.
    """
    acceptance = fix_acceptance(design, entrants.take(order_persons(person_id, seed)))
    return number_accepted(acceptance, _generator(seed))


def repeat_draw(person_id: StrArray, entrants: Entrants, design: Rerandomised, seed: int, refused: int) -> IntArray:
    """Draw so many times, and once more.

    Args:
        person_id: Identifiers, shape (n,), each once.
        entrants: The persons, in the same order; their covariates are not read.
        design: The declared design.
        seed: Seed of the draw.
        refused: Number of draws that were refused.

    Returns:
        The arms of the last draw, shape (n,).
    """
    order = order_persons(person_id, seed)
    quotas, rng = build_quotas(design.draw, entrants.take(order)), _generator(seed)
    for _ in range(refused):
        deal_arms(quotas, rng)
    arm = np.empty(len(order), dtype=np.int64)
    arm[order] = deal_arms(quotas, rng)
    return arm


def probability_texts(person_id: StrArray, entrants: Entrants, design: Rerandomised, seed: int) -> StrArray:
    """Return each person's probability of each arm over the accepted draws, fractions as texts, shape (n, arms)."""
    order = order_persons(person_id, seed)
    mean = rerandomised_probabilities(design, entrants.take(order)).mean
    texts = np.empty(mean.shape, dtype=object)
    texts[order] = [[str(Fraction(cell).limit_denominator(LARGEST_DENOMINATOR)) for cell in row] for row in mean]
    return texts


def note_simulation(design: Rerandomised, entrants: Entrants, probability: FloatArray) -> tuple[Notice, ...]:
    """Say from how many accepted draws probabilities were simulated, and how surely; nothing where they are exact."""
    replicates = count_replicates(design, build_quotas(design.draw, entrants))
    if replicates == EXACT:
        return ()
    error = float(np.sqrt(probability * (1 - probability) / replicates).max())
    return (Notice("W-PROBABILITY-SIMULATED", "assignment", (("replicates", replicates), ("error", error))),)


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
