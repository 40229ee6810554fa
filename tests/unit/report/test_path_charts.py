import math
import re
from dataclasses import replace
from itertools import pairwise
from xml.etree import ElementTree as ET

import pytest

from ctieval.report.cells import Interval
from ctieval.report.charts.draw import draw_chart
from ctieval.report.charts.sheet import Ink, text_width
from ctieval.report.charts.weeks import spread, week_ticks
from ctieval.report.path_drawing import Area, AreaChart, AreaPanel, CurveChart, CurvePoint
from ctieval.report.svg import to_inline
from ctieval.report.tokens import COLOURS

WEEKS = tuple(range(-8, 13, 4))
NAMES = ("Ordinary job", "Company placement", "Disability pension etc.", "Passive benefit")
BAND, MAIN, HAIRLINE = (COLOURS[tone].lower() for tone in ("band", "main", "hairline"))


def point(week, interval=True):
    share = max(week, 0) / 200
    ends = Interval(share - 0.02, share + 0.03) if interval else None
    return CurvePoint(week, 0.04 + share, 0.04, share, ends)


CURVE = CurveChart("Share in a job", tuple(point(week, week != 4) for week in WEEKS), "Intervention", "Control", 0.95)


def panel(title, job):
    shares = ((job,) * 6, (0.004,) * 6, (0.0,) * 6, (0.996 - job,) * 6)
    return AreaPanel(title, tuple(Area(*each) for each in zip(NAMES, shares, strict=True)))


AREAS = AreaChart(WEEKS, (panel("Intervention", 0.25), panel("Control", 0.125)))


def inline(chart, lang="en"):
    text = to_inline(draw_chart(chart, lang, live_text=True), "fig-a", title="T", desc="D")
    return ET.fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def written(chart, lang="en"):
    return [element.text for element in inline(chart, lang).iter("text")]


def shapes(chart, colour):
    """Corners of every filled shape of a colour."""
    found = [path for path in inline(chart).iter("path") if f"fill: {colour}" in path.attrib["style"]]
    return [
        [tuple(map(float, pair)) for pair in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])] for path in found
    ]


def test_both_lines_are_named_at_their_ends_with_their_last_share():
    texts = written(CURVE)
    assert {"Intervention", "10.0%", "Control", "4.0%", "+6.0"} <= set(texts)
    assert {"Share in a job, %", "weeks from the draw", "draw"} <= set(texts)
    assert {"Andel", "lodtrækning", "uger fra lodtrækningen"} & set(written(CURVE, "da"))


def test_the_control_is_dashed_and_the_intervention_is_not():
    dashed = [path for path in inline(CURVE).iter("path") if "dasharray" in path.attrib["style"]]
    assert len(dashed) == 2
    assert all(COLOURS["control"].lower() in path.attrib["style"] for path in dashed)


def test_the_band_is_broken_where_a_week_has_no_interval():
    assert len(shapes(CURVE, BAND)) == 2
    whole = replace(CURVE, points=tuple(point(week) for week in WEEKS))
    assert len(shapes(whole, BAND)) == 1
    assert shapes(replace(CURVE, points=tuple(point(week, interval=False) for week in WEEKS)), BAND) == []


def test_areas_stand_where_their_shares_say_on_one_scale():
    ticks = [float(e.attrib["y"]) for e in inline(AREAS).iter("text") if e.text in ("0", "100")]
    heights = [max(y for _, y in each) - min(y for _, y in each) for each in shapes(AREAS, MAIN) if len(each) > 6]
    full_height = abs(ticks[1] - ticks[0]) if ticks[0] != ticks[1] else abs(ticks[2] - ticks[0])
    assert len(heights) == 2
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.1)  # SVG keeps two decimals
    assert heights[0] == pytest.approx(0.25 * 2.2 * 72, abs=0.1)
    assert full_height > heights[0]


def test_every_area_is_named_beside_its_arm_and_names_stand_clear():
    texts = [e for e in inline(AREAS).iter("text") if e.text in NAMES]
    assert len(texts) == 2 * len(NAMES)
    ys = sorted(float(e.attrib["y"]) for e in texts)
    assert min(after - before for before, after in pairwise(ys)) > 10
    shares = [e for e in inline(AREAS).iter("text") if e.text.endswith("%") and e.text[0].isdigit()]
    for name in texts:
        end = float(name.attrib["x"]) + 72 * text_width(name.text, Ink(points=8.0))
        (beside,) = (e for e in shares if e.attrib["y"] == name.attrib["y"])
        assert end < float(beside.attrib["x"]) - 72 * text_width(beside.text, Ink(points=8.0))


@pytest.mark.parametrize("chart", [CURVE, AREAS])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_only_tokens_colour_a_path_and_nothing_leaves_the_sheet(chart, lang):
    used = set(re.findall(r"#[0-9a-f]{6}", draw_chart(chart, lang, live_text=True)))
    assert used <= {code.lower() for code in COLOURS.values()}
    root = inline(chart, lang)
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for element in root.iter("text"):
        long = 72 * text_width(element.text, Ink(weight="bold"))
        left = {"middle": long / 2, "end": long}.get(_anchor(element), 0)
        assert float(element.attrib["x"]) - left >= -0.5
        assert float(element.attrib["x"]) - left + long <= width + 0.5
        assert 0 < float(element.attrib["y"]) < height


def _anchor(element):
    return (re.findall(r"text-anchor: (\w+)", element.attrib["style"]) or ["start"])[0]


def test_the_same_path_is_the_same_picture():
    again = replace(CURVE, points=tuple(CURVE.points))
    draw_chart.cache_clear()
    first = draw_chart(CURVE, "da", live_text=True)
    draw_chart.cache_clear()
    assert draw_chart(again, "da", live_text=True) == first


@pytest.mark.parametrize(("weeks", "expected"), [((-52, 111), 26), ((0, 20), 4), ((-12, 40), 13), ((-52, 520), 104)])
def test_weeks_are_named_in_parts_of_a_year(weeks, expected):
    ticks = week_ticks(*weeks)
    assert {after - before for before, after in pairwise(ticks)} == {expected}
    assert 0 in ticks
    assert week_ticks(0, 10_000) == (0, 10_000)


def test_labels_are_moved_apart_in_their_order_and_stay_inside():
    places = spread([0.0, 0.0, 0.1, 2.0, 2.0], 0.5, 0.0, 2.0)
    assert places == pytest.approx((0.0, 0.5, 1.0, 1.5, 2.0))
    assert spread([0.3, 1.3], 0.5, 0.0, 2.0) == (0.3, 1.3)


@pytest.mark.parametrize("weeks", [(3,), (3, 3), (4, 3)])
def test_a_path_has_two_weeks_in_order(weeks):
    with pytest.raises(ValueError, match="two weeks"):
        replace(CURVE, points=tuple(point(week) for week in weeks))
    with pytest.raises(ValueError, match="two weeks"):
        replace(AREAS, weeks=weeks)


def test_arms_are_divided_over_the_same_states():
    with pytest.raises(ValueError, match="same states"):
        replace(AREAS, panels=(AREAS.panels[0], replace(AREAS.panels[1], areas=AREAS.panels[1].areas[::-1])))
    with pytest.raises(ValueError, match="same weeks"):
        replace(AREAS, weeks=WEEKS[1:])


def test_a_path_knows_every_number_that_it_draws():
    assert {-8.0, 12.0, 0.04, 0.1} <= CURVE.numbers
    assert not any(math.isnan(number) for number in CURVE.numbers)
    assert AREAS.numbers >= {0.25, 0.125, 0.004, 0.0}
