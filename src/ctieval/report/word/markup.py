"""Runs, fields, bookmarks and paragraphs as WordprocessingML; whatever stands in them is escaped."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from ctieval.domain.wording import Language
from ctieval.report.catalogue import Catalogue
from ctieval.report.inline import spans
from ctieval.report.resolve import Label, Numbered, Series
from ctieval.report.xml_text import xml_text

LANGUAGE_TAGS: Final[dict[Language, str]] = {"da": "da-DK", "en": "en-GB"}
KEEP_NEXT: Final = Markup("<w:keepNext/>")
NEW_PAGE: Final = Markup("<w:pageBreakBefore/>")
NO_NUMBER: Final = Markup(
    '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="0"/></w:numPr><w:ind w:left="0" w:firstLine="0"/>'
)
TAB: Final = Markup("<w:r><w:tab/></w:r>")
NOTHING: Final = Markup("")

_BOLD: Final = Markup('<w:rStyle w:val="Strong"/>')


def paragraph(style: str, content: Markup, properties: Markup = NOTHING) -> Markup:
    """Write a paragraph in a style, with properties of its own in the order of the schema."""
    return Markup('<w:p><w:pPr><w:pStyle w:val="{}"/>{}</w:pPr>{}</w:p>').format(style, properties, content)


def chain(style: str, contents: Iterable[Markup], *, held: Markup = NOTHING) -> Markup:
    """Write paragraphs that stay on one page; ``held`` binds the last one too."""
    *firsts, last = contents
    written = [paragraph(style, each, KEEP_NEXT) for each in firsts]
    return NOTHING.join([*written, paragraph(style, last, held)])


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes text in the language of a report, with live references to its numbered parts.

    Attributes:
        numbered: The report with its numbers.
        words: The catalogue of its language.
    """

    numbered: Numbered
    words: Catalogue

    def run(self, text: str, *, bold: bool = False, style: str = "") -> Markup:
        """Write a stretch of text that looks the same throughout."""
        look = Markup('<w:rStyle w:val="{}"/>').format(style) if style else _BOLD if bold else NOTHING
        return Markup('<w:r><w:rPr>{}<w:lang w:val="{}"/></w:rPr><w:t xml:space="preserve">{}</w:t></w:r>').format(
            look, LANGUAGE_TAGS[self.words.lang], xml_text(text)
        )

    def field(self, code: str, shown: str, *, bold: bool = False) -> Markup:
        """Write a field that already holds its result, so that it reads without being updated."""
        return field_start(code) + self.run(shown, bold=bold) + FIELD_END

    def bookmark(self, target: str, content: Markup) -> Markup:
        """Write content to which a reference can lead."""
        number = self.anchor_number(target)
        return Markup('<w:bookmarkStart w:id="{0}" w:name="{1}"/>{2}<w:bookmarkEnd w:id="{0}"/>').format(
            number, anchor(number), content
        )

    def link(self, target: str, content: Markup) -> Markup:
        """Write content that leads to a bookmark."""
        return Markup('<w:hyperlink w:anchor="{}" w:history="1">{}</w:hyperlink>').format(
            anchor(self.anchor_number(target)), content
        )

    def rich(self, text: str, *, bold: bool = False) -> Markup:
        """Write a text with its bold stretches and its references."""
        return NOTHING.join(
            self._reference(span.text, bold=bold or span.bold)
            if span.is_reference
            else self.run(span.text, bold=bold or span.bold)
            for span in spans(text)
        )

    def label(self, target: str) -> Label:
        """Return the label of a section, table or figure."""
        return self.numbered.labels[target]

    def anchor_number(self, target: str) -> int:
        """Return the number of a bookmark, which is the place of its target in the report."""
        return list(self.numbered.labels).index(target) + 1

    def _reference(self, written: str, *, bold: bool) -> Markup:
        """Write the words of a reference around a field with its number, or its title where it has none."""
        target = written.lower()
        label = self.label(target)
        live = label.number or xml_text(label.title)
        words = label.reference(self.words)
        before, _, after = words.partition(live)
        if written[0].isupper():
            before = before[:1].upper() + before[1:]
        heads = label.number and label.series in (Series.CHAPTER, Series.SECTION)
        code = f"REF {anchor(self.anchor_number(target))} " + (r"\r \h" if heads else r"\h")
        return self.run(before, bold=bold) + self.field(code, live, bold=bold) + self.run(after, bold=bold)


def anchor(number: int) -> str:
    """Return the name of a bookmark."""
    return f"_Ref{number:06}"


def field_start(code: str) -> Markup:
    """Write the start of a field, up to its result."""
    return Markup(
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
        '<w:r><w:instrText xml:space="preserve"> {} </w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    ).format(code)


FIELD_END: Final = Markup('<w:r><w:fldChar w:fldCharType="end"/></w:r>')
