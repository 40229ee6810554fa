"""The declared design of a draw, from the table ``[assignment]`` of a plan."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Design,
    Drawn,
    Matched,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.errors import ProtocolError
from ctieval.protocol.table_reader import TableReader


class PlannedDesign(StrEnum):
    """Kinds of draw of a whole cohort that a plan can declare."""

    SIMPLE = "simple"
    COMPLETE = "complete"
    BLOCKED = "blocked"
    CLUSTERED = "clustered"
    BLOCKED_CLUSTERED = "blocked_clustered"
    MATCHED = "matched"
    CAPACITY = "capacity"
    WAITING_LIST = "waiting_list"


def read_design(table: TableReader) -> Design:
    """Read the design of a planned draw; without ``design`` it is blocked where there is a block, else complete.

    Args:
        table: The table ``[assignment]``.

    Returns:
        The design.

    Raises:
        ProtocolError: If the design is not known, lacks a key, or has quotas of another kind.
    """
    if not table.has("design"):
        return _read_kind(table, _default_kind(table))
    kind = table.choice("design", PlannedDesign)
    return _read_waiting_list(table) if kind is PlannedDesign.WAITING_LIST else _read_kind(table, kind)


def _default_kind(table: TableReader) -> PlannedDesign:
    return PlannedDesign.BLOCKED if table.has("block") else PlannedDesign.COMPLETE


def _read_waiting_list(table: TableReader) -> WaitingList:
    """Read the draw of those who start, and how long the others wait."""
    kind = table.choice("draw", PlannedDesign) if table.has("draw") else _default_kind(table)
    design = None if kind is PlannedDesign.WAITING_LIST else _read_kind(table, kind)
    if design is None or isinstance(design, Simple | WaitingList | Rerandomised):
        raise table.error(
            "draw",
            what="a waiting list cannot be drawn in this way",
            found=kind.value,
            expected="a draw of a fixed number of those who start: " + ", ".join(map(str, _starting())),
            do='write such as draw = "blocked"',
        )
    return WaitingList(design, table.integer("weeks", minimum=1))


def _starting() -> list[PlannedDesign]:
    return [each for each in PlannedDesign if each not in {PlannedDesign.SIMPLE, PlannedDesign.WAITING_LIST}]


def _read_kind(table: TableReader, kind: PlannedDesign) -> Design:
    design: Design
    match kind:
        case PlannedDesign.SIMPLE:
            design = Simple(_shares(table))
        case PlannedDesign.COMPLETE:
            design = Complete(_pooled(table))
        case PlannedDesign.BLOCKED:
            design = Blocked(table.text("block"), table.quotas("drawn"))
        case PlannedDesign.CLUSTERED:
            design = Clustered(table.text("cluster"), _pooled(table))
        case PlannedDesign.BLOCKED_CLUSTERED:
            design = BlockedClustered(table.text("block"), table.text("cluster"), table.quotas("drawn"))
        case PlannedDesign.MATCHED:
            size = table.integer("size", minimum=2, default=2)
            design = Matched(table.texts("covariates", ()), size, _pooled(table))
        case PlannedDesign.CAPACITY:
            design = _capacity(table)
        case PlannedDesign.WAITING_LIST:
            raise AssertionError
        case _:
            assert_never(kind)
    return design


def _capacity(table: TableReader) -> Capacity:
    block = table.optional_text("block") or ""
    places = table.quotas("places")
    counts = tuple((label, drawn) for label, drawn in places if isinstance(drawn, int))
    if len(counts) < len(places):
        raise table.error(
            "places",
            what="places are not a number",
            found="a share, or a list",
            expected='a whole number, or one for each block: places = { "153" = 20, "550" = 12 }',
            do="write how many places there are",
        )
    if not block and [label for label, _ in counts] != [""]:
        raise _numbers_without_a_block(table, "places")
    return Capacity(block, counts)


def _pooled(table: TableReader) -> Drawn:
    """Read what is drawn where there are no blocks."""
    quotas = table.quotas("drawn")
    if [label for label, _ in quotas] != [""]:
        raise _numbers_without_a_block(table, "drawn")
    return quotas[0][1]


def _numbers_without_a_block(table: TableReader, key: str) -> ProtocolError:
    return table.error(
        key,
        what="numbers per block without a block",
        found="a number for each of several blocks",
        expected='the column of the blocks, such as block = "municipality"',
        do="add block, or give one number for everybody",
    )


def _shares(table: TableReader) -> Fraction | tuple[Fraction, ...]:
    drawn = _pooled(table)
    shares = tuple(each for each in (drawn if isinstance(drawn, tuple) else (drawn,)) if isinstance(each, Fraction))
    if len(shares) < (len(drawn) if isinstance(drawn, tuple) else 1):
        raise table.error(
            "drawn",
            what="a simple draw has no fixed number",
            found="a count",
            expected="a share such as 0.5 or '1/3', or one for each intervention",
            do='write the probability of the intervention, or take design = "complete" for a fixed number',
        )
    return shares if isinstance(drawn, tuple) else shares[0]
