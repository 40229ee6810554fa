"""The checklists: every item has words, a place in the report, or a line that says it is not told."""

from dataclasses import replace

import pytest

from ctieval.domain.statement import Statement, StatementKind
from ctieval.domain.wording import Label
from ctieval.report.build import build_report
from ctieval.report.checklist import Guideline, load_checklist
from ctieval.report.inline import references
from ctieval.report.model import Table
from ctieval.report.protect import protect
from ctieval.report.resolve import resolve, walk


def report_of(evaluation, lang="en"):
    return build_report(protect(evaluation), lang)


def rows_of(report, guideline):
    tables = (block for section in walk(report.sections) for block in section.blocks if isinstance(block, Table))
    table = next(each for each in tables if each.id == f"{guideline}-items")
    return {row.cells[0]: row.cells[2] for row in table.rows}


def with_statements(evaluation, *statements):
    trial = evaluation.trial
    return replace(evaluation, trial=replace(trial, report=replace(trial.report, statements=statements)))


@pytest.mark.parametrize(("guideline", "n_numbers"), [(Guideline.CONSORT, 30), (Guideline.CHEERS, 28)])
def test_the_items_are_those_of_the_guideline(guideline, n_numbers):
    numbers = [item.number for item in load_checklist(guideline).items]
    assert len(set(numbers)) == len(numbers)
    assert {int(number.rstrip("abcd")) for number in numbers} == set(range(1, n_numbers + 1))


def test_every_statement_is_asked_for_by_a_checklist():
    asked = {item.statement for guideline in Guideline for item in load_checklist(guideline).items}
    assert set(StatementKind) <= asked


def test_an_item_leads_to_the_parts_that_tell_of_it(full):
    rows = rows_of(report_of(full), "consort")
    assert references(rows["26"])[0] == "tab:effects"
    assert references(rows["1b"]) == ("sec:summary",)


@pytest.mark.parametrize("lang", ["da", "en"])
def test_what_is_not_told_says_where_to_write_it(full, lang):
    rows = rows_of(report_of(full, lang), "consort")
    assert "report.statements.funding" in rows["5a"]
    assert references(rows["5a"]) == ()


def test_a_statement_of_the_evaluator_is_printed_and_counted(full):
    told = with_statements(full, Statement(StatementKind.FUNDING, Label("Puljen", "The pool **")))
    report = report_of(told)
    assert references(rows_of(report, "consort")["5a"]) == ("sec:statements",)
    assert references(rows_of(report, "cheers")["27"]) == ("sec:statements",)
    statements = next(section for section in walk(report.sections) if section.id == "statements")
    assert "The pool **" in statements.blocks[0].items[0]
    assert "sec:statements" in resolve(report).labels


def test_a_part_without_data_is_not_counted_as_told(bare):
    rows = rows_of(report_of(bare), "consort")
    assert references(rows["24a"]) == ()
    assert "lacks data" in rows["24a"]


def test_without_an_economic_analysis_its_checklist_is_left_out(full):
    without = replace(full, economics=None, trial=replace(full.trial, economics=None))
    ids = {section.id for section in walk(report_of(without).sections)}
    assert "consort" in ids
    assert "cheers" not in ids
