import dataclasses
import runpy
from pathlib import Path

import pytest

from ctieval.report.catalogue import load_catalogue
from ctieval.report.inline import mark
from ctieval.report.model import Box, BoxKind, Meta, Para, Report, Section, SectionKind
from ctieval.report.resolve import Series, resolve, walk

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_report.py")))
TABLE, FIGURE = SAMPLE["effect_table"](), dataclasses.replace(SAMPLE["forest"](), note="")


def table(name, note=""):
    return dataclasses.replace(TABLE, id=name, note=mark(note))


def report(*sections):
    return Report(Meta("A", "da", "Report"), sections)


def section(name, *blocks, sections=(), kind=SectionKind.NUMBERED):
    return Section(name, name.title(), (Para("text"), *blocks), sections, kind)


def numbers(numbered):
    return {target: label.number for target, label in numbered.labels.items()}


def test_sections_are_numbered_and_an_unnumbered_one_is_passed_over():
    summary = section("s", sections=(section("s1"),), kind=SectionKind.UNNUMBERED)
    inner = section("b", sections=(section("b1"), section("b2", sections=(section("b21"),))))
    numbered = resolve(report(summary, section("a"), inner, section("z", kind=SectionKind.APPENDIX)))
    assert numbers(numbered) == {
        "sec:s": "", "sec:s1": "", "sec:a": "1", "sec:b": "2",
        "sec:b1": "2.1", "sec:b2": "2.2", "sec:b21": "2.2.1", "sec:z": "3",
    }  # fmt: skip
    assert [part.id for part in walk(numbered.report.sections)] == ["s", "s1", "a", "b", "b1", "b2", "b21", "z"]


def test_tables_and_figures_are_numbered_through_the_chapters_and_anew_in_the_appendix():
    first = section("a", table("t1"), sections=(section("a1", table("t2"), FIGURE),))
    appendix = section("z", table("t4"), kind=SectionKind.APPENDIX)
    numbered = resolve(report(first, section("b", table("t3")), appendix))
    assert numbers(numbered)["tab:t3"] == "3"
    assert numbers(numbered)["fig:effects"] == "1"
    assert numbered.labels["tab:t4"].series is Series.APPENDIX_TABLE
    assert numbers(numbered)["tab:t4"] == "1"


def test_a_label_is_worded_as_heading_and_in_a_sentence():
    numbered = resolve(
        report(section("a", table("t1"), sections=(section("a1"),)), section("b", kind=SectionKind.UNNUMBERED))
    )
    da, en = load_catalogue("da"), load_catalogue("en")
    assert numbered.labels["tab:t1"].heading(da) == "Tabel\u00a01"
    assert numbered.labels["tab:t1"].reference(da) == "tabel\u00a01"
    assert numbered.labels["sec:a"].reference(da) == "kapitel\u00a01"
    assert numbered.labels["sec:a1"].reference(en) == "section\u00a01.1"
    assert numbered.labels["sec:b"].reference(da) == "»B«"


def test_one_name_may_serve_a_section_a_table_and_a_figure():
    numbered = resolve(report(section("effects", table("effects"), FIGURE)))
    assert set(numbered.labels) == {"sec:effects", "tab:effects", "fig:effects"}


@pytest.mark.parametrize(
    "sections",
    [
        (section("a"), section("a")),
        (section("a", table("t")), section("b", table("t"))),
        (section("a", FIGURE, FIGURE),),
    ],
)
def test_an_id_stands_once(sections):
    with pytest.raises(ValueError, match="an id stands twice"):
        resolve(report(*sections))


@pytest.mark.parametrize(
    "block",
    [
        Para(mark("See @fig:nowhere.")),
        Box(BoxKind.NOTE, "A", (Para(mark("@Fig:nowhere")),)),
        table("t", note="@fig:nowhere"),
    ],
)
def test_a_reference_leads_somewhere(block):
    with pytest.raises(ValueError, match="what is not there: fig:nowhere"):
        resolve(report(section("a", block)))


def test_what_no_text_refers_to_is_told():
    text = Para(mark("@Tab:t1 and @fig:effects"))
    numbered = resolve(report(section("a", text, table("t1"), table("t2"), FIGURE)))
    assert numbered.unreferenced == ("tab:t2",)


def test_sections_stand_at_most_three_deep():
    deep = section("d", sections=(section("e"),))
    with pytest.raises(ValueError, match="section e stands more than 3 deep"):
        resolve(report(section("b", sections=(section("c", sections=(deep,)),))))
