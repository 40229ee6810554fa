"""The grid over which the coverage of intervals is mapped, declared before any run."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from ctieval.effects.analyses import Method


class Family(StrEnum):
    """What was drawn: persons in one pool, persons in blocks, whole clusters, or persons in five unequal sites."""

    COMPLETE = "complete"
    BLOCKED = "blocked"
    CLUSTERED = "clustered"
    SITES = "sites"


class Law(StrEnum):
    """How an outcome varies.

    ``NORMAL``, the treated with half as much spread again. ``YES_NO``: three in ten of the control. ``RARE``: one in
    ten. ``LOG_NORMAL``: skewed as weeks in a job are, sigma 1. ``LONG_TAIL``: as costs are, sigma 1.5.
    """

    NORMAL = "normal"
    YES_NO = "yes_no"
    RARE = "rare"
    LOG_NORMAL = "log_normal"
    LONG_TAIL = "long_tail"


@dataclass(frozen=True, slots=True)
class Layout:
    """A design of the grid.

    Attributes:
        n: Persons.
        treated: Units drawn into the intervention, of a block or, without blocks of one size, of all.
        units: Units of a block or, without blocks of one size, of all.
        family: What a unit is, and whether there are blocks. Clusters have 4 to 16 persons each; the share that is
            drawn is the same in every site.
    """

    n: int
    treated: int
    units: int
    family: Family

    @property
    def share(self) -> float:
        """Share of the units that is drawn."""
        return self.treated / self.units


@dataclass(frozen=True, slots=True)
class Cell:
    """One simulation of the grid."""

    layout: Layout
    law: Law
    method: Method = Method.DIFFERENCE


MAP_WORLDS = 4_000
MAP_SEED = 20180201
SHARES = (0.1, 0.2, 0.5)
PERSONS = (50, 100, 200, 500, 1000)
BLOCK_SIZES = (2, 4, 5, 10, 20, 50)
BLOCKED_PERSONS = 200
CLUSTERS = (8, 10, 20, 40)
PERSONS_PER_CLUSTER = 10
FEWEST_CLUSTERS = 2
SITE_PERCENT = (30, 25, 20, 15, 10)
SITE_PERSONS = (200, 1000)
SITE_SHARES = (0.1, 0.5, 0.6)

_SKEWED = (Law.RARE, Law.LOG_NORMAL, Law.LONG_TAIL)
_FEWEST_TREATED = 10


def is_exception(cell: Cell) -> bool:
    """Tell whether intervals of a cell are allowed to under-cover; the report then warns.

    The stated exceptions: a skewed outcome where persons are drawn and fewer than half of them into the intervention,
    and a yes/no outcome where fewer than ten are.
    """
    layout = cell.layout
    if layout.family is Family.CLUSTERED:
        return False
    few = layout.share * layout.n < _FEWEST_TREATED and cell.law is Law.YES_NO
    return few or (cell.law in _SKEWED and layout.treated < layout.units / 2)


def enumerate_layouts() -> tuple[Layout, ...]:
    """Return the designs of the grid: every share that a block or a number of clusters can give.

    Examples:
        >>> len(enumerate_layouts())
        42
    """
    complete = [Layout(n, round(share * n), n, Family.COMPLETE) for n in PERSONS for share in SHARES]
    blocked = [
        Layout(BLOCKED_PERSONS, round(share * size), size, Family.BLOCKED)
        for size in BLOCK_SIZES
        for share in SHARES
        if round(share * size) == share * size
    ]
    clustered = [
        Layout(number * PERSONS_PER_CLUSTER, round(share * number), number, Family.CLUSTERED)
        for number in CLUSTERS
        for share in SHARES
        if round(share * number) == share * number >= FEWEST_CLUSTERS
    ]
    sites = [Layout(n, round(share * n), n, Family.SITES) for n in SITE_PERSONS for share in SITE_SHARES]
    return (*complete, *blocked, *clustered, *sites)


def enumerate_cells() -> tuple[Cell, ...]:
    """Return the whole grid: the difference that the design implies for every law, and the other methods beside it.

    Five municipalities of unequal size stand for the net result of a trial: there costs alone are drawn.
    The other methods stand for a complete draw of 200: adjusted and standardised for a covariate that is known before
    the draw, and the effect on those who take part where seven in ten of the drawn do.

    Examples:
        >>> cells = enumerate_cells()
        >>> sum(cell.method is Method.DIFFERENCE for cell in cells), len(cells)
        (186, 204)
    """
    difference = [
        Cell(layout, law)
        for layout in enumerate_layouts()
        for law in Law
        if layout.family is not Family.SITES or law is Law.LONG_TAIL
    ]
    own = [layout for layout in enumerate_layouts() if layout.family is Family.COMPLETE and layout.n == BLOCKED_PERSONS]
    laws = {Method.ADJUSTED: tuple(Law)[:4:3], Method.STANDARDIZED: (Law.YES_NO,)}
    laws |= {Method.CACE: (Law.NORMAL, Law.YES_NO, Law.LOG_NORMAL)}
    others = [Cell(layout, law, method) for method, named in laws.items() for layout in own for law in named]
    return (*difference, *others)
