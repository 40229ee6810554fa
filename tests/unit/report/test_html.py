import os
import re
import runpy
import subprocess
import sys
from collections import Counter
from hashlib import sha256
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path

import pytest

from ctieval.report.fmt import MINUS, NBSP
from ctieval.report.html import render_html
from ctieval.report.model import Meta, Para, Report, Section

SCRIPT = Path(__file__).with_name("sample_report.py")
SAMPLE = runpy.run_path(str(SCRIPT))
VOID = {"meta", "link", "br", "img", "hr", "input", "col"}


class Page(HTMLParser):
    """Reads a page strictly: every element is closed where it should be."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.elements, self.text = [], [], []
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if "style" not in self.open:
            self.text.append(data)

    def named(self, *tags):
        return [attrs for tag, attrs in self.elements if tag in tags]


@pytest.fixture(scope="module", params=["da", "en"])
def page(request):
    return Page(render_html(SAMPLE["sample"](request.param)).decode())


@pytest.fixture(scope="module")
def danish():
    return render_html(SAMPLE["sample"]("da")).decode()


def test_it_tells_its_language(page):
    assert page.named("html")[0]["lang"] in ("da", "en")
    assert ("Indhold" in page.text) == (page.named("html")[0]["lang"] == "da")


def test_it_has_one_first_heading_and_skips_no_level(page):
    levels = [int(tag[1]) for tag, _ in page.elements if re.fullmatch("h[1-6]", tag)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_ids_are_unique_and_every_link_and_name_leads_to_one(page):
    ids = Counter(attrs["id"] for _, attrs in page.elements if "id" in attrs)
    assert max(ids.values()) == 1
    pointed = [attrs["href"].removeprefix("#") for attrs in page.named("a")]
    pointed += [name for _, attrs in page.elements for name in attrs.get("aria-labelledby", "").split()]
    assert set(pointed) <= set(ids)


def test_it_asks_for_nothing_outside_itself(danish):
    assert "<script" not in danish.lower()
    assert not re.search(r"""(?:src|href)\s*=\s*["']?(?!["'#]|data:)""", danish)
    assert set(re.findall(r"url\((.{5})", danish)) == {"data:"}
    assert "default-src 'none'" in danish


def test_headers_of_tables_say_what_they_head(page):
    assert page.named("th")
    assert {attrs.get("scope") for attrs in page.named("th")} == {"col", "row", "rowgroup"}
    assert all("aria-labelledby" in attrs for attrs in page.named("table", "svg"))


def test_what_a_user_wrote_is_shown_as_text(page, danish):
    assert SAMPLE["HOSTILE"] in " ".join("".join(page.text).split())
    assert "<b>" not in danish
    assert "alert(&#34;1&#34;)" in danish


def test_captions_numbers_notes_and_sources_stand_with_every_figure_and_table(danish):
    for words in (
        "Tabel\u00a01:", "Figur\u00a01:", "Bilagsfigur\u00a01:", "Kilde:", "Note:", "N:",
        "Vis tallene bag figuren", "Ikke oplyst: The result", "21. november 2026",
        '<a href="#fig-effects">Figur\u00a01</a>', '<a href="#sec-summary">»Summary«</a>',
        "<strong>No sure effect.</strong>",
    ):  # fmt: skip
        assert words in danish, words


def test_no_caption_stands_inside_a_scroller(danish):
    for scroller in re.findall(r'<div class="scroller.*?</div>', danish, re.DOTALL):
        assert "figcaption" not in scroller


def test_numbers_are_printed_in_the_language_of_the_report(danish):
    english = render_html(SAMPLE["sample"]("en")).decode()
    assert f"[{MINUS}0,7;{NBSP}12,1]" in danish
    assert f"[{MINUS}0.7,{NBSP}12.1]" in english
    assert re.search(r"DKK\u00a0</span>\+12,345", english)


def test_a_cover_says_no_more_than_it_knows():
    text = render_html(Report(Meta("A", "da", "Report"), (Section("a", "A", (Para("b"),)),))).decode()
    assert "Udarbejdet af" not in text
    assert "Dato" not in text
    assert "Dokumenttype" in text


def test_the_same_report_gives_the_same_bytes_in_every_process():
    settings = (
        {"TZ": "UTC", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1"},
        {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "7"},
    )
    digests = set()
    for setting in settings:
        run = subprocess.run(
            [sys.executable, str(SCRIPT), "da"], env={**os.environ, **setting}, capture_output=True, check=True
        )
        digests.add(sha256(run.stdout).hexdigest())
    digests.add(sha256(render_html(SAMPLE["sample"]("da"))).hexdigest())
    assert len(digests) == 1
