import re
from xml.etree import ElementTree as ET

import pytest

from ctieval.report.charts.draw import draw_chart
from ctieval.report.charts.sheet import text_width
from ctieval.report.love_drawing import LoveChart, LoveRow
from ctieval.report.svg import to_inline
from ctieval.report.tokens import CHART_INCHES, COLOURS

ROWS = (
    LoveRow("Age (years)", -0.04, 0.11),
    LoveRow("Sex (%)", None),
    LoveRow("Woman", 0.18, 0.12, indented=True),
    LoveRow("Not known", 0.02, None, indented=True),
)
CHART = LoveChart(ROWS, 0.95, (0.05, 0.25))


def inline(chart, lang="en"):
    text = to_inline(draw_chart(chart, lang, live_text=True), "fig-a", title="T", desc="D")
    return ET.fromstring(text.replace(' xmlns="http://www.w3.org/2000/svg"', ""))


def written(chart, lang="en"):
    return [element.text for element in inline(chart, lang).iter("text")]


def filled(chart, tone):
    colour = COLOURS[tone].lower()
    return [path for path in inline(chart).iter("path") if f"fill: {colour}" in path.attrib.get("style", "")]


def middle(path):
    xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])]
    return (min(xs) + max(xs)) / 2


def test_every_row_stands_with_its_numbers():
    texts = written(CHART)
    assert {"Age (years)", "Sex (%)", "Woman", "Not known"} <= set(texts)
    assert {"\u22120.04", "+0.18", "+0.02", "±\u20090.11", "±\u20090.12"} <= set(texts)
    assert "Standardised difference" in texts


def test_danish_numbers_have_a_comma():
    assert {"\u22120,04", "+0,18", "±\u20090,11"} <= set(written(CHART, "da"))


def test_what_is_beyond_its_band_is_another_shape_and_bold():
    assert [row.unusual for row in ROWS] == [False, False, True, False]
    assert len(filled(CHART, "accent")) == 1
    bold = [element.text for element in inline(CHART).iter("text") if "700" in element.attrib.get("style", "")]
    assert {"Woman", "+0.18"} <= set(bold)
    assert "Age (years)" not in bold


def test_bands_lie_around_zero_and_only_where_they_are_known():
    bands = filled(CHART, "band")
    assert len(bands) == 2
    assert middle(bands[0]) == pytest.approx(middle(bands[1]), abs=1e-3)


def test_the_lines_of_the_limits_are_dashed_and_named_where_there_is_room():
    dashed = [p for p in inline(CHART).iter("path") if "stroke-dasharray" in p.attrib.get("style", "")]
    assert len(dashed) == 4
    assert {"\u22120.25", "+0.25"} <= set(written(CHART))


@pytest.mark.parametrize("difference", [0.0001, 0.9, -2.5])
def test_all_of_it_lies_on_the_sheet(difference):
    chart = LoveChart((LoveRow("A characteristic with a name of many words in a row", difference, 0.2),), 0.95, (0.05,))
    view = [float(each) for each in inline(chart).attrib["viewBox"].split()]
    for path in inline(chart).iter("path"):
        xs = [float(x) for x, _ in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])]
        assert all(-1 <= x <= view[2] + 1 for x in xs)
    assert text_width("Standardised difference") < CHART_INCHES


@pytest.mark.parametrize("bad", [("", 0.1, None), ("a", float("nan"), None), ("a", 0.1, float("inf"))])
def test_a_row_without_a_name_or_number_is_refused(bad):
    with pytest.raises(ValueError, match="a row of the figure"):
        LoveRow(*bad)


def test_a_figure_of_headings_is_refused():
    with pytest.raises(ValueError, match="a row with a difference"):
        LoveChart((LoveRow("Sex", None),), 0.95, (0.05,))


def test_the_numbers_of_the_figure_are_those_of_its_rows():
    assert CHART.numbers == {-0.04, 0.11, 0.18, 0.12, 0.02}
