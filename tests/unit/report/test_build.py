import math
import re
from dataclasses import replace

import pytest

from ctieval.domain.allocation import Declared, Proven
from ctieval.domain.description import ArmLevel, BaselineRow, OutcomeLevel
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.wording import Label
from ctieval.errors import DisclosureError
from ctieval.report.build import build_report
from ctieval.report.html import render_html
from ctieval.report.inline import plain
from ctieval.report.model import Bullets, Figure, Missing, Para, SectionKind, Table
from ctieval.report.protect import protect
from ctieval.report.resolve import resolve, walk

LANGUAGES = ("da", "en")


def blocks_of(report):
    return [block for section in walk(report.sections) for block in section.blocks]


def text_of(report):
    found = []
    for block in blocks_of(report):
        match block:
            case Para(text):
                found.append(text)
            case Bullets(items):
                found += items
            case Missing(what, needed):
                found += [what, needed]
            case _:
                pass
    return plain("\n".join(found))


def section(report, name):
    return next(each for each in walk(report.sections) if each.id == name)


def test_what_has_not_been_protected_is_refused(full):
    with pytest.raises(DisclosureError) as raised:
        build_report(full, "da")
    assert "protect" in raised.value.do


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("which", ["full", "bare"])
def test_every_chapter_is_there_whatever_the_data(which, lang, request):
    report = build_report(protect(request.getfixturevalue(which)), lang)
    assert [each.id for each in report.sections] == [
        "summary",
        "introduction",
        "target-group",
        "implementation",
        "effects",
        "economy",
        "appendix",
    ]
    assert report.sections[0].kind is SectionKind.UNNUMBERED
    assert report.sections[-1].kind is SectionKind.APPENDIX
    assert resolve(report).unreferenced == ()


def test_the_same_evaluation_gives_the_same_report(full):
    assert build_report(protect(full), "da") == build_report(protect(full), "da")


def test_both_languages_have_the_same_tables_figures_and_gaps(full, bare):
    for evaluation in (protect(full), protect(bare)):
        da, en = (build_report(evaluation, lang) for lang in LANGUAGES)
        assert [type(block) for block in blocks_of(da)] == [type(block) for block in blocks_of(en)]
        for one, other in zip(blocks_of(da), blocks_of(en), strict=True):
            if isinstance(one, Table | Figure):
                assert one.id == other.id
                assert [len(row.cells) for row in one.rows] == [len(row.cells) for row in other.rows]


def test_the_english_report_has_danish_letters_in_names_alone(full):
    names = {"Tværfagligt opstartsmøde", "Brøndby", "Halsnæs", "Tønder", "Bekendtgørelse om satser, § 68 stk. 5"}
    page = render_html(build_report(protect(full), "en")).decode()
    for name in names:
        page = page.replace(name, "")
    visible = re.sub(r"<style.*?</style>|<[^>]*>", " ", page, flags=re.DOTALL)
    assert re.findall(r"\w*[æøåÆØÅ]\w*", visible) == []


def test_simulated_data_are_named_on_the_cover_and_under_every_number(full):
    report = build_report(protect(full), "da")
    assert "simulerede" in report.meta.warning
    data = [block for block in blocks_of(report) if isinstance(block, Table | Figure)]
    without_persons = {
        "outcomes",
        "definitions",
        "rates",
        "provenance",
        "consort-items",
        "cheers-items",
    }
    assert {block.id for block in data if "simuler" not in block.source} == without_persons
    rates = next(block for block in data if block.id == "rates")
    assert [str(row.cells[-1]).endswith("(simuleret)") for row in rates.rows] == [False, True, True]


def test_a_proven_draw_shows_its_record_and_a_declared_one_says_so(full, bare):
    for lang, declared in (("da", "oplyst, men ikke bevist"), ("en", "declared, not proven")):
        proven = build_report(protect(full), lang)
        assert declared not in text_of(proven)
        table = next(each for each in section(proven, "provenance").blocks if isinstance(each, Table))
        assert isinstance(full.proof, Proven)
        assert full.proof.record_digest in [row.cells[1] for row in table.rows]
        assert isinstance(bare.proof, Declared)
        imported = build_report(protect(bare), lang)
        mentions = [each for each in ("summary", "design", "provenance") if _says_declared(imported, each, lang)]
        assert mentions == ["summary", "design", "provenance"]


def _says_declared(report, name, lang):
    said = plain(" ".join(block.text for block in section(report, name).blocks if isinstance(block, Para)))
    return ("ikke bevist" if lang == "da" else "not proven") in said


def test_every_gap_stands_in_the_list_of_gaps(bare):
    report = build_report(protect(bare), "da")
    missing = {block.what for block in blocks_of(report) if isinstance(block, Missing)}
    listed = plain("\n".join(section(report, "gaps").blocks[1].items))
    assert len(missing) >= 9
    assert [what for what in missing if what not in listed] == []


def test_the_list_of_tables_names_each_once(full):
    report = build_report(protect(full), "en")
    tables = [block for block in blocks_of(report) if isinstance(block, Table)]
    listed = section(report, "lists").blocks[-1].items
    assert len(listed) == len(tables)
    assert all(table.caption in item for table, item in zip(tables, listed, strict=True))


def with_canaries(full):
    """The full evaluation, with a group of three in every place where it can hide, each with an odd number."""
    control, treated = full.flow.allocated
    odd = ArmLevel(3, 7_771.31, 77.7131, None)
    row = full.levels[0]
    effect = replace(
        full.effects.rows[0], n_treated=3, n=row.control.n + 3, estimate=7_771.32, conf_low=7_771.11, conf_high=7_771.55
    )
    levels = (OutcomeLevel(row.outcome, row.control, odd), *full.levels[1:])
    origin = [
        BaselineRow(
            "origin",
            Label("Herkomst", "Origin"),
            level,
            "share",
            ArmLevel(control, c / control, math.nan, c),
            ArmLevel(treated, t / treated, math.nan, t),
            difference,
        )
        for level, c, t, difference in (
            ("a", 3, 40, 77.7133),
            ("b", 300, 40, 77.7134),
            ("c", control - 303, treated - 80, 0.1),
        )
    ]
    step = FunnelStep("CTI fase 9", 3, 77.7136, 77.7137)
    implementation = ImplementationTable(treated, (*full.implementation.steps, step))
    line = full.economics.lines[0]
    lines = (replace(line, effect=replace(line.effect, estimate=77_713.8, n_treated=3)), *full.economics.lines[1:])
    return replace(
        full,
        levels=levels,
        effects=replace(full.effects, rows=(effect, *full.effects.rows[1:])),
        baseline=(*full.baseline, *origin),
        implementation=implementation,
        economics=replace(full.economics, lines=lines),
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_group_of_three_leaves_no_number_behind(full, lang):
    canaries = with_canaries(full)
    page = render_html(build_report(protect(canaries), lang)).decode()
    digits = re.sub(r"<style.*?</style>", "", page, flags=re.DOTALL)
    assert re.findall(r"77[.,]?71|7[.,]?771", digits) == []
    shown = render_html(build_report(replace(canaries, suppression=protect(full).suppression), lang)).decode()
    assert len(re.findall(r"77[.,]71|7[.,]?771", shown)) >= 5


def test_what_disclosure_control_did_is_told(full):
    told = text_of(build_report(protect(with_canaries(full)), "da"))
    assert re.search(r"I denne rapport er \d+ tal skjult", told)
    assert "Ingen tal er skjult i denne rapport." in text_of(build_report(protect(full), "da"))
