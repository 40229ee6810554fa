import io
import os
import re
import runpy
import subprocess
import sys
import zipfile
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest
from docx import Document
from docx.oxml.ns import qn

from ctieval.report.build import build_report
from ctieval.report.catalogue import load_catalogue
from ctieval.report.fmt import MINUS, NBSP
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Meta, Missing, Para, Report, Section, SectionKind, Table
from ctieval.report.protect import protect
from ctieval.report.resolve import resolve, target, walk
from ctieval.report.word.columns import TEXT_TWIPS
from ctieval.report.word.docx import render_docx

SCRIPT = Path(__file__).with_name("sample_report.py")
SAMPLE = runpy.run_path(str(SCRIPT))
TAGS = {"da": "da-DK", "en": "en-GB"}
RENDER = (
    "import runpy, sys; from ctieval.report.word.docx import render_docx; "
    "sys.stdout.buffer.write(render_docx(runpy.run_path(sys.argv[1])['sample'](sys.argv[2])))"
)


class Opened:
    """A Word file as python-docx opens it, with what stands in its body."""

    def __init__(self, report):
        self.report, self.numbered = report, resolve(report)
        self.words = load_catalogue(report.meta.lang)
        self.content = render_docx(report)
        self.document = Document(io.BytesIO(self.content))
        self.body = self.document.element.body

    def all(self, tag, inside=None):
        return list((self.body if inside is None else inside).iter(qn(tag)))

    def styled(self, *names):
        return [each for each in self.all("w:p") if style_of(each) in names]

    def blocks(self, *kinds):
        sections = walk(self.report.sections)
        return [block for section in sections for block in section.blocks if isinstance(block, kinds)]


def val(element, name="w:val"):
    return element.get(qn(name))


def style_of(paragraph):
    return val(paragraph.find(f"{qn('w:pPr')}/{qn('w:pStyle')}"))


def text_of(element):
    return "".join(each.text or "" for each in element.iter(qn("w:t")))


def fields(paragraphs):
    """Codes and results of the fields in some paragraphs; the end of one must come before the next begins."""
    found, state = [], None
    for element in (each for paragraph in paragraphs for each in paragraph.iter()):
        if element.tag == qn("w:fldChar"):
            kind = val(element, "w:fldCharType")
            assert (state, kind) in {(None, "begin"), ("begin", "separate"), ("separate", "end")}
            state = None if kind == "end" else kind
            if kind == "begin":
                found.append(["", ""])
        elif element.tag == qn("w:instrText"):
            found[-1][0] += element.text.strip()
        elif element.tag == qn("w:t") and state == "separate":
            found[-1][1] += element.text
    assert state is None
    return [tuple(each) for each in found]


@pytest.fixture(scope="module", params=["da", "en"])
def opened(request):
    return Opened(SAMPLE["sample"](request.param))


@pytest.fixture(scope="module", params=[("full", "da"), ("full", "en"), ("bare", "da")])
def built(request, full, bare):
    which, lang = request.param
    return Opened(build_report(protect({"full": full, "bare": bare}[which]), lang))


def test_every_style_that_is_used_is_there(built):
    known = {style.style_id for style in built.document.styles}
    assert {val(each) for tag in ("w:pStyle", "w:rStyle", "w:tblStyle") for each in built.all(tag)} <= known
    assert {"Title", "heading 1", "heading 2", "heading 3", "Body Text", "caption", "toc 1"} <= {
        each.name.lower() if each.name.lower().startswith(("heading", "caption")) else each.name
        for each in built.document.styles
    }


def test_the_language_stands_on_the_file_its_styles_and_every_text(opened):
    tag = TAGS[opened.report.meta.lang]
    assert opened.document.core_properties.language == tag
    defaults = opened.document.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    assert val(defaults) == tag
    for style in opened.document.styles.element.findall(qn("w:style")):
        if style.get(qn("w:type")) == "paragraph":
            assert val(style.find(f".//{qn('w:lang')}")) == tag
    texts = [run for run in opened.all("w:r") if run.find(qn("w:t")) is not None]
    assert {val(run.find(f".//{qn('w:lang')}")) for run in texts} == {tag}


def test_properties_name_the_report_and_its_day_alone(opened):
    properties, meta = opened.document.core_properties, opened.report.meta
    assert (properties.title, properties.author, properties.subject) == (meta.title, meta.author, meta.subtitle)
    assert properties.created.date() == properties.modified.date() == meta.date
    assert properties.last_modified_by == meta.author


def test_captions_count_in_fields_that_hold_their_numbers(built):
    counted = Counter()
    blocks = built.blocks(Figure, Table)
    captions = built.styled("Caption")
    assert len(captions) == len(blocks)
    for block, caption in zip(blocks, captions, strict=True):
        heading = built.numbered.labels[target(block)].heading(built.words)
        assert text_of(caption).startswith(f"{heading}: ")
        ((code, shown),) = fields([caption])
        series = re.fullmatch(r"SEQ (\w+) \\\* ARABIC", code)[1]
        counted[series] += 1
        assert shown == str(counted[series])
        assert series == "_".join(heading.split()[:-1])


def test_every_caption_source_and_number_of_persons_is_told(built):
    told = "\n".join(text_of(each) for each in built.all("w:p"))
    words = built.words
    for block in built.blocks(Figure, Table):
        for text in (block.caption, block.source):
            if "\ufdd2" not in text:
                assert plain(text) in told
    notes = built.styled("SourceNote")
    n_blocks = len(built.blocks(Figure, Table))
    for name in ("source", "persons"):
        assert sum(text_of(each).startswith(f"{words.text(f'label.{name}')}: ") for each in notes) == n_blocks
    for missing in built.blocks(Missing):
        assert f"{words.text('label.missing')}: {plain(missing.what)}" in told


def test_references_lead_somewhere_and_show_what_stands_there(built):
    bookmarks = {val(each, "w:name"): each for each in built.all("w:bookmarkStart")}
    assert len(bookmarks) == len(built.all("w:bookmarkStart")) == len(built.numbered.labels)
    assert len({val(each, "w:id") for each in bookmarks.values()}) == len(bookmarks)
    assert {val(each, "w:anchor") for each in built.all("w:hyperlink")} <= set(bookmarks)
    found = [each for each in fields(built.all("w:p")) if each[0].startswith("REF ")]
    assert found
    for code, shown in found:
        name, *switches = code.removeprefix("REF ").split()
        label = list(built.numbered.labels.values())[int(name.removeprefix("_Ref")) - 1]
        assert name in bookmarks
        assert shown == (label.number or label.title)
        if "\\r" not in switches:
            paragraph = bookmarks[name].getparent()
            assert shown in (fields([paragraph])[0][1] if fields([paragraph]) else text_of(paragraph))


def test_headings_are_numbered_by_the_list_that_word_keeps_as_in_every_other_format(opened):
    counts, found = [0, 0, 0], []
    for heading in opened.styled("Heading1", "Heading2", "Heading3"):
        level = int(style_of(heading)[-1]) - 1
        off = heading.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if off is None:
            counts = [*counts[:level], counts[level] + 1, *[0] * (2 - level)]
        found.append("" if off is not None else ".".join(map(str, counts[: level + 1])))
    sections = list(walk(opened.report.sections))
    assert found == [opened.numbered.labels[target(each)].number for each in sections]
    assert [text_of(each) for each in opened.styled("Heading1", "Heading2", "Heading3")] == [
        plain(each.title) for each in sections
    ]


def test_contents_and_lists_are_fields_that_hold_every_line(built):
    lines = built.styled("TOC1", "TOC2", "TableofFigures")
    codes = [code for code, _ in fields(lines)]
    assert codes[0] == r"TOC \o " '"1-2"' r" \h \z"
    shown = [text_of(each) for each in lines]
    for chapter in built.report.sections:
        for section in (chapter, *chapter.sections):
            number = built.numbered.labels[target(section)].number
            assert f"{number}{plain(section.title)}" in shown
    for block in built.blocks(Figure, Table):
        heading = built.numbered.labels[target(block)].heading(built.words)
        assert f"{heading}: {plain(block.caption)}" in shown
    series = {code.split()[1] for code, _ in fields(built.styled("Caption"))}
    assert {code.split('"')[1] for code in codes[1:]} == series


def test_every_picture_has_its_text_and_fits_the_page(built):
    pictures = built.all("wp:inline")
    figures = built.blocks(Figure)
    assert [each.find(qn("wp:docPr")).get("descr") for each in pictures] == [plain(each.alt) for each in figures]
    ids = [each.find(qn("wp:docPr")).get("id") for each in pictures]
    assert len(set(ids)) == len(ids)
    for each in pictures:
        extent = each.find(qn("wp:extent"))
        assert int(extent.get("cx")) <= 160 * 36_000
        assert int(extent.get("cy")) <= 195 * 36_000
        blip = next(each.iter(qn("a:blip")))
        assert built.document.part.related_parts[val(blip, "r:embed")].blob.startswith(b"\x89PNG")


def test_tables_repeat_their_headings_break_between_rows_and_fit_the_page(built):
    tables = [each for each in built.all("w:tbl") if val(next(each.iter(qn("w:tblStyle")))) == "ReportTable"]
    assert len(tables) == len(built.blocks(Table))
    for written, block in zip(tables, built.blocks(Table), strict=True):
        rows = written.findall(qn("w:tr"))
        assert len(rows) == len(block.rows) + 1
        assert [row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None for row in rows] == [
            place == 0 for place in range(len(rows))
        ]
        assert all(row.find(f"{qn('w:trPr')}/{qn('w:cantSplit')}") is not None for row in rows)
        assert sum(int(each.get(qn("w:w"))) for each in written.iter(qn("w:gridCol"))) == TEXT_TWIPS
        for row in rows:
            assert sum(int(each.get(qn("w:w"))) for each in row.iter(qn("w:tcW"))) == TEXT_TWIPS
        assert written.find(f"{qn('w:tblPr')}/{qn('w:tblCaption')}") is not None


def test_cells_say_what_every_other_format_says(built):
    tables = [each for each in built.all("w:tbl") if val(next(each.iter(qn("w:tblStyle")))) == "ReportTable"]
    for written, block in zip(tables, built.blocks(Table), strict=True):
        for row, told in zip(written.findall(qn("w:tr"))[1:], block.rows, strict=True):
            shown = [text_of(cell) for cell in row.findall(qn("w:tc"))]
            cells = zip(told.cells, block.columns, strict=False)
            expected = [built.words.fmt.cell(cell, column) for cell, column in cells]
            assert [s for s, e in zip(shown, expected, strict=True) if "\ufdd2" not in e] == [
                plain(e) for e in expected if "\ufdd2" not in e
            ]


def test_numbers_are_printed_in_the_language_of_the_report(opened):
    told = "\n".join(text_of(each) for each in opened.all("w:p"))
    if opened.report.meta.lang == "da":
        assert f"[{MINUS}0,7;{NBSP}12,1]" in told
        assert f"+12.345{NBSP}kr." in told
    else:
        assert f"[{MINUS}0.7,{NBSP}12.1]" in told
        assert f"DKK{NBSP}+12,345" in told
    assert "\u2022" in told


def test_what_a_user_wrote_is_shown_as_text(opened):
    assert SAMPLE["HOSTILE"] in text_of(opened.body)


def test_signs_that_xml_cannot_hold_do_not_break_the_file():
    meta = Meta("A\x0bB\x00\ufffe\ud800" + "x" * 300, "da", "Report", author="C\x1b")
    document = Document(io.BytesIO(render_docx(Report(meta, (Section("a", "A\x07", (Para("b\x0c"),)),)))))
    assert document.core_properties.author == "C\ufffd"
    assert any(paragraph.text.startswith("A\ufffdB\ufffd") for paragraph in document.paragraphs)


def test_a_reference_keeps_its_place_in_the_sentence_when_word_updates_it(opened):
    started = [text_of(each) for each in opened.styled("BodyText") if "No sure effect" in text_of(each)]
    label = opened.numbered.labels["fig:effects"].heading(opened.words)
    assert all(label in text for text in started)


def test_an_unnumbered_chapter_has_no_number_and_headings_stay_with_what_follows(opened):
    (summary,) = [each for each in opened.report.sections if each.kind is SectionKind.UNNUMBERED]
    heading = next(each for each in opened.styled("Heading1") if text_of(each) == summary.title)
    assert val(heading.find(f".//{qn('w:numId')}")) == "0"
    for name in ("Heading1", "Heading2", "Heading3", "Caption", "TableHead"):
        (style,) = [
            each for each in opened.document.styles.element.iter(qn("w:style")) if val(each, "w:styleId") == name
        ]
        assert style.find(f"{qn('w:pPr')}/{qn('w:keepNext')}") is not None


def test_the_page_is_a4_and_its_foot_bears_the_page_number(opened):
    section = opened.document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    assert round((section.page_width - section.left_margin - section.right_margin) / 36_000) == 160
    assert [code for code, _ in fields(section.footer.part.element.iter(qn("w:p")))] == ["PAGE"]
    assert section.different_first_page_header_footer


def test_nothing_of_the_empty_file_of_python_docx_is_left(opened):
    names = zipfile.ZipFile(io.BytesIO(opened.content)).namelist()
    assert names[0] == "[Content_Types].xml"
    assert [name for name in names if re.search("thumbnail|customXml|stylesWithEffects|app.xml", name)] == []
    assert b"2013" not in zipfile.ZipFile(io.BytesIO(opened.content)).read("docProps/core.xml")


def test_a_report_without_a_section_for_them_lists_its_figures_after_the_contents():
    report = SAMPLE["sample"]("da")
    section = Section("lists", "Oversigt", (Para("x"),))
    with_section = Opened(replace(report, sections=(*report.sections, section)))
    without = Opened(report)
    for each in (with_section, without):
        assert len([code for code, _ in fields(each.styled("TableofFigures"))]) == 3
    first = without.all("w:p").index(without.styled("TableofFigures")[0])
    assert first < without.all("w:p").index(without.styled("Heading1")[0])
    assert style_of(with_section.all("w:p")[-1]) == "TableofFigures"


def test_the_same_report_gives_the_same_bytes_in_every_process():
    settings = (
        {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )
    digests = {sha256(render_docx(SAMPLE["sample"]("da"))).hexdigest()}
    for setting in settings:
        command = [sys.executable, "-c", RENDER, str(SCRIPT), "da"]
        run = subprocess.run(command, env={**os.environ, **setting}, capture_output=True, check=True)
        digests.add(sha256(run.stdout).hexdigest())
    assert len(digests) == 1
    entries = zipfile.ZipFile(io.BytesIO(run.stdout)).infolist()
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
