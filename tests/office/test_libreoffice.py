"""LibreOffice opens the Word files and the workbook: every caption and source is on a page, a council paper on two."""

import re
import runpy
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from ctieval.domain.comment import Comment, CommentFile, CommentParagraph, Stretch
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.story import evaluate_trial
from ctieval.report.build import build_council_paper, build_methods_appendix
from ctieval.report.chapters.comments import MOST_LINES
from ctieval.report.model import Figure, Table
from ctieval.report.protect import protect
from ctieval.report.resolve import walk
from ctieval.report.word.docx import render_docx
from ctieval.report.workbook.xlsx import render_xlsx

SAMPLE = runpy.run_path(str(Path(__file__).parents[1] / "unit" / "report" / "sample_report.py"))
RENDERERS = {"docx": render_docx, "xlsx": render_xlsx}
BUILDERS = {"council": build_council_paper, "methods": build_methods_appendix}
LONGEST = ("Vi indstiller, at indsatsen fortsætter, og at der følges op. " * MOST_LINES * 2)[: 90 * MOST_LINES]


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The demo, with as long a recommendation as there may be, in both languages."""
    trial = write_demo(tmp_path_factory.mktemp("demo"))
    own = Comment("recommendation", 1, (CommentParagraph((Stretch(LONGEST),)),))
    files = tuple(CommentFile("a.md", lang, "", (own,)) for lang in ("da", "en"))
    return protect(evaluate_trial(replace(trial, comments=files)))


@pytest.fixture(scope="module")
def pages(tmp_path_factory, demo, absent):
    """What stands on the pages of each file, by language and format, without any space; a form feed ends a page."""
    if shutil.which("soffice") is None or shutil.which("pdftotext") is None:
        absent(
            "soffice or pdftotext is not installed (Debian: libreoffice-writer, libreoffice-calc, poppler-utils)",
            "OFFICE",
        )
    folder = tmp_path_factory.mktemp("office")
    files = {(lang, ending): folder / f"{lang}_{ending}.{ending}" for lang in ("da", "en") for ending in RENDERERS}
    for (lang, ending), file in files.items():
        file.write_bytes(RENDERERS[ending](SAMPLE["sample"](lang)))
    for name, build in BUILDERS.items():
        for lang in ("da", "en"):
            files[lang, name] = folder / f"{lang}_{name}.docx"
            files[lang, name].write_bytes(render_docx(build(demo, lang)))
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = ["soffice", "--headless", "--norestore", profile, "--convert-to", "pdf", "--outdir", str(folder)]
    subprocess.run([*command, *map(str, files.values())], check=True, capture_output=True, timeout=120)
    told = {}
    for key, file in files.items():
        pdf = str(file.with_suffix(".pdf"))
        run = subprocess.run(["pdftotext", "-enc", "UTF-8", pdf, "-"], check=True, capture_output=True)
        told[key] = squeezed(run.stdout.decode())
    return told


def squeezed(text):
    return re.sub(r"[^\S\f]+", "", text)


@pytest.mark.parametrize("ending", RENDERERS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_caption_source_and_number_of_persons_is_on_a_page(pages, lang, ending):
    told = pages[lang, ending]
    sections = walk(SAMPLE["sample"](lang).sections)
    blocks = [block for section in sections for block in section.blocks if isinstance(block, Figure | Table)]
    assert len(blocks) == 3
    for block in blocks:
        for text in (block.caption, block.source, block.n_note):
            assert squeezed(text) in told, text


@pytest.mark.parametrize("name", BUILDERS)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_table_and_heading_of_the_papers_beside_the_report_is_on_a_page(pages, demo, lang, name):
    told = pages[lang, name].replace("\f", "")
    report = BUILDERS[name](demo, lang)
    for section in walk(report.sections):
        assert squeezed(section.title) in told, section.title
        for block in section.blocks:
            if isinstance(block, Figure | Table):
                assert squeezed(block.caption) in told, block.caption
    assert "Error" not in told
    assert "Fejl" not in told


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_council_paper_with_the_longest_recommendation_has_two_pages(pages, lang):
    assert squeezed(LONGEST) in pages[lang, "council"]
    assert pages[lang, "council"].count("\f") <= 2


@pytest.mark.parametrize("lang", ["da", "en"])
def test_fields_read_as_the_report_does(pages, lang):
    told = pages[lang, "docx"]
    words = {"da": ("Figur1:Effects", "figur1", "tabel1", "Bilagsfigur1:", "kapitel2"),
             "en": ("Figure1:Effects", "figure1", "table1", "Appendixfigure1:", "chapter2")}  # fmt: skip
    for each in words[lang]:
        assert each in told or each[0].upper() + each[1:] in told, each
    assert "Error" not in told
    assert "Fejl" not in told
