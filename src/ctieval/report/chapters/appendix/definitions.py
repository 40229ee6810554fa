"""What the outcomes count: a week in each state, and each measure; who decided it stands in the code list."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.outcome import RETAINED_WEEKS, WAITS, AmountOutcome, StateOutcome, TrackedOutcome
from ctieval.report.cells import Col, Row
from ctieval.report.chapters.context import Context
from ctieval.report.model import Block, Para, Table


def define_outcomes(context: Context) -> Iterator[Block]:
    """Define the states and measures of the declared outcomes; nothing where none is followed week by week."""
    outcomes = context.evaluation.trial.outcomes
    counted = tuple(each for each in outcomes if isinstance(each, StateOutcome | AmountOutcome))
    if not counted:
        return
    vintage = context.evaluation.provenance.code_list
    yield Para(context.text("appendix.definitions.lead"))
    yield Table(
        id="definitions",
        caption=context.text("appendix.definitions.caption"),
        columns=(Col("term", context.text("head.term")), Col("definition", context.text("head.definition"))),
        rows=tuple(dict.fromkeys((*_states(context, counted), *(_measure(context, each) for each in counted)))),
        source=context.text("source.code_list", vintage=vintage),
        n_note=context.text("persons.none_definitions"),
        note=context.text("appendix.definitions.note", vintage=vintage),
    )


def _states(context: Context, counted: tuple[TrackedOutcome, ...]) -> Iterator[Row]:
    for outcome in counted:
        if isinstance(outcome, StateOutcome):
            name = outcome.state.value
            yield Row((context.text(f"state.{name}"), context.text(f"definition.{name}")))


def _measure(context: Context, outcome: TrackedOutcome) -> Row:
    """The name of what is counted, and one sentence on it."""
    if isinstance(outcome, AmountOutcome):
        name, full_time = outcome.amount.value, outcome.full_time
        facts = {} if full_time is None else {"hours": full_time.hours_month, "source": full_time.source}
    else:
        weeks = RETAINED_WEEKS.get(outcome.measure)
        retained = "weeks_until_retained" if outcome.measure in WAITS else "retained"
        name = outcome.measure.value if weeks is None else retained
        facts = {} if weeks is None else {"weeks": weeks}
    return Row((context.text(f"measure.{name}", **facts), context.text(f"counted.{name}", **facts)))
