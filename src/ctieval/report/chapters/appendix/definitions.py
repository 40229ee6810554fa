"""What a week in each state is, for the states that the outcomes count; who decided it stands in the code list."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.domain.outcome import Measure, StateOutcome
from ctieval.report.cells import Col, Row
from ctieval.report.chapters.context import Context
from ctieval.report.model import Block, Para, Table

_RETAINED = frozenset({Measure.RETAINED_13, Measure.RETAINED_26, Measure.RETAINED_52})


def define_outcomes(context: Context) -> Iterator[Block]:
    """Define the states of the declared outcomes; nothing where none is counted from weeks."""
    counted = tuple(each for each in context.evaluation.trial.outcomes if isinstance(each, StateOutcome))
    if not counted:
        return
    vintage = context.evaluation.provenance.code_list
    yield Para(context.text("appendix.definitions.lead"))
    yield Table(
        id="definitions",
        caption=context.text("appendix.definitions.caption"),
        columns=(Col("state", context.text("head.state")), Col("definition", context.text("head.definition"))),
        rows=tuple(_rows(context, counted)),
        source=context.text("source.code_list", vintage=vintage),
        n_note=context.text("persons.none_definitions"),
        note=context.text("appendix.definitions.note", vintage=vintage),
    )


def _rows(context: Context, counted: tuple[StateOutcome, ...]) -> Iterator[Row]:
    for state in dict.fromkeys(outcome.state for outcome in counted):
        yield Row((context.text(f"state.{state.value}"), context.text(f"definition.{state.value}")))
    if any(outcome.measure in _RETAINED for outcome in counted):
        yield Row((context.text("appendix.definitions.retention"), context.text("definition.retention")))
