from dataclasses import replace

import pytest

from ctieval.domain.outcome import State
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.paths import build_paths, build_placebo
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Missing, Para, Table
from ctieval.report.protect import protect


def context_of(evaluation, lang="en"):
    return Context(protect(evaluation), load_catalogue(lang))


def figures(context):
    return [block for block in build_paths(context) if isinstance(block, Figure)]


@pytest.mark.parametrize("lang", ["da", "en"])
def test_a_register_trial_has_a_curve_and_areas(full, lang):
    curve, areas = figures(context_of(full, lang))
    assert [curve.id, areas.id] == ["job-path", "states"]
    assert [row.cells[0].value for row in curve.rows] == list(range(-12, 41, 4))
    assert {panel.title for panel in areas.draw.panels} == {row.cells[0] for row in areas.rows if len(row.cells) == 1}


def test_alternative_texts_say_the_last_week_in_numbers(full):
    curve, areas = figures(context_of(full))
    last = curve.draw.points[-1]
    assert f"In week 40, {100 * last.intervention:.1f}%" in plain(curve.alt)
    assert f"{100 * last.control:.1f}%" in plain(curve.alt)
    shares = areas.draw.panels[0].areas
    assert plain(areas.alt).count("%") == 2 * len(shares)
    assert f"Ordinary job {100 * shares[0].shares[-1]:.0f}%" in plain(areas.alt)


def test_weeks_without_an_interval_stand_with_a_dash(full):
    curve, _ = figures(context_of(full))
    by_week = {row.cells[0].value: row.cells[-1] for row in curve.rows}
    assert by_week[-12] is ABSENT
    assert by_week[40].conf_level == 0.95


def test_states_that_nobody_is_in_are_left_out_of_the_areas(full):
    _, areas = figures(context_of(full))
    assert [area.label for area in areas.draw.panels[0].areas] == [
        "Ordinary job",
        "Supported job",
        "Company placement",
        "Other activation",
        "Passive benefit",
        "Disability pension etc.",
    ]


def test_a_last_week_with_nobody_in_a_job_says_why_there_is_no_interval(full):
    nobody = (0.0,) * full.paths.window.weeks
    curve = replace(full.paths.curve(State.ORDINARY_JOB), control=nobody)
    paths = replace(full.paths, curves=(curve, *full.paths.curves[1:]))
    first = next(build_paths(context_of(replace(full, paths=paths))))
    assert "uncertainty of the difference is not shown" in plain(first.text)


def test_without_paths_a_register_trial_says_what_it_lacks_and_a_table_says_nothing(full, bare):
    (missing,) = build_paths(context_of(replace(full, paths=None)))
    assert isinstance(missing, Missing)
    assert list(build_paths(context_of(bare))) == []
    assert list(build_placebo(context_of(bare))) == []


def test_weeks_before_the_draw_are_told_beside_what_chance_gives(full):
    lead, table = build_placebo(context_of(full))
    assert isinstance(lead, Para)
    assert isinstance(table, Table)
    assert [row.cells[0] for row in table.rows] == ["Company placement"]
    assert table.rows[0].cells[1:3] == (12, 0)
    assert table.rows[0].cells[3] == pytest.approx(0.6)


def test_where_nobody_differs_before_the_draw_that_is_said(full):
    paths = replace(
        full.paths, curves=tuple(replace(each, placebo=replace(each.placebo, weeks=0)) for each in full.paths.curves)
    )
    (para,) = build_placebo(Context(replace(full, paths=paths), load_catalogue("en")))
    assert "no state in which the groups can be compared" in plain(para.text)
