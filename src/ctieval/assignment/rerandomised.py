"""A rerandomised draw as its record needs it: the number of the accepted draw, and the draw made again from it.

The record keeps no covariates. From the seed and the number of draws that were refused before, the arms follow without
them; that those draws were refused rightly is proved with the cohort.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction

import numpy as np

from ctieval.assignment.order import order_persons
from ctieval.designs.deal import deal_arms
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rerandomise import (
    are_alike,
    count_replicates,
    fix_acceptance,
    number_accepted,
    rerandomised_probabilities,
)
from ctieval.designs.simulated import EXACT
from ctieval.domain.arrays import FloatArray, IntArray, StrArray
from ctieval.domain.design import Rerandomised
from ctieval.domain.entrants import Entrants
from ctieval.domain.wording import Notice

LARGEST_DENOMINATOR = 10**9
FRACTION = re.compile(r"[0-9]{1,10}(/[0-9]{1,10})?")
ROUNDED = 1e-6
"""Fractions are rounded to the largest denominator, each by less than a billionth."""


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


def are_possible(entrants: Entrants, design: Rerandomised, texts: StrArray) -> bool:
    """Tell, without covariates, whether probabilities can be those of accepted draws.

    Every person's add up to 1, and those of the units of a block to as many as are drawn from it into each arm. Where
    the arms can change places, every probability is one over the number of arms.

    Args:
        entrants: The persons; their covariates are not read.
        design: The declared design.
        texts: Probabilities, fractions as texts, shape (n, arms).

    Returns:
        False where they are none, or cannot be these. Which person has which is proved with the cohort alone.
    """
    quotas = build_quotas(design.draw, entrants)
    if texts.shape != (len(entrants), quotas.arms) or not all(map(_is_fraction, texts.ravel())):
        return False
    probability = np.array([[float(Fraction(cell)) for cell in row] for row in texts])
    first = np.unique(quotas.unit, return_index=True)[1]
    drawn = np.zeros((len(quotas.size), quotas.arms))
    np.add.at(drawn, quotas.unit_block, probability[first])
    least, most = (
        np.array([[each(cell) for cell in row] for row in quotas.target]) for each in (math.floor, math.ceil)
    )
    return bool(
        (probability == probability[first][quotas.unit]).all()
        and (abs(probability.sum(axis=1) - 1) < ROUNDED).all()
        and ((least - ROUNDED < drawn) & (drawn < most + ROUNDED)).all()
        and (not are_alike(quotas) or (texts == str(Fraction(1, quotas.arms))).all())
    )


def note_simulation(design: Rerandomised, entrants: Entrants, probability: FloatArray) -> tuple[Notice, ...]:
    """Say from how many accepted draws probabilities were simulated, and how surely; nothing where they are exact."""
    replicates = count_replicates(design, build_quotas(design.draw, entrants))
    if replicates == EXACT:
        return ()
    error = float(np.sqrt(probability * (1 - probability) / replicates).max())
    return (Notice("W-PROBABILITY-SIMULATED", "assignment", (("replicates", replicates), ("error", error))),)


def _is_fraction(text: str) -> bool:
    return bool(FRACTION.fullmatch(text)) and not re.search("/0+$", text) and str(Fraction(text)) == text


def _generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
