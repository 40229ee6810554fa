"""Trials simulated from what is taken for granted, or from a cohort's own values under the draw that is planned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from ctieval.assignment.power.detect import Question
from ctieval.assignment.power.diagnosis import Diagnosis, Trials, diagnose
from ctieval.assignment.power.outcome import Mean, Share
from ctieval.assignment.power.rejection import Alternative
from ctieval.assignment.power.sampling import Blocks, Persons
from ctieval.designs.deal import deal_arms
from ctieval.designs.quotas import Quotas
from ctieval.domain.allocation import Allocation
from ctieval.domain.arrays import FloatArray, IntArray
from ctieval.errors import DesignError
from ctieval.inference.by_design import by_design
from ctieval.inference.interval import student_interval

NUMBERS_AT_ONCE = 500_000


def simulate_question(question: Question, effect: float, *, trials: int = 10_000, seed: int) -> Diagnosis:
    """Simulate a trial many times from what is taken for granted of its outcome.

    Numbers are normal within the arms of a block, a yes or no comes with its share. Within a block persons are alike,
    so that who is drawn need not be drawn again. Estimated is the difference in means within blocks, with Neyman's
    variance and Satterthwaite's degrees of freedom, as ``by_design`` does.

    Args:
        question: The trial: persons in one pool or in blocks.
        effect: True effect on those who take part; on those assigned it is take-up times that.
        trials: How many trials.
        seed: Seed of the simulation.

    Returns:
        What the trials tell; memory does not grow with their number.

    Raises:
        DesignError: If the plan draws clusters or has characteristics that explain, for which ``power_at`` has the
            formula; if the test is one-sided; or if an arm of a block is left with fewer than two persons.

    Examples:
        >>> weeks = Mean(sd_control=10, sd_intervention=10)
        >>> trial = Question(outcome=weeks, sampling=Persons(control=64, intervention=64))
        >>> found = simulate_question(trial, 5, trials=4000, seed=1)
        >>> abs(found.power.value - 0.8015) < 4 * found.power.mc_error
        True
    """
    sizes = _cell_sizes(question)
    assigned = effect * question.take_up
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    moments = [_moments(question, assigned, sizes, part, rng) for part in _parts(trials, int(sizes.sum()))]
    mean, square = (np.concatenate(each) for each in zip(*moments, strict=True))
    return diagnose(_estimate(mean, square, sizes, effect=assigned, conf_level=1 - question.test.alpha))


def simulate_draws(
    values: FloatArray, effect: FloatArray, allocation: Allocation, quotas: Quotas, *, trials: int = 1000, seed: int
) -> Diagnosis:
    """Draw a cohort again and again by its own design, and see how well the effect is found.

    Everybody's value without the intervention is taken to be known, such as that of the year before; the draw alone
    is left to chance. Each draw is made by the sampler that makes the real one, and estimated by ``by_design``.

    Args:
        values: Value of each person without the intervention, shape (n,), in the order of the allocation.
        effect: Effect on each person, shape (n,), in the unit of the values.
        allocation: The cohort with its design; the arms are not used.
        quotas: The design laid upon the cohort, in the same order.
        trials: How many draws.
        seed: Seed of the simulation.

    Returns:
        What the draws tell; the true effect is the mean of ``effect``.

    Raises:
        EstimationError: If this version has no estimator for the design.
    """
    rng = np.random.Generator(np.random.PCG64(np.random.SeedSequence(seed)))
    rows = np.empty((trials, 4))
    for number in range(trials):
        arm = deal_arms(quotas, rng)
        drawn = replace(allocation, arm=arm)
        found = by_design((values + effect * (arm == 1))[:, None], drawn)
        rows[number] = found.estimate[0], found.std_error[0], found.conf_low[0], found.conf_high[0]
    return diagnose(Trials(*rows.T, effect=np.full(trials, effect.mean())))


def _cell_sizes(question: Question) -> IntArray:
    """Persons with a value in the arms of each block, shape (blocks, 2)."""
    match question.sampling:
        case Blocks() as blocks:
            planned = np.column_stack([blocks.control, blocks.intervention])
        case Persons() as persons:
            planned = np.array([[persons.control, persons.intervention]])
        case _:
            raise _refusal("a draw of clusters", expected="persons drawn in one pool or in blocks")
    if question.sampling.explained.share or question.test.alternative is not Alternative.TWO_SIDED:
        raise _refusal("characteristics that explain, or another test", expected="the plain two-sided test")
    sizes = np.floor(planned * (1 - question.attrition) + 1e-9).astype(np.int64)
    if (sizes < 2).any():
        raise _refusal("an arm of a block with fewer than two persons", expected="two persons or more")
    return sizes


def _parts(trials: int, persons: int) -> Iterator[int]:
    """Cut the trials into parts that fit into memory."""
    size = max(1, NUMBERS_AT_ONCE // persons)
    for start in range(0, trials, size):
        yield min(size, trials - start)


def _moments(
    question: Question, effect: float, sizes: IntArray, trials: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    """Means, and variances between persons, of every cell of every trial; shape (trials, cells) each."""
    match question.outcome:
        case Mean() as mean:
            sd = np.array([mean.sd_control, mean.sd_intervention]) * np.sqrt(1 - _between(question))
            level, spread = (np.tile(each, len(sizes)) for each in (np.array([0.0, effect]), sd))
            return _normal_moments(level, spread, sizes.ravel(), trials, rng)
        case Share() as share:
            level = np.tile(np.array([share.control, share.control + effect]), len(sizes))
            cells = sizes.ravel()
            found = rng.binomial(cells, level, (trials, len(cells))) / cells
            return found, found * (1 - found) * cells / (cells - 1)


def _normal_moments(
    level: FloatArray, spread: FloatArray, cells: IntArray, trials: int, rng: np.random.Generator
) -> tuple[FloatArray, FloatArray]:
    noise = rng.standard_normal((trials, int(cells.sum())))
    starts = np.cumsum(cells) - cells
    mean = np.add.reduceat(noise, starts, axis=1) / cells
    squares = np.add.reduceat(np.square(noise, out=noise), starts, axis=1)
    return level + spread * mean, spread**2 * (squares - cells * mean**2) / (cells - 1)


def _estimate(mean: FloatArray, square: FloatArray, sizes: IntArray, *, effect: float, conf_level: float) -> Trials:
    """Difference within blocks, averaged by persons, with Neyman's variance, for all trials at once."""
    weight = sizes.sum(axis=1) / sizes.sum()
    estimate = (mean[:, 1::2] - mean[:, 0::2]) @ weight
    parts = np.repeat(weight**2, 2) * square / sizes.ravel()
    total = parts.sum(axis=1)
    with np.errstate(invalid="ignore"):
        df = total**2 / (parts**2 / (sizes.ravel() - 1)).sum(axis=1)
    std_error = np.sqrt(total)
    found = student_interval(estimate, std_error, df, conf_level)
    return Trials(estimate, std_error, found.conf_low, found.conf_high, np.full(len(estimate), effect))


def _between(question: Question) -> float:
    return question.sampling.between if isinstance(question.sampling, Blocks) else 0.0


def _refusal(found: str, *, expected: str) -> DesignError:
    return DesignError(
        what="this trial cannot be simulated yet",
        where="the sampling plan",
        found=found,
        expected=expected,
        do="take the power from the formula, which holds for every plan",
    )
