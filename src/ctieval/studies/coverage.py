"""How often an interval holds the true effect, in worlds whose effect is known."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.arrays import BoolArray, FloatArray, IntArray
from ctieval.domain.design import Blocked, Clustered, Complete
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.analyses import Measured, Method, estimate_by
from ctieval.inference.by_design import by_design
from ctieval.inference.skewness import is_skewed
from ctieval.inference.spread import FEWEST_DIFFERING, count_differing
from ctieval.studies.coverage_grid import SITE_PERCENT, Cell, Family, Law, Layout

TAKE_UP = 0.7
_EFFECT = {Law.NORMAL: 0.3, Law.YES_NO: 0.1, Law.RARE: 0.05, Law.LOG_NORMAL: 0.3, Law.LONG_TAIL: 0.3}
_CLUSTER_SIZES = (4, 16, 8, 12)
_OUTCOME = ColumnOutcome(
    name="outcome",
    label=Label("", ""),
    role=Role.PRIMARY,
    better_when=BetterWhen.HIGHER,
    column="outcome",
    unit=Unit.POINTS,
)


@dataclass(frozen=True, slots=True)
class Coverage:
    """What a simulation of one cell found.

    Attributes:
        coverage: Share of the worlds whose 95 % interval holds the true effect.
        mc_error: Its Monte Carlo standard error where the coverage is 95 %.
        bias: Mean of the estimates less the true effect, in their standard errors.
        warned: Share of the worlds in which the report would say that the interval is too short, or withhold it.
        wrong_unwarned: Share of the worlds whose interval misses the effect and is printed without a warning.
        n_worlds: Worlds.
    """

    coverage: float
    mc_error: float
    bias: float
    warned: float
    wrong_unwarned: float
    n_worlds: int


@dataclass(frozen=True, slots=True, eq=False)
class _Worlds:
    """Outcomes of many worlds, shape (worlds, n), what goes with them, and the effect that is true in all of them."""

    outcome: FloatArray
    covariate: FloatArray
    take_up: FloatArray
    effect: float


def diagnose_coverage(cell: Cell, *, n_worlds: int, seed: int) -> Coverage:
    r"""Simulate one cell of the grid.

    In each world everybody's outcome is drawn anew and the interval is estimated as the library does it. The Monte
    Carlo error of the coverage is :math:`\sqrt{0.95 \cdot 0.05 / R}`.

    Args:
        cell: Design, law of the outcome and method.
        n_worlds: Number of worlds :math:`R`.
        seed: Seed; the cell has a stream of its own.

    Examples:
        >>> found = diagnose_coverage(Cell(Layout(40, 20, 40, Family.COMPLETE), Law.NORMAL), n_worlds=200, seed=1)
        >>> found.n_worlds, 0.9 < found.coverage <= 1
        (200, True)
    """
    rng = np.random.default_rng(np.random.SeedSequence([seed, *_stream(cell)]))
    allocation = _draw(cell.layout, rng)
    worlds = _simulate(cell, allocation, rng, n_worlds)
    low, high, estimate = _estimate(cell.method, worlds, allocation)
    wrong = ~((low <= worlds.effect) & (worlds.effect <= high))
    warned = np.array([_is_warned(values, allocation) for values in worlds.outcome])
    return Coverage(
        coverage=float(1 - wrong.mean()),
        mc_error=math.sqrt(0.95 * 0.05 / n_worlds),
        bias=float((estimate.mean() - worlds.effect) / (estimate.std() / math.sqrt(n_worlds))),
        warned=float(warned.mean()),
        wrong_unwarned=float((wrong & ~warned).mean()),
        n_worlds=n_worlds,
    )


def _stream(cell: Cell) -> tuple[int, ...]:
    layout = cell.layout
    places = (tuple(Family).index(layout.family), tuple(Law).index(cell.law), tuple(Method).index(cell.method))
    return (layout.n, layout.treated, layout.units, *places)


def _is_warned(values: FloatArray, allocation: Allocation) -> bool:
    return count_differing(values, allocation.arm) < FEWEST_DIFFERING or is_skewed(values, allocation)


def _draw(layout: Layout, rng: np.random.Generator) -> Allocation:
    """One allocation of the layout; outcomes are drawn anew in each world, so that one will do."""
    match layout.family:
        case Family.CLUSTERED:
            cluster = np.repeat(np.arange(layout.units), np.resize(_CLUSTER_SIZES, layout.units))
            drawn = rng.permutation(layout.units) < layout.treated
            return _allocation(drawn[cluster].astype(np.int64), np.zeros_like(cluster), cluster, layout)
        case Family.SITES:
            size = np.array(SITE_PERCENT) * layout.n // 100
            block = np.repeat(np.arange(len(size)), size)
            place = np.arange(layout.n) - (np.cumsum(size) - size)[block]
            drawn = place < np.round(layout.share * size)[block]
            return _allocation(drawn.astype(np.int64), block, np.zeros_like(block), layout)
        case Family.COMPLETE | Family.BLOCKED:
            block = np.arange(layout.n) // layout.units
            drawn = np.arange(layout.n) % layout.units < layout.treated
            return _allocation(drawn.astype(np.int64), block, np.zeros_like(block), layout)


def _allocation(arm: IntArray, block: IntArray, cluster: IntArray, layout: Layout) -> Allocation:
    blocks = layout.family in (Family.BLOCKED, Family.SITES)
    labels = tuple(map(str, range(int(block.max()) + 1))) if blocks else ("",)
    blocked = Blocked("block", tuple((label, int(arm[block == own].sum())) for own, label in enumerate(labels)))
    clusters = tuple(map(str, range(layout.units))) if layout.family is Family.CLUSTERED else ("",)
    designs = {
        Family.COMPLETE: Complete(layout.treated),
        Family.BLOCKED: blocked,
        Family.SITES: blocked,
        Family.CLUSTERED: Clustered("cluster", layout.treated),
    }
    return Allocation(
        person_id=np.array([f"{number:05d}" for number in range(len(arm))], dtype=object),
        arm=arm,
        probability=np.tile([1 - layout.share, layout.share], (len(arm), 1)),
        block=block,
        block_labels=labels,
        cluster=cluster,
        cluster_labels=clusters,
        randomised_on=np.full(len(arm), np.datetime64("NaT"), dtype="datetime64[D]"),
        arms=Arms("intervention", "control"),
        design=designs[layout.family],
        proof=Declared(),
    )


def _simulate(cell: Cell, allocation: Allocation, rng: np.random.Generator, n_worlds: int) -> _Worlds:
    """Draw the worlds: blocks and clusters differ in level; a covariate tells of the outcome where a method asks."""
    shape = (n_worlds, len(allocation.arm))
    alone = cell.method in (Method.DIFFERENCE, Method.CACE)
    covariate = np.zeros(shape) if alone else rng.normal(size=shape)
    level = np.linspace(-1, 1, int(allocation.block.max()) + 1)[allocation.block] if allocation.block.any() else 0.0
    common = rng.normal(size=(n_worlds, len(allocation.cluster_labels)))[:, allocation.cluster]
    takes_part = rng.random(shape) < (TAKE_UP if cell.method is Method.CACE else 1.0)
    treated = takes_part & (allocation.arm == 1)
    shift = level + covariate + 0.3 * common * (allocation.cluster_labels != ("",))
    outcome = _draw_law(cell.law, rng, treated, shift)
    return _Worlds(outcome, covariate, treated.astype(np.float64), _EFFECT[cell.law])


def _draw_law(law: Law, rng: np.random.Generator, treated: BoolArray, shift: FloatArray) -> FloatArray:
    effect = _EFFECT[law] * treated
    match law:
        case Law.NORMAL:
            return shift + effect + (1 + 0.5 * treated) * rng.normal(size=treated.shape)
        case Law.YES_NO:
            return (rng.random(treated.shape) < 0.3 + 0.05 * np.clip(shift, -2, 2) + effect).astype(np.float64)
        case Law.RARE:
            return (rng.random(treated.shape) < 0.1 + 0.03 * np.clip(shift, -2, 2) + effect).astype(np.float64)
        case Law.LOG_NORMAL:
            return shift + effect + np.exp(rng.normal(size=treated.shape))
        case Law.LONG_TAIL:
            return shift + effect + np.exp(1.5 * rng.normal(size=treated.shape))


def _estimate(method: Method, worlds: _Worlds, allocation: Allocation) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Both ends of each interval and the estimate."""
    if method is Method.DIFFERENCE:
        found = by_design(worlds.outcome.T, allocation)
        return found.conf_low, found.conf_high, found.estimate
    measured = zip(worlds.outcome, worlds.covariate, worlds.take_up, strict=True)
    effects = [
        estimate_by(method, Measured(outcome, covariate[:, None], take_up), allocation, _OUTCOME)
        for outcome, covariate, take_up in measured
    ]
    found = np.array([(effect.conf_low, effect.conf_high, effect.estimate) for effect in effects])
    return found[:, 0], found[:, 1], found[:, 2]
