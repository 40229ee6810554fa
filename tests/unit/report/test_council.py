import io
import math
from dataclasses import replace

import docx
import pikepdf
import pytest

from ctieval.domain.allocation import Masked
from ctieval.domain.cost_benefit import Account
from ctieval.errors import DisclosureError
from ctieval.report.build import build_council_paper, build_report
from ctieval.report.cells import HIDDEN
from ctieval.report.chapters.council import MOST_ROWS
from ctieval.report.inline import plain, references, spans
from ctieval.report.model import Bullets, Form, Missing, Para, Table
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.resolve import resolve, walk
from ctieval.report.word.docx import render_docx

TITLES = {
    "da": ["Indstilling", "Baggrund", "Resultater", "Økonomi", "Bilag"],
    "en": ["Recommendation", "Background", "Results", "Economy", "Enclosures"],
}


def blocks_of(report, kind):
    return [block for section in walk(report.sections) for block in section.blocks if isinstance(block, kind)]


def told(report):
    """Everything that the paper says outside its table."""
    texts = [block.text for block in blocks_of(report, Para)]
    texts += [item for block in blocks_of(report, Bullets) for item in block.items]
    return "\n".join(plain(text) for text in texts)


@pytest.fixture(scope="module")
def evaluations(full, bare):
    return {"full": protect(full), "bare": protect(bare)}


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("which", ["full", "bare"])
def test_it_has_the_five_headings_and_no_number_before_them(evaluations, which, lang):
    report = build_council_paper(evaluations[which], lang)
    assert [section.title for section in report.sections] == TITLES[lang]
    numbered = resolve(report)
    assert not any(label.number for target, label in numbered.labels.items() if target.startswith("sec:"))
    assert numbered.unreferenced == ()
    assert report.meta.form is Form.MEMO


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_reference_out_of_it_names_the_report(evaluations, lang):
    report = build_council_paper(evaluations["full"], lang)
    name = {"da": "kapitel\u00a06 i evalueringsrapporten", "en": "chapter\u00a06 of the evaluation report"}[lang]
    assert name in told(report)
    assert {each for block in blocks_of(report, Para) for each in references(block.text)} == {"tab:key-results"}


def test_it_says_what_the_report_says_of_the_primary_outcome_and_of_the_economy(evaluations):
    paper, whole = (build(evaluations["full"], "da") for build in (build_council_paper, build_report))
    said = {block.text for block in blocks_of(whole, Para)}
    headlines = [block.text for block in blocks_of(paper, Para) if "primære mål »" in block.text]
    assert headlines
    assert set(headlines) <= said
    points = {item for block in blocks_of(whole, Bullets) for item in block.items}
    results, enclosures = blocks_of(paper, Bullets)
    assert all("ordinær drift" in item for item in results.items)
    assert "projekttilskud står i kapitel\u00a05 i evalueringsrapporten." in told(paper)
    assert set(results.items) <= points
    assert all("konfidensinterval" in item for item in results.items)
    assert len(enclosures.items) == 1


def test_a_result_before_tax_is_called_that(evaluations):
    whole = evaluations["full"]
    untaxed = tuple(each for each in whole.economics.results if each.account is not Account.M2)
    told_of = [told(build_council_paper(each, "da")) for each in (whole, _with_results(whole, untaxed))]
    assert ["før skat af ydelse og løn" in text for text in told_of] == [False, True]


def _with_results(evaluation, results):
    return replace(evaluation, economics=replace(evaluation.economics, results=results))


def test_every_row_stands_in_the_table_of_the_report_with_its_interval(evaluations):
    paper, whole = (build(evaluations["full"], "da") for build in (build_council_paper, build_report))
    (table,) = blocks_of(paper, Table)
    effects = next(block for block in blocks_of(whole, Table) if block.id == "effects")
    rows = {row.cells[0]: row.cells for row in effects.rows}
    for row in table.rows:
        name, effect, interval, n, _ = row.cells
        assert (effect, interval, n) == (*rows[name][3:5], rows[name][6])


@pytest.mark.parametrize("lang", ["da", "en"])
def test_an_undecided_effect_is_called_that_and_never_none(evaluations, lang):
    report = build_council_paper(evaluations["full"], lang)
    (table,) = blocks_of(report, Table)
    undecided = {"da": "uafklaret", "en": "undecided"}[lang]
    assert undecided in {row.cells[-1] for row in table.rows}
    assert undecided in table.note.lower()


def test_the_tool_recommends_nothing(evaluations):
    text = told(build_council_paper(evaluations["full"], "en"))
    assert "take note of the evaluation" in text
    assert "takes no position" in text


def test_no_more_rows_than_two_pages_hold(full):
    rows = full.effects.rows
    outcomes = {outcome.name: outcome for outcome in full.trial.outcomes}
    copies = [
        (replace(outcomes[row.outcome], name=f"{row.outcome}_{i}"), replace(row, outcome=f"{row.outcome}_{i}"))
        for i in range(6)
        for row in rows
    ]
    many = replace(
        full,
        trial=replace(full.trial, outcomes=(*full.trial.outcomes, *(outcome for outcome, _ in copies))),
        effects=replace(full.effects, rows=(*rows, *(row for _, row in copies))),
    )
    paper = build_council_paper(protect(many), "da")
    (table,) = blocks_of(paper, Table)
    assert len(table.rows) == MOST_ROWS
    left_out = len(rows) * 7 - MOST_ROWS
    assert f"yderligere {left_out} mål" in told(paper)
    assert len(pikepdf.open(io.BytesIO(render_pdf(paper))).pages) <= 2


def test_a_hidden_effect_is_hidden_here_too(full):
    first, *others = full.effects.rows
    hidden = replace(first, estimate=math.nan, conf_low=math.nan, conf_high=math.nan, n=None)
    paper = build_council_paper(
        replace(protect(full), effects=replace(full.effects, rows=(hidden, *others))),
        "da",
    )
    (table,) = blocks_of(paper, Table)
    assert HIDDEN in table.rows[0].cells
    assert table.rows[0].cells[-1] == "vises ikke"


def test_masked_arms_are_told_first(full):
    paper = build_council_paper(protect(replace(full, proof=Masked())), "da")
    assert "maskerede grupper" in paper.sections[0].blocks[0].title
    assert "Generalprøve" in paper.meta.warning


def test_without_an_account_it_says_what_is_missing(evaluations):
    paper = build_council_paper(evaluations["bare"], "da")
    assert "ikke opgjort et nettoresultat" in told(paper)
    assert len(blocks_of(paper, Missing)) == 1


def test_many_municipalities_are_counted_and_few_are_named(full):
    assert "Brøndby" in told(build_council_paper(protect(full), "da"))
    blocks = tuple(
        replace(full.flow.blocks[0], block=f"{number}", control=20, intervention=20) for number in range(101, 120)
    )
    paper = build_council_paper(replace(protect(full), flow=replace(full.flow, blocks=blocks)), "da")
    assert "19 kommuner har deltaget." in told(paper)


def test_it_cannot_be_built_before_disclosure_control(full):
    with pytest.raises(DisclosureError, match="build_council_paper"):
        build_council_paper(full, "da")


@pytest.mark.parametrize("lang", ["da", "en"])
def test_in_print_it_has_at_most_two_pages_and_its_title_on_the_first(evaluations, lang, read_pdf):
    content = render_pdf(build_council_paper(evaluations["full"], lang))
    with pikepdf.open(io.BytesIO(content)) as file:
        assert len(file.pages) <= 2
    text = read_pdf(content)
    assert {"da": "Sagsfremstilling", "en": "Council paper"}[lang] in text
    assert {"da": "Indhold", "en": "Contents"}[lang] not in text.split()


def test_in_word_it_has_no_contents_and_no_page_break(evaluations):
    file = docx.Document(io.BytesIO(render_docx(build_council_paper(evaluations["full"], "da"))))
    styles = [paragraph.style.name for paragraph in file.paragraphs]
    assert styles[0] == "Title"
    assert styles.count("Heading 1") == 5
    assert not any(name.startswith("toc") or name == "TOC Heading" for name in styles)
    assert not file.styles["Heading 1"].paragraph_format.page_break_before
    assert not file.sections[0].different_first_page_header_footer
    whole = docx.Document(io.BytesIO(render_docx(build_report(evaluations["full"], "da"))))
    assert whole.styles["Heading 1"].paragraph_format.page_break_before
    assert whole.sections[0].different_first_page_header_footer


def test_bold_words_stay_bold(evaluations):
    paper = build_council_paper(evaluations["full"], "da")
    assert any(span.bold for block in blocks_of(paper, Para) for span in spans(block.text))
