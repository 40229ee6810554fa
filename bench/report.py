"""All formats of a report against the drawing of its figures, in the same run."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from rows import Row, at_most, to_text
from stopwatch import seconds

from ctieval.domain.evaluation import Evaluation
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.story import evaluate
from ctieval.report.build import build_report
from ctieval.report.charts import draw
from ctieval.report.model import Figure, Report
from ctieval.report.protect import protect
from ctieval.report.publish import ReportFormat, render_report
from ctieval.report.resolve import walk

MOST = 2


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--repeat", type=int, default=5)
    options.add_argument("--strict", action="store_true", help="end with 1 where a target is not met")
    asked = options.parse_args()
    with TemporaryDirectory() as folder:
        evaluation = _evaluate_demo(Path(folder))
    rows = race_report(evaluation, asked.repeat)
    print(to_text(rows))
    return int(asked.strict and not all(row.met for row in rows))


def race_report(evaluation: Evaluation, repeat: int) -> list[Row]:
    """By turns: the figures drawn, and every format rendered with its figures drawn anew."""
    reports = [build_report(evaluation, lang) for lang in evaluation.trial.report.languages]
    _forget()
    _render(reports)  # loads matplotlib, Typst and the rest
    drawing, rendering = [], []
    for _ in range(repeat):
        drawing.append(_seconds(lambda: _draw(reports)))
        rendering.append(_seconds(lambda: _render(reports)))
    what = f"{len(reports)} reports in {len(ReportFormat)} formats, in drawings of their figures"
    return [at_most("T1", what, min(rendering) / min(drawing), MOST, "x")]


def _evaluate_demo(folder: Path) -> Evaluation:
    trial = write_demo(folder)
    data = open_data(trial)
    return protect(evaluate(trial, load_allocation(trial, data), data))


def _draw(reports: list[Report]) -> None:
    """Draw each figure as text and as a picture, as the formats need them."""
    for report in reports:
        for section in walk(report.sections):
            for block in section.blocks:
                if isinstance(block, Figure):
                    draw.draw_chart(block.draw, report.meta.lang, live_text=True)
                    draw.draw_png(block.draw, report.meta.lang)


def _render(reports: list[Report]) -> None:
    for report in reports:
        for form in ReportFormat:
            render_report(report, form)


def _seconds(work) -> float:
    _forget()
    return seconds(work)


def _forget() -> None:
    for cached in (draw.draw_chart, draw.draw_png, draw._drawn):  # noqa: SLF001
        cached.cache_clear()


if __name__ == "__main__":
    sys.exit(main())
