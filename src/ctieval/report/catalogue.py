"""Puts facts into the texts of one language; which texts there are stands in ``text``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ctieval.domain.wording import Fact, Language, Phrase
from ctieval.report.fmt import Fmt
from ctieval.report.inline import mark
from ctieval.report.texts import read_texts

PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)\}")


class MissingTextError(KeyError):
    """A catalogue has no such text, or a sentence needs a fact that it was not given."""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The texts of one language.

    Attributes:
        lang: The language.
        texts: Every text by its dotted key, with placeholders such as ``{weeks}`` and the marks of ``inline``.
        fmt: Prints the numbers in the sentences.
    """

    lang: Language
    texts: Mapping[str, str]
    fmt: Fmt

    def text(self, key: str, **facts: Fact) -> str:
        """Return a text with its facts put in; numbers are printed as the language writes them.

        Args:
            key: Dotted key of the text.
            **facts: One value a placeholder; a text is put in as it stands, and its asterisks mark nothing.

        Raises:
            MissingTextError: If no text has this key, or a placeholder has no fact.
        """
        template = mark(self._template(key))

        def put(found: re.Match[str]) -> str:
            if found[1] not in facts:
                msg = f"the text {key} needs the fact {found[1]}"
                raise MissingTextError(msg)
            return self.fmt.fact(facts[found[1]])

        return PLACEHOLDER.sub(put, template)

    def counted(self, key: str, n: int, **facts: Fact) -> str:
        """Return the text ``<key>.one`` for one and ``<key>.other`` for any other number, with the fact ``n``.

        Raises:
            MissingTextError: If there is no such text, or a placeholder has no fact.
        """
        return self.text(f"{key}.{'one' if n == 1 else 'other'}", n=n, **facts)

    def phrase(self, phrase: Phrase) -> str:
        """Return the sentence of a phrase; a fact that is a code is worded by ``fact.<name>.<code>``.

        Raises:
            MissingTextError: If there is no such text, or a placeholder has no fact.
        """
        worded = {name: self.texts.get(f"fact.{name}.{fact}", fact) for name, fact in phrase.facts}
        return self.text(phrase.key, **worded)

    def has(self, key: str) -> bool:
        """Tell whether there is a text with this key."""
        return key in self.texts

    def _template(self, key: str) -> str:
        try:
            return self.texts[key]
        except KeyError:
            msg = f"the {self.lang} catalogue has no text {key}"
            raise MissingTextError(msg) from None


def load_catalogue(lang: Language) -> Catalogue:
    """Load the texts of one language."""
    return Catalogue(lang, read_texts(lang), Fmt(lang))
