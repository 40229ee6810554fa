"""Marks inside a text: bold and references, set by the text catalogues alone.

A catalogue writes ``**bold**``, ``@fig:id``, ``@tab:id`` and ``@sec:id`` (``@Fig:id`` at the start of a
sentence). ``mark`` turns them into Unicode noncharacters, which no user's text holds; so a title with
asterisks or an at sign in it is printed as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

_BOLD_ON, _BOLD_OFF, _REF_ON, _REF_OFF = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_MARKS = re.compile("[\ufdd0-\ufddf]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
_MARKED_REFERENCE = re.compile(f"{_REF_ON}(.*?){_REF_OFF}")
_REFERENCE = re.compile(r"@((?:fig|tab|sec|Fig|Tab|Sec):[a-z0-9{][a-z0-9_{}-]*)")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of text that looks the same throughout.

    Attributes:
        text: The text; of a reference, its target, such as ``fig:forest``.
        bold: True where it is bold.
        is_reference: True for a reference.
    """

    text: str
    bold: bool = False
    is_reference: bool = False


def mark(template: str) -> str:
    """Turn the marks that a catalogue writes into noncharacters.

    Raises:
        ValueError: If a ``**`` has no partner.
    """
    marked = _BOLD.sub(rf"{_BOLD_ON}\1{_BOLD_OFF}", template)
    if "**" in marked:
        msg = f"a bold mark without its partner in {template!r}"
        raise ValueError(msg)
    return _REFERENCE.sub(rf"{_REF_ON}\1{_REF_OFF}", marked)


def plain(text: str) -> str:
    """Return a text without its marks, for places that can show none."""
    return _MARKS.sub("", text)


def embolden(text: str) -> str:
    """Return what a user wrote as one bold stretch, whatever stands in it."""
    return f"{_BOLD_ON}{plain(text)}{_BOLD_OFF}"


def replace_references(text: str, to_words: Callable[[str], str | None]) -> str:
    """Replace references by words; one for which there are none stays.

    Args:
        text: The text.
        to_words: Returns the words for the target of a reference as it is written, or None.

    Examples:
        >>> replace_references(mark("See @tab:rates."), {"tab:rates": "table 3 of the report"}.get)
        'See table 3 of the report.'
    """

    def put(found: re.Match[str]) -> str:
        words = to_words(found[1])
        return found[0] if words is None else words

    return _MARKED_REFERENCE.sub(put, text)


def spans(text: str) -> tuple[Span, ...]:
    """Cut a text at its marks.

    Examples:
        >>> spans(mark("**No** effect, see @fig:forest."))[2]
        Span(text='fig:forest', bold=False, is_reference=True)
    """
    found: list[Span] = []
    bold = is_reference = False
    for piece in re.split("([\ufdd0-\ufddf])", text):
        if piece in (_BOLD_ON, _BOLD_OFF):
            bold = piece == _BOLD_ON
        elif piece in (_REF_ON, _REF_OFF):
            is_reference = piece == _REF_ON
        elif piece and not _MARKS.match(piece):
            found.append(Span(piece, bold, is_reference))
    return tuple(found)


def references(text: str) -> tuple[str, ...]:
    """Return the targets of the references in a text, in lower case."""
    return tuple(span.text.lower() for span in spans(text) if span.is_reference)
