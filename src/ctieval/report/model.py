"""A report as data: sections, blocks and what each must carry; the renderers say how it looks.

Texts may hold the marks of ``inline`` (bold, references), which only the text catalogues can set: whatever a
user wrote is printed as it stands.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

from ctieval.domain.wording import Language
from ctieval.report.cells import Col, Interval, Mark, Measured, Row, check_rows, numbers_in
from ctieval.report.drawing import Chart

_ID = re.compile(r"[a-z0-9][a-z0-9_-]*")


@dataclass(frozen=True, slots=True)
class Para:
    """A paragraph.

    Attributes:
        text: Its text.

    Raises:
        ValueError: If the text is empty.
    """

    text: str

    def __post_init__(self) -> None:
        """Check that it says something."""
        _require(self, "text")


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of points.

    Attributes:
        items: The points, top to bottom.

    Raises:
        ValueError: If there is no point, or an empty one.
    """

    items: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check that every point says something."""
        if not self.items or not all(item.strip() for item in self.items):
            msg = "a list has points, and none of them is empty"
            raise ValueError(msg)


class BoxKind(StrEnum):
    """``READING_HELP`` explains how results are read, ``NOTE`` says what the reader must know.

    ``COMMENT`` is what a person wrote of her own; everything outside such boxes follows from the data.
    """

    READING_HELP = "reading_help"
    NOTE = "note"
    COMMENT = "comment"


@dataclass(frozen=True, slots=True)
class Box:
    """A box set apart from the text.

    Attributes:
        kind: What it is for.
        title: Its heading.
        blocks: Paragraphs and lists in it.

    Raises:
        ValueError: If the title is empty or there is no block.
    """

    kind: BoxKind
    title: str
    blocks: tuple[Para | Bullets, ...]

    def __post_init__(self) -> None:
        """Check that it holds something."""
        _require(self, "title", "blocks")


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One number on which the report rests.

    Attributes:
        value: The number with its kind, printed with sign and unit; or the mark in its place.
        label: What it is, on one line.
        interval: Interval of an estimate, in the same unit.
        note: What stands under a number without an interval: that it is a point estimate, or counted.

    Raises:
        ValueError: If the label is empty, or there is neither an interval nor a note.
    """

    value: Measured | Mark
    label: str
    interval: Interval | None = None
    note: str = ""

    def __post_init__(self) -> None:
        """Check that the number carries its uncertainty, or says why not."""
        _require(self, "label")
        if self.interval is None:
            _require(self, "note")


@dataclass(frozen=True, slots=True)
class KeyFigures:
    """Key figures side by side.

    Attributes:
        items: One to four of them.

    Raises:
        ValueError: If there is none, or more than four.
    """

    items: tuple[KeyFigure, ...]

    def __post_init__(self) -> None:
        """Check that they fit side by side."""
        if not 1 <= len(self.items) <= 4:
            msg = f"one to four key figures stand side by side, not {len(self.items)}"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Table:
    """A table; numbered by ``resolve``.

    Attributes:
        id: Short name for references, ``@tab:id``.
        caption: What it shows, without the number.
        columns: Its columns; the first names the rows.
        rows: Its rows.
        source: Where the numbers come from, without the word "Source".
        n_note: Number of persons behind it, or why none is given.
        note: What the reader must know, or an empty string.

    Raises:
        ValueError: If the id is no short name; if the caption, source or n_note is empty; or if rows and
            columns make no table (``check_rows``).
    """

    id: str
    caption: str
    columns: tuple[Col, ...]
    rows: tuple[Row, ...]
    source: str
    n_note: str
    note: str = ""

    def __post_init__(self) -> None:
        """Check that nothing is left out."""
        _require(self, "caption", "source", "n_note")
        _check_id(self.id)
        check_rows(self.columns, self.rows)


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the numbers behind it; numbered by ``resolve``.

    Attributes:
        id: Short name for references, ``@fig:id``.
        caption: What it shows, without the number.
        alt: The finding in one or two sentences, for those who do not see the picture.
        draw: What is drawn.
        columns: Columns of the numbers behind it.
        rows: Rows of the numbers behind it; they hold every number that is drawn.
        source: Where the numbers come from, without the word "Source".
        n_note: Number of persons behind it, or why none is given.
        note: What the reader must know, or an empty string.

    Raises:
        ValueError: If the id is no short name; if the caption, alt, source or n_note is empty; if rows and
            columns make no table (``check_rows``); or if a number is drawn that the rows do not hold.
    """

    id: str
    caption: str
    alt: str
    draw: Chart
    columns: tuple[Col, ...]
    rows: tuple[Row, ...]
    source: str
    n_note: str
    note: str = ""

    def __post_init__(self) -> None:
        """Check that nothing is left out, and that picture and numbers agree."""
        _require(self, "caption", "alt", "source", "n_note")
        _check_id(self.id)
        check_rows(self.columns, self.rows)
        if not self.draw.numbers <= numbers_in(tuple(cell for row in self.rows for cell in row.cells)):
            msg = f"figure {self.id} draws a number that does not stand in its rows"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that the report cannot say: printed where it would stand, never left out.

    Attributes:
        what: What is not told.
        needed: What would be needed to tell it.

    Raises:
        ValueError: If either is empty.
    """

    what: str
    needed: str

    def __post_init__(self) -> None:
        """Check that it says what and why."""
        _require(self, "what", "needed")


Block: TypeAlias = Para | Bullets | Box | KeyFigures | Table | Figure | Missing
"""Everything that can stand in a section."""


class SectionKind(StrEnum):
    """``NUMBERED`` chapters, ``UNNUMBERED`` ones such as the summary, and the ``APPENDIX`` with its own tables.

    An appendix is numbered on after the chapters; its figures and tables have series of their own.
    """

    NUMBERED = "numbered"
    UNNUMBERED = "unnumbered"
    APPENDIX = "appendix"


@dataclass(frozen=True, slots=True)
class Section:
    """A chapter, or a section in one.

    Attributes:
        id: Short name for references, ``@sec:id``.
        title: Its heading, without the number.
        blocks: What stands in it before its sections.
        sections: The sections in it; two levels of headings at most.
        kind: How it is numbered; sections in a chapter follow their chapter.

    Raises:
        ValueError: If the id is no short name, the title is empty, or nothing stands in the section.
    """

    id: str
    title: str
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    kind: SectionKind = SectionKind.NUMBERED

    def __post_init__(self) -> None:
        """Check that it can be found and holds something."""
        _require(self, "title")
        _check_id(self.id)
        if not self.blocks and not self.sections:
            msg = f"nothing stands in section {self.id}; a part without data is Missing"
            raise ValueError(msg)


class Form(StrEnum):
    """What kind of paper it is.

    A ``REPORT`` has a cover, contents, and each chapter on a new page; an ``APPENDIX`` has a cover and contents, and
    its chapters run on; a ``MEMO`` begins with its title on the page of its text.
    """

    REPORT = "report"
    APPENDIX = "appendix"
    MEMO = "memo"


@dataclass(frozen=True, slots=True)
class Meta:
    """What stands on the cover, and what kind of paper it covers.

    Attributes:
        title: Title.
        lang: Language of the whole report.
        document_type: Kind of document, such as "Evaluation report".
        subtitle: Subtitle, or an empty string.
        recipient: For whom it is, or an empty string.
        date: Day printed on the cover, or None.
        author: Who made it, or an empty string.
        about: Address or citation of a text about the trial, or an empty string.
        warning: A line that must stand on the cover, such as that the data are simulated; or an empty string.
        form: What kind of paper it is; a web page looks the same for all.

    Raises:
        ValueError: If the title or the kind of document is empty.
    """

    title: str
    lang: Language
    document_type: str
    subtitle: str = ""
    recipient: str = ""
    date: date | None = None
    author: str = ""
    about: str = ""
    warning: str = ""
    form: Form = Form.REPORT

    def __post_init__(self) -> None:
        """Check that there is a title."""
        _require(self, "title", "document_type")


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report.

    Attributes:
        meta: What stands on the cover.
        sections: The chapters.

    Raises:
        ValueError: If there is no chapter.
    """

    meta: Meta
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        """Check that there is something to read."""
        _require(self, "sections")


def _require(holder: object, *names: str) -> None:
    for name in names:
        value: str | tuple[object, ...] = getattr(holder, name)
        if not (value.strip() if isinstance(value, str) else value):
            msg = f"a {type(holder).__name__.lower()} needs its {name}"
            raise ValueError(msg)


def _check_id(name: str) -> None:
    if not _ID.fullmatch(name):
        msg = f"an id is lower-case letters, digits, - and _, not {name!r}"
        raise ValueError(msg)
