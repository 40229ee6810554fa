import math
import re
import runpy
from dataclasses import replace
from itertools import combinations, pairwise
from pathlib import Path
from typing import get_args
from xml.etree import ElementTree as ET

import pytest

from ctieval.report.amount_drawing import Amount, AmountGroup, BarChart, Swing, TornadoChart, to_interval
from ctieval.report.cells import HIDDEN, Interval
from ctieval.report.charts.bands import runs, stairs
from ctieval.report.charts.draw import draw_chart, draw_png
from ctieval.report.charts.lane import fit_lane
from ctieval.report.charts.pencils import _PENCILS
from ctieval.report.charts.sheet import Ink, text_width
from ctieval.report.charts.weeks import month_ticks
from ctieval.report.count_drawing import CountChart, CountPanel, CountRow
from ctieval.report.drawing import Chart
from ctieval.report.fmt import MINUS, Fmt
from ctieval.report.svg import to_inline
from ctieval.report.time_drawing import AcceptabilityChart, BenefitChart, PaybackChart, SurvivalChart
from ctieval.report.tokens import COLOURS

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_charts.py")))
USUAL, HOSTILE = SAMPLE["usual"](), SAMPLE["hostile"]()
EVERY = {**USUAL, **HOSTILE}


@pytest.fixture(scope="module")
def drawn():
    """Every figure, drawn once in each language."""

    def draw(chart, lang):
        text = to_inline(draw_chart(chart, lang, live_text=True), "fig-a", title="T", desc="D")
        return ET.fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', ""))

    return {(name, lang): draw(chart, lang) for name, chart in EVERY.items() for lang in ("da", "en")}


def written(root):
    return [element.text for element in root.iter("text")]


def style(element, key):
    return (re.findall(rf"(?:^|[; ]){key}: ([^;]+)", element.attrib.get("style", "")) or [""])[0]


def ink(element):
    font = style(element, "font")
    points = float(re.findall(r"([\d.]+)px", font or element.attrib["style"])[0])
    return Ink(weight="bold" if "700" in element.attrib["style"] else "regular", points=points)


def place(element):
    """Left, right, top and bottom of a text, in points."""
    looks = ink(element)
    width, x, y = 72 * text_width(element.text, looks), float(element.attrib["x"]), float(element.attrib["y"])
    left = x - {"middle": width / 2, "end": width}.get(style(element, "text-anchor"), 0.0)
    return left, left + width, y - 0.72 * looks.points, y


def filled(root, tone):
    return [path for path in root.iter("path") if f"fill: {COLOURS[tone].lower()}" in path.attrib.get("style", "")]


def dashed(root, tone):
    lines = [path for path in root.iter("path") if "dasharray" in path.attrib.get("style", "")]
    return [path for path in lines if f"stroke: {COLOURS[tone].lower()}" in path.attrib["style"]]


def ends(path):
    xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])]
    return min(xs), max(xs)


@pytest.mark.parametrize("name", EVERY)
@pytest.mark.parametrize("lang", ["da", "en"])
def test_no_text_touches_another_or_leaves_the_sheet(drawn, name, lang):
    root = drawn[name, lang]
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    places = [(element.text, *place(element)) for element in root.iter("text") if element.text]
    for text, left, right, top, bottom in places:
        assert left > -1, text
        assert right < width + 1, text
        assert top > -1, text
        assert bottom < height, text
    for one, other in combinations(places, 2):
        apart = one[2] <= other[1] or other[2] <= one[1] or one[4] <= other[3] or other[4] <= one[3]
        assert apart, (one, other)


@pytest.mark.parametrize("name", EVERY)
def test_only_tokens_colour_a_figure_and_all_of_it_lies_on_the_sheet(drawn, name):
    used = set(re.findall(r"#[0-9a-f]{6}", ET.tostring(drawn[name, "da"], encoding="unicode")))
    assert used <= {code.lower() for code in COLOURS.values()}
    width = float(drawn[name, "da"].attrib["viewBox"].split()[2])
    for path in drawn[name, "da"].iter("path"):
        if path.attrib["d"] and "(" not in path.attrib["d"]:
            low, high = ends(path)
            assert low >= -1
            assert high <= width + 1


@pytest.mark.parametrize("name", USUAL)
def test_numbers_are_those_of_the_language(drawn, name):
    assert not any(re.search(r"\d,\d{3}\b", text) for text in written(drawn[name, "da"]))
    printed = [text for text in written(drawn[name, "en"]) if re.fullmatch(rf"[+{MINUS}]?[\d.,]+", text)]
    assert not any(re.search(r"\d\.\d{3}\b", text) for text in printed)


def test_the_same_figure_is_the_same_picture():
    for name in ("waterfall", "benefit", "survival"):
        draw_chart.cache_clear()
        first = draw_chart(USUAL[name], "da", live_text=True)
        draw_chart.cache_clear()
        assert draw_chart(replace(USUAL[name]), "da", live_text=True) == first
    assert draw_png(USUAL["funnel"], "da").startswith(b"\x89PNG")


def test_every_chart_has_a_pencil():
    assert set(_PENCILS) == set(get_args(Chart))


@pytest.mark.parametrize("name", EVERY)
def test_a_figure_knows_every_number_that_it_draws(name):
    assert EVERY[name].numbers == {number for number in EVERY[name].numbers if math.isfinite(number)}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("waterfall", {-24310.0, 62600.0}),
        ("gains", {350.0, -15300.0}),
        ("tornado", {4040.0, -21000.0, 1200.0}),
        ("scenarios", {21490.0, -28960.0}),
        ("funnel", {480.0, 0.2, 1.0}),
        ("survival", {104.0, 480.0, 898.0, 0.0}),
        ("benefit", {27.0, 19.0, 41.0, 480.0, 60.0}),
        ("payback", {36.0, 0.0}),
        ("acceptability", {5000.0, 300.0, 9000.0}),
    ],
)
def test_those_numbers_are_values_ends_counts_and_times(name, expected):
    assert expected <= USUAL[name].numbers


def test_amounts_stand_with_sign_and_interval(drawn):
    assert {f"{MINUS}24.310", "+41.200", f"[{MINUS}21.000;\u00a029.100]"} <= set(written(drawn["waterfall", "da"]))
    assert {"9,200", "[8,648;\u00a09,752]", "95% CI"} <= set(written(drawn["costs", "en"]))
    assert {"Spænd", "+3,8", "[0,8;\u00a02,6]"} <= set(written(drawn["claim", "da"]))


def test_an_amount_that_is_known_has_no_interval(drawn):
    assert "[3,8;\u00a03,8]" not in written(drawn["claim", "da"])


def test_each_step_begins_where_the_one_before_it_ended():
    assert USUAL["waterfall"].starts[:4] == (0.0, -24310.0, 16890.0, 2790.0)
    assert USUAL["waterfall"].starts[5:] == (0.0, 4040.0, 0.0)


def test_transfers_are_hatched_and_totals_are_dark(drawn):
    hatched = [p for p in drawn["waterfall", "da"].iter("path") if p.attrib["d"].count("M ") > 1]
    assert len(hatched) == 4
    assert len(filled(drawn["waterfall", "da"], "dark")) == 2
    assert len(filled(drawn["costs", "da"], "control")) == 2


def test_an_open_end_is_an_arrow_and_a_known_one_a_cap(drawn):
    assert len(filled(drawn["huge", "da"], "ink")) == 6
    assert not filled(drawn["waterfall", "da"], "ink")
    assert f"[{MINUS}∞;\u00a0∞]" in written(drawn["huge", "da"])


def test_ends_of_an_assumption_stand_on_the_side_of_their_result(drawn):
    found = {e.text: place(e) for e in drawn["tornado", "da"].iter("text")}
    assert found[f"{MINUS}2,1 uger"][1] < found["14,2 uger"][0]
    assert found["31.000 kr."][1] < found["18.500 kr."][0]
    assert {"målt i forsøget", "antaget", "4,9 uger", "aldrig", "som beregnet: +4.040"} <= set(found)


def test_what_is_projected_is_a_hollow_dot_and_what_leads_a_diamond(drawn):
    paper = [p for p in filled(drawn["scenarios", "da"], "paper") if "C" in p.attrib["d"]]
    assert len(paper) == 4


def test_a_hidden_count_has_no_bar(drawn):
    assert len(filled(drawn["funnel", "da"], "main")) == 3
    assert written(drawn["funnel", "da"]).count(HIDDEN.value) == 2
    assert not filled(drawn["hidden", "da"], "main")


def test_a_bar_is_as_long_as_its_share(drawn):
    whole, most, few = (high - low for low, high in map(ends, filled(drawn["funnel", "da"], "main")))
    assert most / whole == pytest.approx(431 / 480, abs=1e-3)  # SVG keeps few decimals
    assert few / whole == pytest.approx(0.2, abs=1e-3)


def test_persons_followed_stand_under_their_time(drawn):
    texts = list(drawn["survival", "da"].iter("text"))
    (tick,) = (e for e in texts if e.text == "52")
    (count,) = (e for e in texts if e.text == str(480 - 2 * 52))
    assert float(tick.attrib["x"]) == pytest.approx(float(count.attrib["x"]))
    assert {"Fulgte personer", "Indsatsgruppe", "Kontrolgruppe"} <= set(written(drawn["survival", "da"]))


def test_the_control_and_what_is_extrapolated_are_dashed(drawn):
    assert len(dashed(drawn["survival", "da"], "control")) == 4
    assert len(dashed(drawn["benefit", "da"], "main")) == 4
    assert {"observeret", "fremskrevet", "95 % KI"} <= set(written(drawn["benefit", "da"]))
    assert not dashed(drawn["deep", "da"], "main")
    assert "fremskrevet" not in written(drawn["deep", "da"])


def test_what_is_laid_out_and_when_it_is_back_is_said(drawn):
    texts = written(drawn["benefit", "da"])
    assert "tjent hjem i måned 27 [19;\u00a041]" in texts
    lowest = min(USUAL["benefit"].lines[0].values)
    assert f"lavest: {Fmt('da').number(lowest)} i måned 7" in texts
    assert "not yet paid back in month 1" in written(drawn["deep", "en"])


def test_shares_of_payback_stand_beside_those_who_never_get_there(drawn):
    texts = written(drawn["payback", "da"])
    assert {"67\u00a0pct.", "33\u00a0pct.", "ikke inden for 36 måneder"} <= set(texts)
    assert len([p for p in drawn["never", "da"].iter("path") if p.attrib["d"].count("M ") > 1]) == 1


def test_the_share_is_never_drawn_without_the_loss(drawn):
    texts = written(drawn["acceptability", "da"])
    assert texts.count("Indsatsen") == 2
    assert texts.count("Uden indsatsen") == 1
    assert len(dashed(drawn["acceptability", "da"], "control")) == 2


@pytest.mark.parametrize("values", [[0.0], [-24310.0, 62600.0], [-5e9, 5e9], [math.inf, 3.0], [-1e-9]])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_labels_of_a_lane_are_its_ticks_and_stand_clear(values, lang):
    fmt = Fmt(lang)
    lane = fit_lane(1.0, 3.0, values, fmt)
    labels = lane.axis.labels(fmt)
    for tick, label in zip(lane.axis.ticks, labels, strict=True):
        plain = label.replace(MINUS, "-").replace("." if lang == "da" else ",", "").replace(",", ".")
        assert float(plain) == tick
    kept = [
        (lane.x(tick), text_width(label, Ink(points=8.0)))
        for tick, label, shown in zip(lane.axis.ticks, labels, lane.written(fmt), strict=True)
        if shown
    ]
    assert 0.0 in lane.axis.ticks
    assert all(after[0] - before[0] > (after[1] + before[1]) / 2 for before, after in pairwise(kept))


def test_a_lane_is_never_too_short_to_be_seen():
    lane = fit_lane(2.0, 1.0, [5.0], Fmt("da"))
    assert lane.right > lane.left


def test_a_band_is_broken_where_there_is_no_interval_and_stairs_hold_their_value():
    assert [len(run) for run in runs([(0, 1.0, 2.0), (1, math.nan, 2.0), (2, 0.0, 1.0)])] == [1, 1]
    assert list(runs([(0, math.nan, math.nan)])) == []
    assert list(stairs([0, 2], [1.0, 3.0])) == [(0, 1.0), (2, 1.0), (2, 3.0)]


def test_months_are_named_in_parts_of_a_year():
    assert month_ticks(0, 36) == (0, 6, 12, 18, 24, 30, 36)
    assert month_ticks(0.5, 5.5) == (1, 2, 3, 4, 5)


def test_an_end_that_is_not_known_is_open():
    assert to_interval(math.nan, 1.0) == Interval(-math.inf, 1.0)
    assert to_interval(0.0, math.nan) == Interval(0.0, math.inf)


@pytest.mark.parametrize(
    "bad",
    [
        lambda: Amount("", 1, 0, 2),
        lambda: Amount("a", math.nan, 0, 2),
        lambda: Amount("a", 1, 2, 0),
        lambda: AmountGroup(()),
        lambda: BarChart((), SAMPLE["KR"]),
        lambda: TornadoChart(0, (), SAMPLE["KR"]),
        lambda: Swing("a", math.inf, 0, "", ""),
        lambda: CountRow("a", 3, 1.2),
        lambda: CountChart((CountPanel(()),), "a"),
        lambda: replace(USUAL["payback"], never=0.9),
        lambda: replace(USUAL["payback"], shares=USUAL["payback"].shares[::-1]),
        lambda: replace(USUAL["benefit"], lines=3 * USUAL["benefit"].lines[:1]),
        lambda: replace(USUAL["survival"], times=(0.0,)),
        lambda: replace(USUAL["acceptability"], loss=(math.nan,) * 21),
    ],
)
def test_what_cannot_be_drawn_is_refused(bad):
    with pytest.raises(ValueError, match=r"figure|line|accounts|shares"):
        bad()


@pytest.mark.parametrize("kind", [SurvivalChart, BenefitChart, PaybackChart, AcceptabilityChart])
def test_figures_can_be_kept(kind):
    chart = next(each for each in USUAL.values() if isinstance(each, kind))
    assert hash(chart) == hash(replace(chart))
