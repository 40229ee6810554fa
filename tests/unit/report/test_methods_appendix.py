import io

import docx
import pytest

from ctieval.errors import DisclosureError
from ctieval.report.build import build_methods_appendix, build_report
from ctieval.report.html import render_html
from ctieval.report.inline import plain, references
from ctieval.report.model import Figure, Form, Missing, Para, SectionKind, Table
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.resolve import resolve, target, walk
from ctieval.report.word.docx import render_docx
from ctieval.report.workbook.xlsx import render_xlsx


@pytest.fixture(scope="module", params=["full", "bare"])
def evaluation(request):
    return protect(request.getfixturevalue(request.param))


def blocks_of(report, kind):
    return [block for section in walk(report.sections) for block in section.blocks if isinstance(block, kind)]


def test_its_chapters_are_the_sections_of_the_appendix(evaluation):
    alone = build_methods_appendix(evaluation, "da")
    *_, appendix = build_report(evaluation, "da").sections
    about, *chapters = alone.sections
    assert about.kind is SectionKind.UNNUMBERED
    assert [chapter.title for chapter in chapters] == [section.title for section in appendix.sections]
    labels = resolve(alone).labels
    assert [labels[target(chapter)].number for chapter in chapters] == [str(n + 1) for n in range(len(chapters))]
    assert alone.meta.form is Form.APPENDIX
    assert alone.meta.document_type == "Metodebilag"


def test_figures_and_tables_have_the_numbers_of_the_report(evaluation):
    alone, whole = (resolve(build(evaluation, "da")) for build in (build_methods_appendix, build_report))
    shown = blocks_of(alone.report, Figure | Table)
    assert shown
    for block in shown:
        assert alone.labels[target(block)].number == whole.labels[target(block)].number
        assert alone.labels[target(block)].series == whole.labels[target(block)].series
    assert alone.unreferenced == ()


def test_a_reference_out_of_it_names_the_report(evaluation):
    alone = build_methods_appendix(evaluation, "da")
    own = resolve(alone).labels.keys()
    told = [block.text for block in blocks_of(alone, Para)]
    assert all(set(references(text)) <= own for text in told)
    assert plain(told[0]).startswith("Bilaget er kapitel\u00a06 i evalueringsrapporten,")


def test_it_lists_its_own_figures_and_tables_and_everything_that_the_report_lacks(evaluation):
    alone, whole = (build(evaluation, "da") for build in (build_methods_appendix, build_report))
    listed = [item for block in alone.sections[-1].blocks if hasattr(block, "items") for item in block.items]
    assert len(listed) == len(blocks_of(alone, Figure | Table))
    gaps = {section.id: section for section in walk(alone.sections)}["gaps"]
    lacking = set(blocks_of(whole, Missing))
    assert len(gaps.blocks[-1].items) == len(lacking)


def test_it_comes_in_every_format(evaluation, read_pdf):
    alone = build_methods_appendix(evaluation, "en")
    assert b"Appendix on methods" in render_html(alone)
    assert "About the appendix" in read_pdf(render_pdf(alone))
    assert render_xlsx(alone).startswith(b"PK")
    file = docx.Document(io.BytesIO(render_docx(alone)))
    assert not file.styles["Heading 1"].paragraph_format.page_break_before
    assert file.sections[0].different_first_page_header_footer
    assert "TOC Heading" in {paragraph.style.name for paragraph in file.paragraphs}


def test_it_cannot_be_built_before_disclosure_control(full):
    with pytest.raises(DisclosureError, match="build_methods_appendix"):
        build_methods_appendix(full, "da")
