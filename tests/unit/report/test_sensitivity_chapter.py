"""The target group under other thresholds, from the engine's counts to the table of the appendix."""

from dataclasses import replace

import pytest

from ctieval.domain.criterion import GapRule
from ctieval.domain.sensitivity import Alternative, TargetSensitivity, Thresholds, Varied
from ctieval.report.build import build_report
from ctieval.report.cells import ABSENT, HIDDEN, RowRole
from ctieval.report.model import Para, Table
from ctieval.report.protect import protect

PLANNED = Thresholds(30, 52, GapRule.DAYS_28, "kontanthjaelp")


def changed(varied, eligible, not_assessable=0, **thresholds):
    planned = 1378
    gained, lost = max(eligible - planned, 0), max(planned - eligible, 0)
    return Alternative(varied, replace(PLANNED, **thresholds), eligible, gained, lost, not_assessable, eligible)


TABLE = TargetSensitivity(
    as_of=None,
    planned=PLANNED,
    one_way=(
        changed(Varied.AGE, 1400, years=28),
        changed(Varied.AGE, 1378, years=30),
        changed(Varied.AGE, 1374, years=31),
        changed(Varied.WEEKS, 1378, weeks=52),
        changed(Varied.WEEKS, 1201, 99, weeks=104),
        changed(Varied.GAP_RULE, 1208, gap_rule=GapRule.STRICT),
        changed(Varied.BENEFITS, 1428, benefits="public_support"),
    ),
    grid=(changed(Varied.AGE_AND_WEEKS, 1350, years=32, weeks=78),),
)


def section(evaluation, lang="en"):
    report = build_report(protect(evaluation), lang)
    appendix = report.sections[-1]
    return next((each for each in appendix.sections if each.id == "sensitivity"), None)


def clean(full):
    """The evaluation with nothing in its screening that must be hidden, and nobody who cannot be assessed."""
    screening = full.flow.screening
    eligible = screening.eligible
    rows = tuple(
        replace(row, first=0, any=0, only=0)
        if row.reason.key.startswith("not_assessable.")
        else replace(row, first=200, any=200, only=200)
        for row in screening.exclusions
    )
    flow = replace(full.flow, screening=replace(screening, screened=eligible + 600, exclusions=rows))
    return replace(full, flow=flow, sensitivity=TABLE)


@pytest.fixture
def rows(full):
    table = next(block for block in section(clean(full)).blocks if isinstance(block, Table))
    return {row.cells[0]: row.cells[1:] for row in table.rows if row.role is RowRole.SUB}


def test_changes_are_rounded_down_and_the_group_is_the_planned_one_with_them(rows):
    assert rows["28 years"] == (1398, 20, 0, 0)
    assert rows["31 years"] == (1378, 0, 0, 0)
    assert rows["104 weeks"] == (1203, 0, 175, 95)
    assert rows["Any whole week without the benefit"] == (1208, 0, 170, 0)
    assert rows["A spell on public support"] == (1428, 50, 0, 0)


def test_the_planned_thresholds_change_nothing(rows):
    assert rows["30 years (the plan)"] == rows["52 weeks (the plan)"] == (1378, ABSENT, ABSENT, 0)


def test_what_the_table_says_is_said_in_both_languages(full):
    for lang, word in (("da", "Mindste alder"), ("en", "Least age")):
        found = section(clean(full), lang)
        table = next(block for block in found.blocks if isinstance(block, Table))
        assert table.rows[0].cells == (word,)
        assert "5" in table.note
        assert "4" in table.note


def test_those_gained_are_hidden_where_the_screening_hides_whom_one_criterion_keeps_out(full):
    evaluation = clean(full)
    screening = evaluation.flow.screening
    few = (replace(screening.exclusions[0], first=200, any=200, only=3), *screening.exclusions[1:])
    flow = replace(evaluation.flow, screening=replace(screening, exclusions=few))
    table = next(b for b in section(replace(evaluation, flow=flow)).blocks if isinstance(b, Table))
    rows = {row.cells[0]: row.cells[1:] for row in table.rows if row.role is RowRole.SUB}
    assert rows["28 years"][:2] == (HIDDEN, HIDDEN)
    assert rows["31 years"][:3] == (1378, 0, 0)


def test_a_plan_without_thresholds_says_so(full):
    found = section(replace(clean(full), sensitivity=replace(TABLE, planned=Thresholds(), one_way=(), grid=())))
    assert [type(block) for block in found.blocks] == [Para]


def test_where_nobody_was_screened_there_is_no_such_section(bare, full):
    assert section(bare) is None
    assert section(replace(full, sensitivity=None)) is None


def test_with_a_smallest_cell_of_one_nothing_is_rounded_and_no_rounding_is_told(full):
    evaluation = clean(full)
    trial = replace(evaluation.trial, report=replace(evaluation.trial.report, smallest_cell=1))
    table = next(b for b in section(replace(evaluation, trial=trial)).blocks if isinstance(b, Table))
    rows = {row.cells[0]: row.cells[1:] for row in table.rows if row.role is RowRole.SUB}
    assert rows["104 weeks"] == (1201, 0, 177, 99)
    assert "multiple" not in table.note


def test_the_target_group_points_to_the_section_only_where_it_is(full):
    def told(evaluation):
        chapter = next(s for s in build_report(protect(evaluation), "en").sections if s.id == "target-group")
        return any("sec:sensitivity" in b.text for b in chapter.sections[0].blocks if isinstance(b, Para))

    assert told(clean(full))
    assert not told(full)


def test_the_rounding_is_not_counted_among_what_is_hidden(full):
    evaluation = clean(full)
    without = protect(replace(evaluation, sensitivity=None))
    assert protect(evaluation).suppression == without.suppression
