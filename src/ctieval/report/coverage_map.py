"""The map of how often intervals hold the true effect, which a simulation of the library itself drew."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources


@dataclass(frozen=True, slots=True)
class MappedCell:
    """One cell of the map.

    Attributes:
        family: What was drawn: ``complete``, ``blocked``, ``clustered``, or ``sites`` (municipalities of unequal size).
        n: Persons.
        treated: Units drawn into the intervention, of a block or, without blocks of one size, of all.
        units: Units of a block or, without blocks of one size, of all.
        law: How the outcome varies.
        method: How the effect is estimated.
        coverage: Share of the worlds whose interval holds the true effect.
        warned: Share of the worlds in which the report warns of the interval, or withholds it.
    """

    family: str
    n: int
    treated: int
    units: int
    law: str
    method: str
    coverage: float
    warned: float


@dataclass(frozen=True, slots=True)
class CoverageMap:
    """The whole map.

    Attributes:
        worlds: Simulated worlds a cell.
        seed: Seed of the simulation.
        cells: The cells, in the order of the declared grid.
    """

    worlds: int
    seed: int
    cells: tuple[MappedCell, ...]


@cache
def load_coverage_map() -> CoverageMap:
    """Load the map that is shipped with the library.

    Examples:
        >>> load_coverage_map().worlds
        4000
    """
    file = resources.files("ctieval.report") / "evidence" / "coverage.toml"
    found = tomllib.loads(file.read_text("utf-8"))
    return CoverageMap(found["worlds"], found["seed"], tuple(MappedCell(**cell) for cell in found["cell"]))
