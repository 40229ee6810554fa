"""A report that holds every kind of block; run as a script, it writes its HTML to standard output."""

import sys
from datetime import date

from ctieval.domain.outcome import BetterWhen
from ctieval.report.cells import ABSENT, HIDDEN, Col, Interval, Kind, Measured, Row, RowRole
from ctieval.report.drawing import FlowArm, FlowBox, FlowChart, FlowStage, ForestChart, ForestPanel, ForestRow
from ctieval.report.html import render_html
from ctieval.report.inline import mark
from ctieval.report.model import (
    Box,
    BoxKind,
    Bullets,
    Figure,
    KeyFigure,
    KeyFigures,
    Meta,
    Missing,
    Para,
    Report,
    Section,
    SectionKind,
    Table,
)

HOSTILE = '<script>alert("1")</script> & **x** @fig:nowhere'
SOURCE = "Registers of five municipalities, 2018-2020, and own calculations"
INF = float("inf")


def forest():
    higher, lower = BetterWhen.HIGHER, BetterWhen.LOWER
    panels = (
        ForestPanel(
            Kind.PP,
            (
                ForestRow("In work after twelve months", 0.0574, Interval(-0.0067, 0.1214), 801, higher, leads=True),
                ForestRow("Stayed in a job for 26 weeks", 0.012, Interval(-0.018, 0.042), 1234, higher),
            ),
            "Employment",
        ),
        ForestPanel(
            Kind.WEEKS,
            (
                ForestRow("Weeks in an ordinary job", 2.31, Interval(-0.4, 5.1), 801, higher),
                ForestRow("Weeks on social assistance", -4.2, Interval(-8.3, -0.1), 801, lower),
            ),
            "Weeks in the first year",
        ),
        ForestPanel(Kind.POINTS, (ForestRow(HOSTILE, -0.12, Interval(-INF, 0.01), HIDDEN, lower),), "Well-being"),
        ForestPanel(Kind.KR, (ForestRow("Net result", 12345, Interval(-8123, 32813), 801, higher),), "Economy"),
    )
    chart = ForestChart(panels)
    rows = tuple(
        Row((row.label, Measured(row.estimate, panel.kind, signed=True), Measured(row.interval, panel.kind), row.n))
        for panel in panels
        for row in panel.rows
    )
    columns = (
        Col("outcome", "Outcome"),
        Col("effect", "Effect", Kind.RATIO),
        Col("interval", "95% CI", Kind.CI),
        Col("n", "N", Kind.COUNT),
    )
    return Figure(
        id="effects",
        caption="Effects with their intervals",
        alt="Employment rose by 5.7 percentage points; the interval holds zero.",
        draw=chart,
        columns=columns,
        rows=rows,
        source=SOURCE,
        n_note="The number of persons stands in the figure.",
        note="In 95 of 100 repetitions the interval would hold the true effect.",
    )


def flow():
    lost = FlowBox("Without a measurement", HIDDEN, (("Died or moved away", HIDDEN), ("Did not answer", 12)))
    arms = (
        FlowArm("Indsatsgruppe", (FlowBox("Drawn", 230), lost, FlowBox("Analysed", 214))),
        FlowArm("Kontrolgruppe", (FlowBox("Drawn", 688), lost, FlowBox("Analysed", 657))),
    )
    out = FlowBox("Not eligible", 1427, (("Under 30 years", 812), ("Unemployed for less than a year", 615)))
    chart = FlowChart((FlowStage(FlowBox("Looked up", 2345), out), FlowStage(FlowBox("Randomised", 918))), arms)
    rows = [Row((box.label, ABSENT if box.n is None else box.n)) for box in chart.boxes]
    rows += [Row(detail, RowRole.SUB) for box in chart.boxes for detail in box.details]
    return Figure(
        id="flow",
        caption="From looked up to analysed",
        alt="Of 2,345 persons 918 were randomised and 871 analysed.",
        draw=chart,
        columns=(Col("step", "Step"), Col("n", "Persons", Kind.COUNT)),
        rows=tuple(rows),
        source=SOURCE,
        n_note="2,345 persons looked up.",
    )


def effect_table():
    columns = (
        Col("outcome", "Outcome"),
        Col("n", "Persons", Kind.COUNT),
        Col("control", "Control", Kind.SHARE, unit="%"),
        Col("effect", "Effect", Kind.PP, unit="pp", signed=True),
        Col("interval", "95% CI", Kind.CI, of=Kind.PP),
        Col("p", "p", Kind.P),
    )
    rows = (
        Row(("Employment",), RowRole.GROUP),
        Row(("In work after twelve months", 801, 0.41, 0.0574, Interval(-0.0067, 0.1214), 0.079), RowRole.SUB),
        Row(("Stayed for 26 weeks", HIDDEN, HIDDEN, HIDDEN, HIDDEN, HIDDEN), RowRole.SUB),
        Row(("Well-being",), RowRole.GROUP),
        Row((HOSTILE, 760, ABSENT, -0.12, Interval(-0.22, -0.02), 0.0004), RowRole.SUB),
        Row(("All", 1561, 0.39, 0.01, Interval(-INF, 0.05), 0.5), RowRole.TOTAL),
    )
    return Table(
        "effects", "Effects after twelve months", columns, rows, SOURCE, "801 persons.", mark("See @fig:flow.")
    )


def sections():
    key = KeyFigures(
        (
            KeyFigure(Measured(0.0574, Kind.PP, signed=True), "More in work", Interval(-0.0067, 0.1214)),
            KeyFigure(Measured(12345.0, Kind.KR, signed=True), "Net result per person", Interval(-8123, 32813)),
            KeyFigure(Measured(918, Kind.COUNT), "Persons randomised", note="counted"),
            KeyFigure(HIDDEN, "Persons in the smallest arm", note="too few persons"),
        )
    )
    finding = Para(mark("**No sure effect.** @Fig:effects and @tab:effects say why; see @sec:method and @sec:summary."))
    points = Bullets(("Blåbærgrød æøå", mark("Drawn **within** each municipality.")))
    box = Box(BoxKind.READING_HELP, "How to read the results", (Para("An effect is a difference."), points))
    note = Box(BoxKind.NOTE, "Note", (Para("The follow-up is short."),))
    comment = Box(BoxKind.COMMENT, "The evaluator's comment", (Para("A job centre moved."), points))
    missing = Missing("The result for the municipality", "Rates in the folder of the trial.")
    inner = Section("employment", "Employment", (finding, effect_table(), forest()))
    return (
        Section("summary", "Summary", (finding, key, points), kind=SectionKind.UNNUMBERED),
        Section("effects", "Effects", (box,), (inner, Section("economy", "Economy", (missing, note, comment)))),
        Section("method", "Method", (finding,), (Section("flow", "Flow", (flow(),)),), kind=SectionKind.APPENDIX),
    )


def sample(lang):
    meta = Meta(
        title=f"A trial {HOSTILE}",
        lang=lang,
        document_type="Evaluation",
        subtitle="In five municipalities",
        recipient="Beskæftigelsesudvalget",
        date=date(2026, 11, 21),
        author="The evaluator",
        warning="The data are simulated.",
    )
    return Report(meta, sections())


if __name__ == "__main__":
    sys.stdout.buffer.write(render_html(sample(sys.argv[1])))
