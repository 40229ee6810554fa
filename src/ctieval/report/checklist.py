"""Checklists of what a report of its kind should tell: their items, and where in a report each may be told."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib import resources

from ctieval.domain.statement import StatementKind


class Guideline(StrEnum):
    """The checklists: of randomised trials, and of economic evaluations."""

    CONSORT = "consort"
    CHEERS = "cheers"


_FILES = {Guideline.CONSORT: "consort_2025.toml", Guideline.CHEERS: "cheers_2022.toml"}


@dataclass(frozen=True, slots=True)
class ChecklistItem:
    """One item; its words stand in the text catalogues.

    Attributes:
        number: Its number in the guideline.
        targets: Sections, tables and figures that tell of it, such as ``tab:effects``.
        statement: What the evaluator must state, since no data can tell it; None for other items.
    """

    number: str
    targets: tuple[str, ...]
    statement: StatementKind | None


@dataclass(frozen=True, slots=True)
class Checklist:
    """A whole checklist.

    Attributes:
        guideline: Which one.
        name: Its name with its year.
        title: Title of the article that gives it.
        reference: The article.
        items: Its items in order.
    """

    guideline: Guideline
    name: str
    title: str
    reference: str
    items: tuple[ChecklistItem, ...]


@cache
def load_checklist(guideline: Guideline) -> Checklist:
    """Load a checklist that is shipped with the library.

    Examples:
        >>> checklist = load_checklist(Guideline.CHEERS)
        >>> checklist.name, len(checklist.items)
        ('CHEERS 2022', 28)
    """
    file = resources.files("ctieval.report") / "checklists" / _FILES[guideline]
    found = tomllib.loads(file.read_text("utf-8"))
    items = tuple(
        ChecklistItem(
            number=each["number"],
            targets=tuple(each.get("targets", ())),
            statement=StatementKind(each["statement"]) if "statement" in each else None,
        )
        for each in found["item"]
    )
    return Checklist(guideline, found["name"], found["source"]["title"], found["source"]["reference"], items)
