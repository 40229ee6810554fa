"""Many intakes at once of the same persons in the same order, to learn what no formula gives.

The persons and their order are held fixed, the lots are drawn anew. The intakes come in batches, so that memory does
not grow with their number.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, assert_never

import numpy as np

from ctieval.designs.intake.minimisation import preferences, whole_weights
from ctieval.designs.intake.tally import Levels, ratio
from ctieval.designs.simulated import Simulated, summarise
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.domain.design import BiasedCoin, Intake, Minimised, PermutedBlocks

BATCH = 1024

Step: TypeAlias = tuple[FloatArray, IntArray]
"""Probabilities of a person's arms given those before her, shape (batch, arms), and her arm, shape (batch,)."""


def simulate_arms(design: Intake, levels: Sequence[Levels], *, replicates: int, seed: int) -> Iterator[IntArray]:
    """Simulate intakes of the same persons in the same order.

    Args:
        design: The declared design.
        levels: Levels of each person, in the order in which they came.
        replicates: Number of intakes.
        seed: Seed of the simulation.

    Yields:
        Arms in the order in which the persons came, shape (batch, n), until there are as many as asked for.

    Examples:
        >>> (arms,) = simulate_arms(PermutedBlocks("", multiples=(1,)), [(), ()], replicates=3, seed=1)
        >>> arms.shape, arms.sum(axis=1)
        ((3, 2), array([1, 1, 1]))
    """
    for batch, rng in _batches(replicates, seed):
        steps = [arm for _, arm in _run(design, levels, batch, rng)]
        yield np.stack(steps, axis=1) if steps else np.zeros((batch, 0), dtype=np.int64)


def simulate_marginal(design: Intake, levels: Sequence[Levels], *, replicates: int, seed: int) -> Simulated:
    r"""Simulate each person's probability of each arm.

    .. math:: \hat\pi_{ik} = \frac{1}{R} \sum_r P(A_i = k \mid \text{history}_r)

    The probability that the mechanism gave is averaged, not the arm that was drawn: the mean is the same, and the
    Monte Carlo error smaller.

    Args:
        design: The declared design.
        levels: Levels of each person, in the order in which they came.
        replicates: Number of intakes, 2 or more.
        seed: Seed of the simulation.

    Returns:
        Probabilities, shape (n, arms).

    Examples:
        >>> design = PermutedBlocks("", multiples=(1,))
        >>> simulate_marginal(design, [(), ()], replicates=4000, seed=1).mean.round(1)
        array([[0.5, 0.5],
               [0.5, 0.5]])
    """
    shape = (len(levels), len(ratio(design)))
    total, squares = np.zeros(shape), np.zeros(shape)
    for batch, rng in _batches(replicates, seed):
        for person, (probability, _) in enumerate(_run(design, levels, batch, rng)):
            total[person] += probability.sum(axis=0)
            squares[person] += (probability**2).sum(axis=0)
    return summarise(total, squares, replicates)


def simulate_joint(design: Intake, levels: Sequence[Levels], *, replicates: int, seed: int) -> Simulated:
    r"""Simulate the probability of each pair of arms of each pair of persons.

    For i before j

    .. math:: \hat\pi_{ik,jl} = \frac{1}{R} \sum_r 1[A_{ir} = k] \; P(A_j = l \mid \text{history}_r).

    Args:
        design: The declared design.
        levels: Levels of each person, in the order in which they came.
        replicates: Number of intakes, 2 or more.
        seed: Seed of the simulation.

    Returns:
        Probabilities, shape (n, arms, n, arms); a person's with herself are her own on the diagonal, and 0 off it.

    Examples:
        >>> design = PermutedBlocks("", multiples=(1,))
        >>> simulate_joint(design, [(), ()], replicates=4000, seed=1).mean[0, 0, 1].round(1)
        array([0. , 0.5])
    """
    n, arms = len(levels), len(ratio(design))
    total, squares = np.zeros((n * arms, n * arms)), np.zeros((n * arms, n * arms))
    for batch, rng in _batches(replicates, seed):
        given, dealt = np.empty((batch, n, arms)), np.zeros((batch, n, arms))
        for person, (probability, arm) in enumerate(_run(design, levels, batch, rng)):
            given[:, person] = probability
            dealt[np.arange(batch), person, arm] = 1
        earlier, later = dealt.reshape(batch, -1), given.reshape(batch, -1)
        total += earlier.T @ later
        squares += earlier.T @ later**2
    simulated = summarise(total, squares, replicates)
    own = simulate_marginal(design, levels, replicates=replicates, seed=seed)
    return Simulated(
        mean=_mirror(simulated.mean, own.mean),
        std_error=_mirror(simulated.std_error, own.std_error),
        replicates=replicates,
    )


def _batches(replicates: int, seed: int) -> Iterator[tuple[int, np.random.Generator]]:
    """Cut the intakes into batches, each with randomness of its own."""
    sizes = [min(BATCH, replicates - start) for start in range(0, replicates, BATCH)]
    for size, child in zip(sizes, np.random.SeedSequence(seed).spawn(len(sizes)), strict=True):
        yield size, np.random.Generator(np.random.PCG64(child))


def _run(design: Intake, levels: Sequence[Levels], batch: int, rng: np.random.Generator) -> Iterator[Step]:
    """Deal all persons in a batch of intakes, one person after another."""
    match design:
        case PermutedBlocks():
            return _run_permuted(design, levels, batch, rng)
        case BiasedCoin():
            return _run_coin(design, levels, batch, rng)
        case Minimised():
            return _run_minimised(design, levels, batch, rng)
        case _:
            assert_never(design)


def _run_permuted(
    design: PermutedBlocks, levels: Sequence[Levels], batch: int, rng: np.random.Generator
) -> Iterator[Step]:
    wanted, multiples = np.array(design.ratio), np.array(design.multiples)
    left = {each: np.zeros((batch, len(wanted)), dtype=np.int64) for each in levels}
    for each in levels:
        places = left[each]
        ended = ~places.any(axis=1)
        places[ended] = rng.choice(multiples, int(ended.sum()))[:, None] * wanted
        probability = places / places.sum(axis=1, keepdims=True)
        arm = _choose(probability, rng)
        places[np.arange(batch), arm] -= 1
        yield probability, arm


def _run_coin(design: BiasedCoin, levels: Sequence[Levels], batch: int, rng: np.random.Generator) -> Iterator[Step]:
    lead = {each: np.zeros(batch, dtype=np.int64) for each in levels}
    for each in levels:
        intervention = 0.5 - np.sign(lead[each]) * (float(design.favour) - 0.5)
        probability = np.column_stack([1 - intervention, intervention])
        arm = _choose(probability, rng)
        lead[each] += 2 * arm - 1
        yield probability, arm


def _run_minimised(design: Minimised, levels: Sequence[Levels], batch: int, rng: np.random.Generator) -> Iterator[Step]:
    weights, scale = (np.array(each) for each in whole_weights(design))
    given = np.array([[float(each) for each in row] for row in preferences(design)])
    margins = sorted({margin for each in levels for margin in zip(design.factors, each, strict=True)})
    position = {margin: number for number, margin in enumerate(margins)}
    scaled = np.zeros((batch, len(margins), len(scale)), dtype=np.int64)
    for each in levels:
        own = [position[margin] for margin in zip(design.factors, each, strict=True)]
        after = scaled[:, None, own] + np.diag(scale)[None, :, None]
        imbalance = np.ptp(after, axis=3) @ weights
        tied = (imbalance == imbalance.min(axis=1, keepdims=True)) * np.array(design.ratio)
        probability = tied @ given / tied.sum(axis=1, keepdims=True)
        arm = _choose(probability, rng)
        scaled[np.arange(batch)[:, None], own, arm[:, None]] += scale[arm][:, None]
        yield probability, arm


def _choose(probability: FloatArray, rng: np.random.Generator) -> IntArray:
    """Draw an arm for each intake of the batch."""
    edges = probability.cumsum(axis=1)[:, :-1]
    return (rng.random(len(probability))[:, None] >= edges).sum(axis=1)


def _mirror(pairs: FloatArray, own: FloatArray) -> FloatArray:
    """Lay the pairs of which the first came earlier on both sides of the persons' own."""
    n, arms = own.shape
    earlier = np.kron(np.triu(np.ones((n, n)), 1), np.ones((arms, arms))) * pairs
    return (earlier + earlier.T + np.diag(own.ravel())).reshape(n, arms, n, arms)
