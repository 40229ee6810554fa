"""The file around the body: styles, settings, fonts, properties; the same bytes for the same report."""

from __future__ import annotations

import io
import zipfile
from functools import cache
from typing import TYPE_CHECKING, Final

from jinja2 import Environment, PackageLoader, StrictUndefined

from ctieval.domain.wording import Language
from ctieval.report.model import Form, Meta
from ctieval.report.properties import to_properties
from ctieval.report.tokens import COLOURS, FONT
from ctieval.report.word.columns import TEXT_TWIPS
from ctieval.report.word.markup import LANGUAGE_TAGS

if TYPE_CHECKING:
    from docx.document import Document

NAMESPACES: Final = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
}

_KEPT: Final = frozenset({"styles", "settings", "numbering", "theme", "core-properties", "officeDocument"})
_FONTS_TYPE: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.fontTable+xml"


def open_package(meta: Meta) -> Document:
    """Open an empty Word file in the look and the language of a report, with its title and author."""
    from docx import Document  # noqa: PLC0415 (slow to load)

    document = Document()
    _drop_leftovers(document)
    _put_static_parts(document, meta)
    _set_properties(document, meta)
    return document


def to_bytes(document: Document) -> bytes:
    """Return a Word file as bytes: parts in a fixed order, without the time of writing."""
    written, fixed = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as loose, zipfile.ZipFile(fixed, "w") as packed:
        for name in sorted(loose.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0
            packed.writestr(entry, loose.read(name))
    return fixed.getvalue()


def _drop_leftovers(document: Document) -> None:
    """Drop what the empty file of python-docx brings and a report does not need, such as its picture."""
    package = document.part.package
    for rels in (document.part.rels, package.rels if package else {}):
        for name, rel in list(rels.items()):
            if rel.reltype.rsplit("/", 1)[-1] not in _KEPT:
                del rels[name]


def _put_static_parts(document: Document, meta: Meta) -> None:
    from docx.opc.constants import RELATIONSHIP_TYPE  # noqa: PLC0415
    from docx.opc.packuri import PackURI  # noqa: PLC0415
    from docx.opc.part import Part  # noqa: PLC0415
    from docx.oxml import parse_xml  # noqa: PLC0415

    part = document.part
    for name, old in (
        ("styles", document.styles.element),
        ("settings", document.settings.element),
        ("numbering", part.numbering_part.element),
    ):
        old[:] = parse_xml(_static(name, meta.lang, meta.form))[:]
    fonts = Part(
        PackURI("/word/fontTable.xml"), _FONTS_TYPE, _static("fonts", meta.lang, meta.form).encode(), part.package
    )
    part.relate_to(fonts, RELATIONSHIP_TYPE.FONT_TABLE)


@cache
def _static(name: str, lang: Language, form: Form) -> str:
    """Return a part that depends on nothing but the language and the kind of paper."""
    colours = {token: value.removeprefix("#") for token, value in COLOURS.items()}
    template = _environment().get_template(f"word/{name}.xml.jinja")
    return template.render(
        lang=lang, tag=LANGUAGE_TAGS[lang], form=form.value, colours=colours, font=FONT, width=TEXT_TWIPS
    )


@cache
def _environment() -> Environment:
    """Return templates that no user's text is put into, so that nothing is escaped."""
    return Environment(  # noqa: S701 (colours, sizes and names of the library alone)
        loader=PackageLoader("ctieval.report"), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def _set_properties(document: Document, meta: Meta) -> None:
    told, properties = to_properties(meta), document.core_properties
    properties.title, properties.subject, properties.category = told.title, told.subject, told.category
    properties.author = properties.last_modified_by = told.author
    properties.created = properties.modified = told.created
    properties.language = LANGUAGE_TAGS[meta.lang]
    properties.comments = properties.keywords = ""
    properties.revision = 1
