"""What a plan says of the outlook of the account, in ``[economics.outlook]``: resamples, extrapolation, scenarios."""

from __future__ import annotations

from ctieval.domain.outlook_plan import OutlookPlan, ScenarioName
from ctieval.errors import ProtocolError
from ctieval.protocol.table_reader import TableReader

FEWEST_REPLICATES = 200
"""With fewer resamples the ends of a band would be a matter of luck."""


def read_outlook_plan(table: TableReader) -> OutlookPlan:
    """Read how the account looks beyond its net result; what is left out is as in ``OutlookPlan``.

    Args:
        table: The table ``[economics.outlook]``; nothing is declared where it is empty.

    Raises:
        ProtocolError: If a scenario is not known, or stands twice.
        ProtocolError: If a part is not between 0 and 1, a number of months or resamples too small, or a key unknown.
    """
    usual = OutlookPlan()
    found = OutlookPlan(
        names=_read_names(table, usual),
        extrapolated_months=table.integer("extrapolated_months", minimum=1, default=usual.extrapolated_months),
        yearly_decay=_read_part(table, "yearly_decay", usual.yearly_decay),
        last_months=table.integer("last_months", minimum=1, default=usual.last_months),
        displacement=_read_part(table, "displacement", usual.displacement),
        cautious_level=_read_level(table, usual.cautious_level),
        replicates=table.integer("replicates", minimum=FEWEST_REPLICATES, default=usual.replicates),
        seed=table.integer("seed", minimum=0, default=usual.seed),
    )
    table.finish()
    return found


def _read_names(table: TableReader, usual: OutlookPlan) -> tuple[ScenarioName, ...]:
    names = table.texts("scenarios", tuple(usual.names))
    known = [name.value for name in ScenarioName]
    if not set(names) <= set(known) or len(set(names)) < len(names):
        raise table.error(
            "scenarios",
            what="the plan asks for a scenario that is not known, or for one twice",
            found=", ".join(names),
            expected="one or more of: " + ", ".join(known),
            do='write such as scenarios = ["observed", "cautious"]; observed is shown in any case',
        )
    return tuple(ScenarioName(name) for name in names)


def _read_part(table: TableReader, key: str, usual: float) -> float:
    """Read a part of a whole, both ends included."""
    part = float(table.share(key)) if table.has(key) else usual
    if not 0 <= part <= 1:
        raise _no_part(table, key, part, "a number from 0 to 1")
    return part


def _read_level(table: TableReader, usual: float) -> float:
    """Read the level of an interval."""
    level = float(table.share("cautious_level")) if table.has("cautious_level") else usual
    if not 0 < level < 1:
        raise _no_part(table, "cautious_level", level, "a number between 0 and 1")
    return level


def _no_part(table: TableReader, key: str, found: float, expected: str) -> ProtocolError:
    return table.error(
        key,
        what="the plan has a part that is less than nothing or more than the whole",
        found=f"{found:g}",
        expected=expected,
        do=f"write such as {key} = 0.5; 25 % is 0.25",
    )
