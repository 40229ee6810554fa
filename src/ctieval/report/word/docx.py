"""Renders a report as a Word file with real styles and live fields, to be edited in a municipality."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from ctieval.report.catalogue import load_catalogue
from ctieval.report.charts.draw import draw_png
from ctieval.report.model import Figure, Form, Meta, Report
from ctieval.report.resolve import resolve, target
from ctieval.report.word.blocks import BodyWriter
from ctieval.report.word.front import write_front
from ctieval.report.word.markup import TAB, Pen, paragraph
from ctieval.report.word.package import NAMESPACES, open_package, to_bytes
from ctieval.report.xml_text import xml_text

if TYPE_CHECKING:
    from docx.document import Document

_MARGINS_MM: Final = {"top_margin": 24, "right_margin": 22, "bottom_margin": 22, "left_margin": 28}
_WIDTH_EMU: Final = 160 * 36_000
_HIGHEST_EMU: Final = 195 * 36_000
_DRAWING: Final = Markup(
    '<w:drawing><wp:inline distT="0" distB="0" distL="0" distR="0"><wp:extent cx="{width}" cy="{height}"/>'
    '<wp:docPr id="{id}" name="{name}" descr="{alt}"/>'
    '<wp:cNvGraphicFramePr><a:graphicFrameLocks noChangeAspect="1"/></wp:cNvGraphicFramePr>'
    '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic>'
    '<pic:nvPicPr><pic:cNvPr id="{id}" name="{name}" descr="{alt}"/><pic:cNvPicPr/></pic:nvPicPr>'
    '<pic:blipFill><a:blip r:embed="{embedded}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill>'
    '<pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
    '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr>'
    "</pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing>"
)


def render_docx(report: Report) -> bytes:
    """Render a report as a Word file.

    Headings, captions, contents and references are styles and fields of Word that hold their results, pictures
    have alternative texts, tables repeat their header rows. The same report gives the same bytes.

    Raises:
        ValueError: If an id stands twice, or a text refers to what is not there (``resolve``).
    """
    pen = Pen(resolve(report), load_catalogue(report.meta.lang))
    document = open_package(report.meta)
    writer = BodyWriter(pen, lambda figure: _drawing(figure, document, pen))
    body = write_front(pen) + Markup("").join(writer.section(chapter) for chapter in report.sections)
    _fill(document, body)
    _lay_out(document, report.meta, pen)
    return to_bytes(document)


def _drawing(figure: Figure, document: Document, pen: Pen) -> Markup:
    """Put the picture of a figure into the file, and write what shows it."""
    embedded, image = document.part.get_or_add_image(io.BytesIO(draw_png(figure.draw, pen.words.lang)))
    height = _WIDTH_EMU * image.px_height // image.px_width
    shrunk = min(1.0, _HIGHEST_EMU / height)
    label = pen.label(target(figure))
    return _DRAWING.format(
        id=pen.anchor_number(target(figure)),
        name=label.heading(pen.words),
        alt=xml_text(figure.alt),
        embedded=embedded,
        width=round(_WIDTH_EMU * shrunk),
        height=round(height * shrunk),
    )


def _fill(document: Document, body: Markup) -> None:
    """Put the body before the properties of its pages."""
    from docx.oxml import parse_xml  # noqa: PLC0415 (slow to load)

    names = "".join(f' xmlns:{prefix}="{uri}"' for prefix, uri in NAMESPACES.items())
    document.element.body[:0] = parse_xml(f"<w:body{names}>{body}</w:body>")[:]


def _lay_out(document: Document, meta: Meta, pen: Pen) -> None:
    """Set the page, and at its foot the title and the page number; a cover has neither."""
    from docx.oxml import parse_xml  # noqa: PLC0415
    from docx.shared import Mm  # noqa: PLC0415

    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    for name, millimetres in _MARGINS_MM.items():
        setattr(section, name, Mm(millimetres))
    section.header_distance = section.footer_distance = Mm(11)
    section.different_first_page_header_footer = meta.form is not Form.MEMO
    line = paragraph("Footer", pen.run(meta.title) + TAB + pen.field("PAGE", "1"))
    foot = parse_xml(f'<w:ftr xmlns:w="{NAMESPACES["w"]}">{line}</w:ftr>')
    section.footer.is_linked_to_previous = False
    section.footer.part.element[:] = foot[:]
