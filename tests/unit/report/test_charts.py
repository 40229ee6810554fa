import math
import re
import runpy
import warnings
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from ctieval.domain.outcome import BetterWhen
from ctieval.report.cells import HIDDEN, Interval, Kind
from ctieval.report.charts.axis import fit_axis
from ctieval.report.charts.draw import draw_chart
from ctieval.report.charts.sheet import Ink, text_width, wrap
from ctieval.report.drawing import FlowArm, FlowBox, FlowChart, FlowStage, ForestChart, ForestPanel, ForestRow
from ctieval.report.fmt import MINUS, NBSP, Fmt
from ctieval.report.svg import to_inline
from ctieval.report.tokens import COLOURS

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_report.py")))
FOREST, FLOW = SAMPLE["forest"]().draw, SAMPLE["flow"]().draw


def inline(chart, lang="da"):
    text = to_inline(draw_chart(chart, lang, live_text=True), "fig-a", title="T", desc="D")
    return ET.fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def written(chart, lang="da"):
    return [element.text for element in inline(chart, lang).iter("text")]


def one_effect(estimate, low, high, **facts):
    row = ForestRow(facts.pop("label", "A"), estimate, Interval(low, high), 10, BetterWhen.HIGHER)
    return ForestChart((ForestPanel(facts.pop("kind", Kind.WEEKS), (row,), **facts),))


def test_every_effect_is_written_with_interval_and_n():
    texts = written(FOREST)
    for expected in (
        "+5,7",
        f"[{MINUS}0,7;{NBSP}12,1]",
        "801",
        "+12.345",
        f"[{MINUS}∞;{NBSP}0,01]",
        HIDDEN.value,
        "95\u00a0% KI",
    ):
        assert expected in texts


def test_units_have_panels_and_axes_of_their_own():
    texts = written(FOREST)
    for unit in ("pct.\u2011point, højere er bedre", "uger", "point, lavere er bedre", "kr., højere er bedre"):
        assert texts.count(unit) == 1


def test_rows_that_disagree_say_which_way_is_better():
    texts = written(FOREST, "en")
    assert texts.count("higher is better") == 1
    assert texts.count("lower is better") == 1


def test_a_point_stands_where_its_axis_says():
    svg = inline(one_effect(5.0, 0.0, 10.0))
    ticks = {e.text: float(e.attrib["x"]) for e in svg.iter("text") if e.text in ("0", "10")}
    (dot,) = (path.attrib["d"] for path in svg.iter("path") if "C" in path.attrib["d"])
    xs = [float(x) for x in re.findall(r"([\d.]+) [\d.]+", dot)]
    assert ticks["0"] < ticks["10"]
    assert (max(xs) + min(xs)) / 2 == pytest.approx(sum(ticks.values()) / 2, abs=1e-2)  # SVG keeps two decimals


def test_an_open_end_is_an_arrow_at_the_end_of_the_axis():
    filled = [
        sum("fill: #005b8c" in p.attrib["style"] for p in inline(one_effect(1.0, low, 2.0)).iter("path"))
        for low in (0.5, -math.inf)
    ]
    assert filled[1] == filled[0] + 1
    assert f"[{MINUS}∞;{NBSP}2,0]" in written(one_effect(1.0, -math.inf, 2.0))


@pytest.mark.parametrize("values", [[0.0], [-1.2, 9.8], [0.031], [-8123.0, 32813.0], [1e-9], [-5.0, -4.0], [2e9]])
def test_an_axis_holds_zero_and_everything_and_prints_its_ticks_exactly(values):
    axis = fit_axis(values, lambda axis: len(axis.ticks) < 6)
    assert axis.ticks[0] <= min(0.0, *values)
    assert axis.ticks[-1] >= max(0.0, *values)
    assert 0.0 in axis.ticks
    assert 2 <= len(axis.ticks) <= 7
    for tick, label in zip(axis.ticks, axis.labels(Fmt("en")), strict=True):
        assert float(label.replace(",", "").replace(MINUS, "-")) == tick


def test_labels_of_an_axis_stand_clear_of_one_another():
    chart = one_effect(1_234_567.0, -2_000_000.0, 4_000_000.0, kind=Kind.KR)
    places = [
        (float(e.attrib["x"]), text_width(e.text, Ink(points=8.0)) * 72)
        for e in inline(chart).iter("text")
        if e.text.endswith("000") or e.text == "0"
    ]
    for (x, width), (next_x, next_width) in pairwise(places):
        assert next_x - x > (width + next_width) / 2
    assert len(places) >= 3


def test_long_names_are_broken_and_nothing_is_lost():
    label = "Selvrapporteret tro på egne evner i jobsøgningen målt tolv måneder efter lodtrækningen"
    assert " ".join(wrap(label, 1.75)) == label
    assert all(text_width(line) <= 1.75 for line in wrap(label, 1.75))
    assert set(wrap(label, 1.75)) <= set(written(one_effect(1.0, 0.0, 2.0, label=label)))


def test_every_count_of_the_flow_is_written():
    texts = written(FLOW)
    for expected in ("n = 2.345", "n = 1.427", "812", "n = 918", "n = 230", f"n = {HIDDEN.value}", "12", "n = 657"):
        assert expected in texts
    assert texts.count("Indsatsgruppe") == 1


def test_a_flow_may_begin_at_the_draw_and_have_a_leaver_at_its_end():
    chart = FlowChart(
        (FlowStage(FlowBox("Eligible", 30), FlowBox("Not drawn", 3)),),
        (
            FlowArm("A", (FlowBox("Drawn", None, (("In the first of the blocks and in all of the others", 20),)),)),
            FlowArm("B", (FlowBox("Drawn", 7),)),
        ),
    )
    texts = written(chart)
    assert {"n = 30", "n = 3", "20", "n = 7"} <= set(texts)
    assert "n = None" not in texts
    assert texts[texts.index("20") + 1] == "others"


def test_boxes_and_texts_stay_on_the_sheet():
    root = inline(FLOW)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for element in root.iter("text"):
        assert 0 < float(element.attrib["x"]) < width
        assert 0 < float(element.attrib["y"]) < height


@pytest.mark.parametrize("chart", [FOREST, FLOW])
def test_only_tokens_colour_a_chart(chart):
    used = set(re.findall(r"#[0-9a-f]{6}", draw_chart(chart, "da", live_text=True)))
    assert used <= {code.lower() for code in COLOURS.values()}


def test_dollars_are_no_mathematics_and_unknown_signs_no_warning():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        texts = written(one_effect(1.0, 0.0, 2.0, label="Cost $5 to $7 🙂 <b>"))
    assert "Cost $5 to $7 🙂 <b>" in texts


def test_outlines_hold_no_text():
    assert "<text" not in draw_chart(FLOW, "da", live_text=False)


def test_a_chart_is_drawn_once():
    assert draw_chart(FOREST, "da", live_text=True) is draw_chart(FOREST, "da", live_text=True)


def test_a_word_that_is_wider_than_its_column_is_cut():
    word = "Beskæftigelsesindsatsmedarbejderuddannelse"
    assert "".join(wrap(word, 1.0)) == word
    assert all(text_width(line) <= 1.0 for line in wrap(word, 1.0))
    assert wrap(word, 0.01) == tuple(word)


def test_a_long_name_of_an_arm_is_broken():
    name = "Social støtte i overgang til og fastholdelse i ordinært arbejde"
    arms = (FlowArm(name, (FlowBox("Drawn", 5),)), FlowArm("Usual services", (FlowBox("Drawn", 7),)))
    texts = written(FlowChart((FlowStage(FlowBox("Randomised", 12)),), arms))
    assert name not in texts
    assert name in " ".join(texts)
