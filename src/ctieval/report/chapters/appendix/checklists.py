"""The checklists CONSORT 2025 and CHEERS 2022: where the report tells of each item, and what is not told."""

from __future__ import annotations

from collections.abc import Iterator

from ctieval.report.cells import Col, Row
from ctieval.report.chapters.context import Context
from ctieval.report.checklist import Checklist, ChecklistItem, Guideline, load_checklist
from ctieval.report.inline import mark
from ctieval.report.model import Figure, Missing, Para, Section, Table
from ctieval.report.resolve import target, walk

STATEMENTS = "sec:statements"


def build_checklists(context: Context, chapters: tuple[Section, ...]) -> tuple[Section, ...]:
    """Build a section a checklist; that of economic evaluations where the plan has an economic analysis.

    Args:
        context: The evaluation and the words.
        chapters: Every chapter that a reader can turn to.
    """
    told = frozenset(_told(chapters))
    guidelines = (Guideline.CONSORT, *((Guideline.CHEERS,) if context.evaluation.trial.economics else ()))
    return tuple(_section(context, load_checklist(guideline), told) for guideline in guidelines)


def _told(chapters: tuple[Section, ...]) -> Iterator[str]:
    """Name every section that says more than that something is missing, and every table and figure."""
    for section in walk(chapters):
        inside = [block for each in walk((section,)) for block in each.blocks]
        if not all(isinstance(block, Missing) for block in inside):
            yield target(section)
        yield from (target(block) for block in section.blocks if isinstance(block, Table | Figure))


def _section(context: Context, checklist: Checklist, told: frozenset[str]) -> Section:
    name = checklist.guideline.value
    found = [(item, _find(context, item, told)) for item in checklist.items]
    absent = sum(not places for _, places in found)
    lead = context.text(
        "checklist.lead",
        id=f"{name}-items",
        name=checklist.name,
        n=len(found),
        reported=len(found) - absent,
        absent=absent,
    )
    heads = ("number", "item", "where")
    table = Table(
        id=f"{name}-items",
        caption=context.text("checklist.caption", name=checklist.name),
        columns=tuple(Col(head, context.text(f"checklist.head.{head}")) for head in heads),
        rows=tuple(_row(context, checklist, item, places) for item, places in found),
        source=context.text("checklist.source", title=checklist.title, reference=checklist.reference),
        n_note=context.text("checklist.n"),
    )
    return Section(name, context.text("checklist.title", name=checklist.name), (Para(lead), table))


def _find(context: Context, item: ChecklistItem, told: frozenset[str]) -> tuple[str, ...]:
    """Where an item is told; what the evaluator must state is told only where it is stated."""
    stated = {each.kind for each in context.evaluation.trial.report.statements}
    own = (STATEMENTS,) if item.statement in stated else ()
    return (*own, *(place for place in item.targets if place in told))


def _row(context: Context, checklist: Checklist, item: ChecklistItem, places: tuple[str, ...]) -> Row:
    words = context.text(f"checklist.{checklist.guideline.value}.{item.number}")
    where = ", ".join(mark(f"@{place}") for place in places) or _absent(context, item)
    return Row((item.number, words, where))


def _absent(context: Context, item: ChecklistItem) -> str:
    if item.statement is None:
        return context.text("checklist.absent_part")
    return context.text("checklist.absent", statement=item.statement.value)
