"""Marks inside a text: bold and references, set by the text catalogues alone.

A catalogue writes ``**bold**``, ``@fig:id``, ``@tab:id`` and ``@sec:id`` (``@Fig:id`` at the start of a
sentence). ``mark`` turns them into Unicode noncharacters, which no user's text holds; so a title with
asterisks or an at sign in it is printed as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_BOLD_ON, _BOLD_OFF, _REF_ON, _REF_OFF = "\ufdd0", "\ufdd1", "\ufdd2", "\ufdd3"
_MARKS = re.compile("[\ufdd0-\ufddf]")
_BOLD = re.compile(r"\*\*(.+?)\*\*", re.DOTALL)
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
