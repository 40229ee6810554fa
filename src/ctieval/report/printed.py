"""What stands in print for a cover, a key figure or a reference: plain words, the same in every format."""

from __future__ import annotations

from ctieval.report.catalogue import Catalogue
from ctieval.report.cells import Col, Kind, Mark, Measured
from ctieval.report.inline import plain
from ctieval.report.model import KeyFigure, Meta
from ctieval.report.resolve import Numbered


def cover_lines(meta: Meta, words: Catalogue) -> tuple[tuple[str, str], ...]:
    """Return the lines of the cover that have something to say, each with its name."""
    lines = (
        ("recipient", meta.recipient),
        ("document_type", meta.document_type),
        ("date", words.fmt.date(meta.date) if meta.date else ""),
        ("author", meta.author),
        ("about", meta.about),
    )
    return tuple((words.text(f"label.{name}"), value) for name, value in lines if value)


def key_value(item: KeyFigure, words: Catalogue) -> tuple[str, str, str]:
    """Print the number of a key figure: the unit before it, the number, the unit after it."""
    return ("", item.value.value, "") if isinstance(item.value, Mark) else words.fmt.quantity_parts(item.value)


def key_interval(item: KeyFigure, words: Catalogue) -> str:
    """Print the interval of a key figure with its level, or nothing."""
    if item.interval is None or not isinstance(item.value, Measured):
        return ""
    level = words.text("label.confidence", level=words.fmt.level(item.interval.conf_level))
    return f"{level} {words.fmt.interval(item.interval, item.value.kind, item.value.decimals)}"


def reference_words(written: str, numbered: Numbered, words: Catalogue) -> str:
    """Return the words of a reference; a capital in the reference gives one in the words."""
    found = plain(numbered.labels[written.lower()].reference(words))
    return found[0].upper() + found[1:] if written[0].isupper() else found


def is_number(column: Col) -> bool:
    """Tell whether the cells of a column stand to the right."""
    return column.kind is not Kind.TEXT


def heading(column: Col) -> str:
    """Return the heading of a column with its unit."""
    return f"{column.head} ({column.unit})" if column.unit else column.head
