"""What a plan says of a decision, in ``[[economics.parameter]]`` and ``[economics.caseload]``."""

from __future__ import annotations

from collections import Counter

from ctieval.domain.decision_plan import CaseloadPlan
from ctieval.domain.parameter import DISPLACEMENT, ELICITED, Distribution, Parameter
from ctieval.domain.posting import Entry
from ctieval.protocol.table_reader import TableReader

_HEADLINE = {DISPLACEMENT: 0.0}
"""What the headline reckons with: no displacement, and every line as it was reckoned."""


def read_parameters(tables: list[TableReader]) -> tuple[Parameter, ...]:
    """Read the uncertain inputs that somebody has stated a range for.

    ``displacement`` is a part of the jobs gained; any other key is a line of the account, and its range a factor on
    what was reckoned: 0.8 to 1.2 is a fifth less to a fifth more.

    Args:
        tables: The tables ``[[economics.parameter]]``.

    Raises:
        ProtocolError: If a key is neither, or stands twice.
        ProtocolError: If the base is not that of the headline, it is not within its range, or a key is unknown.
    """
    found = tuple(_read_parameter(table) for table in tables)
    counts = Counter(each.key for each in found)
    for table, each in zip(tables, found, strict=True):
        if counts[each.key] > 1:
            raise table.error(
                "key",
                what="the plan states a range twice",
                found=each.key,
                expected="each key once",
                do="keep the range that holds",
            )
    return found


def read_caseload(table: TableReader) -> CaseloadPlan | None:
    """Read for how many persons the decision is made; None where nothing is declared.

    Args:
        table: The table ``[economics.caseload]``.

    Raises:
        ProtocolError: If a number is missing or below 1, or a key is unknown.
    """
    declared = table.has("persons_per_year") or table.has("years")
    found = (
        CaseloadPlan(table.integer("persons_per_year", minimum=1), table.integer("years", minimum=1))
        if declared
        else None
    )
    table.finish()
    return found


def _read_parameter(table: TableReader) -> Parameter:
    key = table.text("key")
    known = (DISPLACEMENT, *(each.value for each in Entry))
    if key not in known:
        raise table.error(
            "key",
            what="the plan states a range of something that the account does not hold",
            found=key,
            expected="one of: " + ", ".join(known),
            do='write such as key = "programme", with a range that is a factor on what was reckoned',
        )
    headline = _HEADLINE.get(key, 1.0)
    base, low, high = (float(table.share(name)) for name in ("base", "low", "high"))
    if not (low <= base == headline <= high and low < high and low >= 0):
        raise table.error(
            "base",
            what="the range of a parameter does not fit the headline",
            found=f"{low:g}, {base:g}, {high:g}",
            expected=f"low <= base = {headline:g} <= high: the headline reckons with {headline:g}",
            do="write the range around what the headline reckons with",
        )
    found = Parameter(
        key=key,
        base=base,
        low=low,
        high=high,
        distribution=table.choice("distribution", Distribution, Distribution.TRIANGULAR),
        unit=table.text("unit", "share" if key == DISPLACEMENT else "factor"),
        coverage=_read_coverage(table, key),
        source=table.text("source"),
    )
    table.finish()
    return found


def _read_coverage(table: TableReader, key: str) -> float:
    """Nobody displaces less than nothing, so that the ends of that range are its own unless said otherwise."""
    if table.has("coverage"):
        return float(table.share("coverage"))
    return 1.0 if key == DISPLACEMENT else ELICITED
