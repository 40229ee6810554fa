"""What a file says of itself: title, author and day, the same in every process."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Final

from ctieval.report.model import Meta
from ctieval.report.xml_text import xml_text

UNDATED: Final = date(1980, 1, 1)
"""Day of a report without one: the first day that a zip archive knows."""

_LONGEST: Final = 255


@dataclass(frozen=True, slots=True)
class FileProperties:
    """The properties of an office file, each at most 255 signs.

    Attributes:
        title: Title of the report.
        subject: Its subtitle, or the kind of document where it has none.
        category: Kind of document.
        author: Who made it, or an empty string.
        created: Start of the day on the cover.
    """

    title: str
    subject: str
    category: str
    author: str
    created: datetime


def to_properties(meta: Meta) -> FileProperties:
    """Return the properties of the file of a report.

    Examples:
        >>> to_properties(Meta("A trial", "en", "Report")).subject
        'Report'
    """
    told = (meta.title, meta.subtitle or meta.document_type, meta.document_type, meta.author)
    texts = (xml_text(each)[:_LONGEST] for each in told)
    return FileProperties(*texts, created=datetime.combine(meta.date or UNDATED, time()))
