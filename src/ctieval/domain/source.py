"""Where a number comes from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Source:
    """The document that proves a value.

    Attributes:
        title: Title of the document.
        section: Section, paragraph or page.
        href: Address.
        retrieved: Day on which it was read.
        secondary: True where the document is not the issuing authority's own.
        simulated: True for values that a simulation made up; every source line then says so.
    """

    title: str
    section: str
    href: str
    retrieved: date
    secondary: bool = False
    simulated: bool = False
