import io
import os
import re
import runpy
import subprocess
import sys
import unicodedata
from collections import Counter
from dataclasses import replace
from hashlib import sha256
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest

from ctieval.report.cells import Col, Kind, Row, RowRole
from ctieval.report.fmt import MINUS
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Meta, Para, Report, Section, Table
from ctieval.report.pdf import render_pdf
from ctieval.report.resolve import walk

SCRIPT = Path(__file__).with_name("sample_report.py")
SAMPLE = runpy.run_path(str(SCRIPT))
COMMANDS = (
    '#read("/etc/passwd") $x$ *b* _i_ @tab:none `c` <l> [c] ] // rest /* a */ \\ \\u{41} "q" = h '
    '#import "@preview/a:1.0.0"'
)
PROGRAM = (
    "import runpy, sys; from ctieval.report.pdf import render_pdf; "
    "sys.stdout.buffer.write(render_pdf(runpy.run_path(sys.argv[1])['sample']('da')))"
)


class Read:
    """A PDF as a reader of its tags finds it."""

    def __init__(self, content, text):
        self.text = _squeezed(text)
        self.file = pikepdf.open(io.BytesIO(content))
        self.root = self.file.Root
        self.elements = list(_elements(self.root.StructTreeRoot.K))

    def tagged(self, tag):
        wanted = f"/{tag}"
        return [element for element in self.elements if wanted == element.S]


def _elements(node):
    if isinstance(node, pikepdf.Array):
        for each in node:
            yield from _elements(each)
    elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
        yield node
        if "/K" in node:
            yield from _elements(node.K)


def _squeezed(text):
    return "".join(unicodedata.normalize("NFKC", text).split())


def _blocks(report, kind):
    return [block for section in walk(report.sections) for block in section.blocks if isinstance(block, kind)]


@pytest.fixture(scope="module", params=["da", "en"])
def lang(request):
    return request.param


@pytest.fixture(scope="module")
def report(lang):
    return SAMPLE["sample"](lang)


@pytest.fixture(scope="module")
def open_pdf(read_pdf):
    """Render a report, and read it."""

    def render_and_read(report):
        content = render_pdf(report)
        return Read(content, read_pdf(content))

    return render_and_read


@pytest.fixture(scope="module")
def read(report, open_pdf):
    return open_pdf(report)


def test_it_is_tagged_and_tells_its_language_and_title(read, report, lang):
    assert read.root.MarkInfo.Marked
    assert str(read.root.Lang) == {"da": "da-DK", "en": "en-GB"}[lang]
    assert read.root.ViewerPreferences.DisplayDocTitle
    assert str(read.file.docinfo.Title) == report.meta.title
    assert str(read.file.docinfo.Author) == "The evaluator"
    assert str(read.file.docinfo.CreationDate).startswith("D:20261121")


def test_it_declares_the_standards_for_reading_aloud_and_for_archives(read):
    with read.file.open_metadata() as told:
        assert told["pdfuaid:part"] == "1"
        assert (told["pdfaid:part"], told["pdfaid:conformance"]) == ("2", "A")


def test_every_figure_has_its_text_for_those_who_do_not_see_it(read, report):
    told = {str(figure.Alt) for figure in read.tagged("Figure")}
    assert told == {plain(figure.alt) for figure in _blocks(report, Figure)}


def test_every_table_has_headers_that_say_what_they_head(read, report):
    tables = read.tagged("Table")
    assert len(tables) == len(_blocks(report, Table))
    for table in tables:
        heads = [each for each in _elements(table.K) if each.S == "/TH"]
        assert heads
        assert all("/Scope" in each.A[0] if isinstance(each.A, pikepdf.Array) else "/Scope" in each.A for each in heads)


def test_headings_skip_no_level_and_stand_in_the_outline(read, report):
    levels = [int(str(each.S)[2]) for each in read.elements if re.fullmatch("/H[1-6]", str(each.S))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    with read.file.open_outline() as outline:
        titles = [item.title for item in outline.root]
    assert [re.sub(r"^\d+\s", "", title) for title in titles] == [chapter.title for chapter in report.sections]


def test_captions_numbers_notes_and_sources_are_in_its_text(read, report, lang):
    for block in _blocks(report, Figure | Table):
        for told in (block.caption, block.source, block.n_note):
            assert _squeezed(plain(told)) in read.text, told
    for told in {"da": ("Tabel 1:", "Figur 1:", "Bilagsfigur 1:", "Ikke oplyst", "21. november 2026"),
                 "en": ("Table 1:", "Figure 1:", "Appendix figure 1:", "21 November 2026")}[lang]:  # fmt: skip
        assert _squeezed(told) in read.text, told


def test_rows_of_tables_and_words_of_pictures_are_in_its_text(read, lang):
    interval = f"[{MINUS}0,7;12,1]" if lang == "da" else f"[{MINUS}0.7,12.1]"
    for told in ("Stayedinajobfor26weeks", interval, "Analysed", "Drawnwithin"):
        assert told in read.text, told


def test_what_a_user_wrote_is_text_and_never_a_command(open_pdf):
    columns = (Col("a", COMMANDS), Col("b", "B", Kind.COUNT, unit=COMMANDS))
    table = Table("t", COMMANDS, columns, (Row((COMMANDS, 1)),), COMMANDS, COMMANDS, COMMANDS)
    section = Section("s", COMMANDS, (Para(COMMANDS), table))
    meta = Meta(COMMANDS, "da", COMMANDS, subtitle=COMMANDS, author=COMMANDS, warning=COMMANDS, about=COMMANDS)
    read = open_pdf(Report(meta, (section,)))
    assert read.text.count(_squeezed(COMMANDS)) >= 11
    assert "root:" not in read.text
    assert str(read.file.docinfo.Title) == COMMANDS


def test_a_sign_that_the_font_lacks_is_replaced_and_a_name_is_not(open_pdf):
    section = Section("s", "漢 Łukasz\u200b Çelik \x07 😀", (Para("a\nb"),))
    read = open_pdf(Report(Meta("M", "da", "Rapport"), (section,)))
    assert "ŁukaszÇelik" in read.text
    assert "漢" not in read.text


def test_a_report_without_a_date_is_dated_as_a_zip_archive(open_pdf):
    read = open_pdf(Report(Meta("M", "da", "Rapport"), (Section("s", "S", (Para("a"),)),)))
    assert str(read.file.docinfo.CreationDate).startswith("D:19800101")


def test_it_holds_our_fonts_and_no_address_outside(read):
    fonts = {str(font.BaseFont).split("+")[1] for page in read.file.pages for font in page.Resources.Font.values()}
    assert all(name.startswith("OpenSans") for name in fonts)
    actions = Counter(str(each.A.S) for page in read.file.pages for each in page.get("/Annots", []) if "/A" in each)
    assert set(actions) <= {"/GoTo"}


@pytest.mark.parametrize("columns", [3, 9, 13, 16])
def test_no_column_of_a_wide_table_is_cut_off(columns, open_pdf):
    heads = tuple(Col(f"c{place}", f"Heading{place}", Kind.KR if place else Kind.TEXT) for place in range(columns))
    rows = tuple(Row((f"Row {number}", *([123456789.0] * (columns - 1)))) for number in range(60))
    table = Table("wide", "Wide", heads, (*rows, Row(("All", *([1.0] * (columns - 1))), RowRole.TOTAL)), "S", "N")
    read = open_pdf(Report(Meta("M", "en", "Report"), (Section("s", "S", (table,)),)))
    boxes = [page.MediaBox for page in read.file.pages]
    turned = [box for box in boxes if box[2] > box[3]]
    assert bool(turned) == (columns > 9)
    assert all(f"Row{number}" in read.text for number in range(60))
    assert len(read.tagged("TR")) >= 62


@pytest.mark.parametrize("groups", [(0,), (0, 1), (1,), (0, 1, 2), (2,)])
def test_headings_inside_a_table_may_stand_anywhere(groups, open_pdf):
    rows = tuple(Row((f"Group {n}",), RowRole.GROUP) if n in groups else Row((f"Row {n}",)) for n in range(3))
    table = Table("t", "Groups", (Col("a", "A"),), rows, "S", "N")
    read = open_pdf(Report(Meta("M", "en", "Report"), (Section("s", "S", (table,)),)))
    assert all(_squeezed(row.cells[0]) in read.text for row in rows)


def test_the_same_report_gives_the_same_bytes_in_every_process_without_a_network():
    settings = (
        {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {
            "TZ": "Asia/Tokyo",
            "LC_ALL": "C",
            "LANG": "da_DK",
            "PYTHONHASHSEED": "7",
            "HTTPS_PROXY": "http://127.0.0.1:9",
        },
    )
    digests = {sha256(render_pdf(SAMPLE["sample"]("da"))).hexdigest()}
    for setting in settings:
        run = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(SCRIPT)],
            env={**os.environ, **setting}, capture_output=True, check=True,
        )  # fmt: skip
        digests.add(sha256(run.stdout).hexdigest())
    assert len(digests) == 1


def test_another_report_gives_other_bytes():
    first = SAMPLE["sample"]("da")
    assert render_pdf(first) != render_pdf(replace(first, meta=replace(first.meta, title="Another")))
