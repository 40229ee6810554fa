"""What a plan says of the analysis of effects: what to adjust for, which estimate leads, and who took part."""

from __future__ import annotations

from collections import Counter

from ctieval.domain.effects_plan import EffectsPlan, Headline, LoggedTakeUp, TakeUpColumn
from ctieval.domain.trial import AnalysisTable, RegisterFolder
from ctieval.errors import ProtocolError
from ctieval.protocol.table_reader import TableReader


def read_effects(top: TableReader, data: AnalysisTable | RegisterFolder) -> EffectsPlan:
    """Read the analysis of effects; the draw implies all of it that the plan leaves out.

    Args:
        top: The whole plan.
        data: Where the persons come from.

    Returns:
        The analysis.

    Raises:
        ProtocolError: If a name to adjust for is no characteristic of the plan, or stands twice.
        ProtocolError: If the adjusted estimate leads, and there is nothing to adjust for.
        ProtocolError: If who took part cannot be told from the declared data.
    """
    if not top.has("effects"):
        return EffectsPlan()
    table = top.table("effects")
    names = table.texts("adjust_for", ()) if table.has("adjust_for") else ()
    _check_names(table, names, known=tuple(each.text("name") for each in top.tables("baseline")))
    headline = table.choice("headline", Headline, Headline.DIFFERENCE)
    if headline is Headline.ADJUSTED and not names:
        raise table.error(
            "headline",
            what="the adjusted estimate leads, and there is nothing to adjust for",
            found='headline = "adjusted" without adjust_for',
            expected="the names of characteristics before the draw in adjust_for",
            do='add a line such as adjust_for = ["age_years"], or take headline out',
        )
    plan = EffectsPlan(names, headline, _read_take_up(table, data))
    table.finish()
    return plan


def _check_names(table: TableReader, names: tuple[str, ...], *, known: tuple[str, ...]) -> None:
    wrong = [name for name in names if name not in known]
    twice = [name for name, count in Counter(names).items() if count > 1]
    if not (wrong or twice):
        return
    raise table.error(
        "adjust_for",
        what="the plan adjusts for what it does not declare" if wrong else "a name to adjust for stands twice",
        found=", ".join(wrong or twice),
        expected="names of tables [[baseline]], each once: " + (", ".join(known) or "there are none"),
        do="correct the name, or declare the characteristic in a table [[baseline]]",
    )


def _read_take_up(table: TableReader, data: AnalysisTable | RegisterFolder) -> LoggedTakeUp | TakeUpColumn | None:
    if not table.has("take_up"):
        return None
    expected = '{ activity = "...", contacts = 1 } with register extracts, { column = "..." } with a ready table'
    inner = table.table("take_up", expected=expected)
    in_column = inner.has("column")
    if in_column != isinstance(data, AnalysisTable):
        raise _unfit(table, expected, found="a column" if in_column else "an activity")
    take_up = (
        TakeUpColumn(inner.text("column"))
        if in_column
        else LoggedTakeUp(inner.text("activity"), inner.integer("contacts", minimum=1, default=1))
    )
    inner.finish()
    return take_up


def _unfit(table: TableReader, expected: str, *, found: str) -> ProtocolError:
    return table.error(
        "take_up",
        what="who took part cannot be told from the declared data",
        found=found,
        expected=expected,
        do="name the activity as the log does, or the column of the ready table",
    )
