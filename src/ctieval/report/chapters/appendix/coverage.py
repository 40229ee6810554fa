"""How often intervals such as those of the report hold the true effect, in simulations declared beforehand."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import groupby

from ctieval.report.cells import ABSENT, Cell, Col, Kind, Measured, Row, RowRole
from ctieval.report.chapters.account import net_results
from ctieval.report.chapters.context import Context
from ctieval.report.coverage_map import CoverageMap, MappedCell, load_coverage_map
from ctieval.report.model import Block, Para, Section, Table

NOMINAL = 0.95
MONTE_CARLO_ERRORS = 4
DIFFERENCE = "difference"
COMPLETE, BLOCKED, CLUSTERED = "complete", "blocked", "clustered"
SITES = "sites"


def build_coverage(context: Context) -> tuple[Section, ...]:
    """Build the section, with the part of the map that is of designs like that of the trial; none without effects."""
    if not context.effects():
        return ()
    return (Section("coverage", context.text("coverage.title"), tuple(_coverage(context))),)


def _coverage(context: Context) -> Iterator[Block]:
    found = load_coverage_map()
    family = _family(context)
    shown = tuple(cell for cell in found.cells if cell.family == family and cell.method == DIFFERENCE)
    yield Para(context.text("coverage.lead", worlds=found.worlds, level=context.fmt.level(NOMINAL)))
    yield Para(context.text(f"coverage.family.{family}", n=shown[0].n))
    yield _table(context, found, shown)
    yield Para(context.text("coverage.warning"))
    if net_results(context):
        yield Para(context.text("coverage.kroner.lead"))
        yield _kroner_table(context, found)


def _family(context: Context) -> str:
    """What was drawn, as the method of the effects tells it."""
    methods = " ".join(effect.method for effect in context.effects())
    if "clustered" in methods:
        return CLUSTERED
    return BLOCKED if "blocked" in methods or "hybrid" in methods else COMPLETE


def _table(context: Context, found: CoverageMap, shown: tuple[MappedCell, ...]) -> Table:
    laws = tuple(dict.fromkeys(cell.law for cell in shown))
    return Table(
        id="coverage",
        caption=context.text("coverage.caption", level=context.fmt.level(NOMINAL)),
        columns=(
            Col("design", context.text("coverage.head.design")),
            *(Col(law, context.text(f"coverage.law.{law}"), Kind.SHARE, decimals=1) for law in laws),
        ),
        rows=tuple(_rows(context, shown, laws)),
        source=context.text("coverage.source", seed=str(found.seed)),
        n_note=context.text("coverage.n", worlds=found.worlds),
        note=_note(context, found),
    )


def _kroner_table(context: Context, found: CoverageMap) -> Table:
    """Costs in municipalities of unequal size: how often the interval holds the effect, and how often it is doubted."""
    rows = (
        Row((context.text("coverage.design.sites", n=cell.n, treated=cell.treated), cell.coverage, cell.warned))
        for cell in found.cells
        if cell.family == SITES
    )
    return Table(
        id="coverage-kroner",
        caption=context.text("coverage.kroner.caption", level=context.fmt.level(NOMINAL)),
        columns=(
            Col("design", context.text("coverage.head.design")),
            *(
                Col(head, context.text(f"coverage.head.{head}"), Kind.SHARE, decimals=1)
                for head in ("covered", "warned")
            ),
        ),
        rows=tuple(rows),
        source=context.text("coverage.source", seed=str(found.seed)),
        n_note=context.text("coverage.n", worlds=found.worlds),
        note=_note(context, found),
    )


def _note(context: Context, found: CoverageMap) -> str:
    error = math.sqrt(NOMINAL * (1 - NOMINAL) / found.worlds)
    return context.text(
        "coverage.note",
        error=context.fmt.quantity(Measured(error, Kind.SHARE, 1)),
        limit=context.fmt.quantity(Measured(NOMINAL - MONTE_CARLO_ERRORS * error, Kind.SHARE, 1)),
    )


def _rows(context: Context, cells: tuple[MappedCell, ...], laws: tuple[str, ...]) -> Iterator[Row]:
    """One row a design, under the number of persons where that differs."""
    for _, same in groupby(cells, key=lambda cell: (cell.n, cell.treated, cell.units)):
        own = {cell.law: cell for cell in same}
        first = next(iter(own.values()))
        facts = {"n": first.n, "treated": first.treated, "units": first.units}
        values: list[Cell] = [own[law].coverage if law in own else ABSENT for law in laws]
        yield Row((context.text(f"coverage.design.{first.family}", **facts), *values), RowRole.BODY)
