"""What stages hand on in place of sentences: phrase keys, coded notices, and the user's own bilingual labels."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["da", "en"]
Fact: TypeAlias = str | int | float


@dataclass(frozen=True, slots=True)
class Label:
    """A name that the user wrote, in both languages; where one is missing, the other stands in.

    Attributes:
        da: Danish.
        en: English.
    """

    da: str
    en: str

    def to_text(self, lang: Language) -> str:
        """Return the label in one language."""
        return self.da if lang == "da" else self.en


@dataclass(frozen=True, slots=True)
class Phrase:
    """A key into the text catalogues, with the facts that its sentence needs.

    Attributes:
        key: Key in ``report/text``, such as ``criterion.minimum_age``.
        facts: Named facts, in the order in which they were given.
    """

    key: str
    facts: tuple[tuple[str, Fact], ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """A coded warning: the statistics are valid, but the reader must know something.

    Attributes:
        code: Stable code, such as ``W-MISSING-OUTCOME``; the text catalogues word it under ``notice``.
        subject: What it is about: the name of an outcome, a block or a table. Never a person.
        facts: Named facts, in the order in which they were given.
    """

    code: str
    subject: str
    facts: tuple[tuple[str, Fact], ...] = field(default=())


@dataclass(frozen=True, slots=True)
class MissingInput:
    """Something that the report cannot say, and what would be needed to say it.

    Attributes:
        what: Key of the missing part in the text catalogues, such as ``economics.programme_cost``.
        file: The file in which the user can supply it.
        facts: Named facts, such as which benefit it is; never a person.
    """

    what: str
    file: str
    facts: tuple[tuple[str, Fact], ...] = field(default=())
