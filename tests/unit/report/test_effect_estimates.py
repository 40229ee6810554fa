"""Adjusted effects, relative effects, compliers and estimand cards, from the engine's numbers to the report."""

import math
from dataclasses import replace

import pytest

from ctieval.domain.adjusted_effect import AdjustedEffect
from ctieval.domain.compliance_table import ComplianceTable, ComplierRow, Shape, Sidedness, TakeUpRow, TakeUpStep
from ctieval.domain.effects_plan import EffectsPlan, Headline, LoggedTakeUp
from ctieval.domain.flow import FollowUp, LossCount
from ctieval.domain.risk_table import Range, RiskMethod, RiskRow
from ctieval.effects.estimands import describe_estimands
from ctieval.report.build import build_report
from ctieval.report.cells import ABSENT, HIDDEN, RowRole
from ctieval.report.model import Bullets, Missing, Para, Table
from ctieval.report.protect import protect

LANGUAGES = ("da", "en")
START = LoggedTakeUp("Tværfagligt opstartsmøde")
LIN = "adjusted_difference_lin_satterthwaite"


def section(evaluation, name, lang="en"):
    """A section of the report by its id, after disclosure control; None where there is none."""
    chapters = build_report(protect(evaluation), lang).sections
    return next((each for chapter in chapters for each in chapter.sections if each.id == name), None)


def tables(found):
    return {block.id: block for block in found.blocks if isinstance(block, Table)}


def said(found):
    return " ".join(block.text for block in found.blocks if isinstance(block, Para))


def shift(effect, by, **changed):
    return replace(effect, estimate=effect.estimate + by, conf_low=effect.conf_low + by, **changed)


def adjusted(evaluation, headline=Headline.DIFFERENCE):
    rows = tuple(
        AdjustedEffect(row, replace(row, estimate=row.estimate * 1.01, std_error=row.std_error * 0.9, method=LIN), 0.9)
        for row in evaluation.effects.rows
    )
    effects = evaluation.effects
    if headline is Headline.ADJUSTED:
        effects = replace(effects, rows=tuple(row.adjusted for row in rows))
    plan = EffectsPlan(("age",), headline)
    return replace(evaluation, trial=replace(evaluation.trial, effects=plan), adjusted=rows, effects=effects)


def complied(evaluation, *, control=0, treated=380, cells=(), shape=Shape.BETWEEN, regions=None, counted=START):
    drawn = evaluation.flow.allocated
    effect = replace(evaluation.effects.rows[0], estimand="cace", method="complier_effect_wald_satterthwaite")
    region = replace(effect, method="complier_effect_anderson_rubin")
    ends = [(region.conf_low, region.conf_high)] if regions is None else regions
    row = ComplierRow(
        effect,
        tuple(replace(region, conf_low=low, conf_high=high) for low, high in ends),
        shape,
        8.2,
        6.1,
        cells,
    )
    steps = (
        TakeUpRow(TakeUpStep.LOGGED, 1, control, 431, is_taking_part=False),
        TakeUpRow(TakeUpStep.ACTIVITY, 1, control, treated, is_taking_part=counted is not None),
    )
    table = ComplianceTable(
        counted=counted,
        drawn=drawn,
        steps=steps,
        in_control_known=control > 0,
        sidedness=None if counted is None else Sidedness.TWO_SIDED if control else Sidedness.ONE_SIDED,
        compliers=treated / drawn[1] - control / drawn[0],
        rows=() if counted is None else (row,),
    )
    return replace(evaluation, compliance=table)


def risks(evaluation, *rows):
    found = rows or (
        RiskRow("job_ever", Range(0.04, 0.01, 0.07), Range(1.3, 1.05, 1.6), RiskMethod.MANTEL_HAENSZEL, 0.95),
    )
    return replace(evaluation, risks=found)


def losing(evaluation, lost):
    """So few of the control lost that their number is hidden, and all that rests on it is rounded."""
    control = evaluation.flow.allocated[0]
    name = evaluation.trial.outcomes[0].name
    seen = control - lost
    rows = tuple(
        FollowUp(each.outcome, 0, seen, (LossCount("exited", lost),)) if each.arm == 0 else each
        for each in evaluation.flow.follow_up
    )
    levels = tuple(
        each if each.control is None else replace(each, control=replace(each.control, n=seen))
        for each in evaluation.levels
    )
    effects = tuple(replace(each, n_control=seen, n=seen + each.n_treated) for each in evaluation.effects.rows)
    assert name
    return replace(
        evaluation,
        flow=replace(evaluation.flow, follow_up=rows),
        levels=levels,
        effects=replace(evaluation.effects, rows=effects),
        economics=None,
    )


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_estimates_stand_in_the_appendix_with_the_ratio_of_their_errors(full, lang):
    found = section(adjusted(full), "adjusted", lang)
    (table,) = tables(found).values()
    first = table.rows[0].cells
    assert first[1].value == full.effects.rows[0].estimate
    assert first[3].value == pytest.approx(full.effects.rows[0].estimate * 1.01, rel=1e-12)
    assert first[5] == 0.9
    assert {"da": "Alder", "en": "Age"}[lang] in said(found)


def test_without_a_plan_to_adjust_there_is_no_section(full):
    assert section(full, "adjusted") is None


def test_where_nothing_could_be_adjusted_it_is_said(full):
    found = section(replace(adjusted(full), adjusted=()), "adjusted")
    assert tables(found) == {}
    assert "None of the effects" in said(found)


def test_the_adjusted_estimate_leads_in_the_table_of_effects_and_says_so(full):
    led = adjusted(full, Headline.ADJUSTED)
    table = tables(section(led, "outcomes-effects"))["effects"]
    assert "adjusted for characteristics" in table.note
    shown = next(row for row in table.rows if row.role is RowRole.BODY)
    assert shown.cells[3].value == pytest.approx(full.effects.rows[0].estimate * 1.01, rel=1e-12)
    assert "rests on the adjusted" in said(section(led, "adjusted"))


def test_an_adjusted_effect_is_hidden_with_the_other(full):
    few = replace(full.effects.rows[0], n_treated=3)
    evaluation = adjusted(replace(full, effects=replace(full.effects, rows=(few, *full.effects.rows[1:]))))
    hidden = protect(evaluation).adjusted[0]
    assert all(math.isnan(each) for each in (hidden.adjusted.estimate, hidden.adjusted.std_error, hidden.error_ratio))
    row = tables(section(evaluation, "adjusted"))["adjusted"].rows[0]
    assert row.cells[1:] == (HIDDEN,) * 5


def test_an_adjusted_effect_is_rounded_with_the_other(full):
    protected = protect(adjusted(losing(full, 3)))
    row = protected.adjusted[0]
    assert row.adjusted.n is None
    assert math.isnan(row.adjusted.std_error)
    assert row.adjusted.conf_low < adjusted(losing(full, 3)).adjusted[0].adjusted.conf_low
    assert row.error_ratio == 0.9


@pytest.mark.parametrize("lang", LANGUAGES)
def test_take_up_and_the_effect_on_compliers_with_the_standing_warning(full, lang):
    found = section(complied(full), "compliance", lang)
    shown = tables(found)
    drawn, logged, took_part = (row.cells for row in shown["take-up"].rows)
    assert drawn[1:4:2] == (full.flow.allocated[1], full.flow.allocated[0])
    assert logged[3:] == took_part[3:] == (ABSENT, ABSENT)
    assert took_part[1] == 380
    assert shown["compliers"].rows[0].cells[1].value == 8.2
    box = next(block for block in found.blocks if type(block).__name__ == "Box")
    assert len(box.blocks) == 2


def test_the_take_up_of_the_control_is_shown_where_it_is_known(full):
    found = section(complied(full, control=40), "compliance")
    assert tables(found)["take-up"].rows[2].cells[3] == 40
    assert "two-sided" in said(found)


def test_without_a_definition_there_is_take_up_and_what_would_be_needed(full):
    found = section(complied(full, counted=None), "compliance")
    assert set(tables(found)) == {"take-up"}
    assert any(isinstance(block, Missing) and "take_up" in block.needed for block in found.blocks)


def test_without_knowledge_of_take_up_there_is_no_section(full):
    assert section(full, "compliance") is None


def test_where_no_effect_on_compliers_could_be_had_it_is_said(full):
    evaluation = complied(full)
    without = replace(evaluation, compliance=replace(evaluation.compliance, rows=()))
    assert "cannot be estimated" in said(section(without, "compliance"))


@pytest.mark.parametrize(
    ("shape", "regions", "word"),
    [
        (Shape.EVERYTHING, [(-math.inf, math.inf)], "whole line"),
        (Shape.OUTSIDE, [(-math.inf, -3.0), (9.0, math.inf)], "two parts"),
        (Shape.BETWEEN, [(1.0, math.inf)], "open at one end"),
    ],
)
def test_a_region_that_is_no_interval_is_put_in_words(full, shape, regions, word):
    found = section(complied(full, shape=shape, regions=regions), "compliance")
    (points,) = (block for block in found.blocks if isinstance(block, Bullets))
    assert word in points.items[0]


@pytest.mark.parametrize("control", [2, 4])
def test_a_few_of_the_control_who_took_part_hide_all_that_would_tell_of_them(full, control):
    evaluation = complied(full, control=control)
    table = protect(evaluation).compliance
    assert [row.control for row in table.steps] == [None, None]
    assert math.isnan(table.compliers)
    (row,) = table.rows
    numbers = (row.effect.estimate, row.effect.conf_low, row.taking_part, row.regions[0].conf_high)
    assert all(math.isnan(each) for each in numbers)
    assert tables(section(evaluation, "compliance"))["compliers"].rows[0].cells[1:] == (HIDDEN,) * 5


def test_a_few_who_did_not_take_part_are_hidden_as_well(full):
    treated = full.flow.allocated[1] - 3
    table = protect(complied(full, treated=treated)).compliance
    assert table.steps[1].intervention is None
    assert math.isnan(table.rows[0].effect.estimate)


def test_a_step_as_large_as_one_of_the_funnel_shares_its_pattern(full):
    steps = (*full.implementation.steps[:1], replace(full.implementation.steps[1], reached=full.flow.allocated[1] - 2))
    evaluation = complied(
        replace(full, implementation=replace(full.implementation, steps=steps)), treated=full.flow.allocated[1] - 2
    )
    protected = protect(evaluation)
    assert protected.implementation.steps[1].reached is None
    assert protected.compliance.steps[1].intervention is None


@pytest.mark.parametrize(("cells", "shown"), [((120, 0, 77), True), ((120, 3, 77), False)])
def test_means_that_rest_on_a_few_are_hidden_and_the_effect_stays(full, cells, shown):
    (row,) = protect(complied(full, cells=cells)).compliance.rows
    assert math.isnan(row.taking_part) != shown
    assert math.isnan(row.not_taking_part) != shown
    assert not math.isnan(row.effect.estimate)
    assert row.cells == ()


def test_the_effects_of_the_draw_and_on_compliers_do_not_tell_how_many_who_took_part_are_lost(full):
    effect, took, lost = full.effects.rows[0], 380, 3
    evaluation = complied(full, treated=took, cells=(20, took - lost, lost))
    (row,) = evaluation.compliance.rows
    true = effect.estimate / ((took - lost) / effect.n_treated)
    table = replace(evaluation.compliance, rows=(replace(row, effect=replace(row.effect, estimate=true)),))
    (shown,) = protect(replace(evaluation, compliance=table)).compliance.rows
    near = 5 / took * abs(true)
    told = {
        n for n in range(300, took + 20) if abs(effect.estimate / (n / effect.n_treated) - shown.effect.estimate) < near
    }
    assert {took - 4, took - 1} <= told
    assert shown.effect.n is None
    assert math.isnan(shown.effect.std_error)


def test_a_share_does_not_tell_of_how_few_it_is_not_known_whether_they_took_part(full):
    evaluation = complied(full)
    table = replace(evaluation.compliance, not_known=(0, 2), compliers=380 / (full.flow.allocated[1] - 2))
    found = protect(replace(evaluation, compliance=table)).compliance
    assert math.isnan(found.compliers)
    assert found.not_known == (0, 0)
    assert found.rows[0].effect.n is None
    assert protect(replace(evaluation, compliance=replace(table, not_known=(0, 20)))).compliance.compliers > 0


def test_where_compliers_are_too_few_nothing_of_them_is_shown(full):
    evaluation = complied(full, cells=(3,))
    table = replace(evaluation.compliance, compliers=0.001)
    (row,) = protect(replace(evaluation, compliance=table)).compliance.rows
    assert math.isnan(row.effect.estimate)


def test_nothing_is_said_of_compliers_where_more_of_the_control_took_part(full):
    found = said(section(complied(full, control=440, treated=40), "compliance"))
    assert "More of the control group" in found
    assert "because they are drawn, and would not have done so otherwise" not in found


def test_what_is_rounded_of_the_draw_is_rounded_of_compliers(full):
    evaluation = complied(losing(full, 3))
    before, after = evaluation.compliance.rows[0], protect(evaluation).compliance.rows[0]
    assert after.effect.n is None
    assert math.isnan(after.effect.std_error)
    assert after.effect.conf_low < before.effect.conf_low
    assert after.effect.conf_high > before.effect.conf_high
    assert after.regions[0].conf_low < before.regions[0].conf_low
    assert after.taking_part == pytest.approx(8.2, abs=0.5)  # a step is what one person may add


def test_rays_that_rounding_brings_together_are_the_whole_line(full):
    rays = [(-math.inf, 2.0), (2.0000001, math.inf)]
    evaluation = complied(losing(full, 3), shape=Shape.OUTSIDE, regions=rays)
    (row,) = protect(evaluation).compliance.rows
    assert row.shape is Shape.EVERYTHING
    assert [(each.conf_low, each.conf_high) for each in row.regions] == [(-math.inf, math.inf)]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_both_scales_and_the_number_needed_stand_in_the_appendix(full, lang):
    shown = tables(section(risks(full), "risks", lang))
    cells = shown["risks"].rows[0].cells
    assert (cells[1].value, cells[3].value) == (0.04, 1.3)
    needed, benefit, harm = shown["number-needed"].rows[0].cells[1:]
    assert (needed.value, benefit.value.low, benefit.value.high) == (25, 15, 100)
    assert harm is ABSENT


def test_an_interval_through_infinity_stands_on_both_sides(full):
    row = RiskRow("job_ever", Range(0.02, -0.01, 0.05), Range(1.1, 0.9, 1.4), RiskMethod.SCORE, 0.95)
    benefit, harm = tables(section(risks(full, row), "risks"))["number-needed"].rows[0].cells[2:]
    assert (benefit.value.low, benefit.value.high) == (20, math.inf)
    assert (harm.value.low, harm.value.high) == (100, math.inf)


def test_a_ratio_without_an_interval_is_a_dash_and_not_hidden(full):
    row = RiskRow("job_ever", Range(0.02, -0.01, 0.05), Range(1.1, math.nan, math.nan), RiskMethod.DESIGN, 0.95)
    assert tables(section(risks(full, row), "risks"))["risks"].rows[0].cells[4] is ABSENT


def test_few_events_hide_both_scales_and_the_number_needed(full):
    levels = tuple(
        replace(each, control=replace(each.control, events=2, mean=2 / each.control.n))
        if each.outcome == "job_ever"
        else each
        for each in full.levels
    )
    evaluation = risks(replace(full, levels=levels))
    (row,) = protect(evaluation).risks
    assert all(math.isnan(each) for each in (row.difference.estimate, row.difference.low, row.ratio.estimate))
    shown = tables(section(evaluation, "risks"))
    assert shown["risks"].rows[0].cells[1:] == (HIDDEN,) * 4
    assert shown["number-needed"].rows[0].cells[1:] == (HIDDEN,) * 3


def test_where_shares_are_rounded_both_scales_are_those_of_the_rounded_shares(full):
    protected = protect(risks(losing(full, 3)))
    (row,) = protected.risks
    level = next(each for each in protected.levels if each.outcome == "job_ever")
    assert row.difference.estimate == pytest.approx(level.intervention.mean - level.control.mean, abs=1e-9)
    assert row.ratio.estimate == pytest.approx(level.intervention.mean / level.control.mean, rel=1e-9)
    assert row.ratio.high / row.ratio.low > 1.6 / 1.05


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_card_for_each_primary_and_secondary_outcome(full, lang):
    cards = describe_estimands(full.trial, full.effects.rows)
    found = section(replace(full, estimands=cards), "estimands", lang)
    (table,) = tables(found).values()
    assert sum(row.role is RowRole.SUB for row in table.rows) == len(cards) > 2
    first, keys = (block.items for block in found.blocks if isinstance(block, Bullets))
    assert len(first) >= 4
    assert "ate_persons" in keys[0]


def test_without_outcomes_to_conclude_on_there_are_no_cards(full):
    assert section(full, "estimands") is None


def test_where_everybody_took_part_their_number_is_that_of_the_arm(full):
    table = protect(complied(full, treated=full.flow.allocated[1])).compliance
    assert table.steps[1].intervention == full.flow.allocated[1]
    assert not math.isnan(table.rows[0].effect.estimate)


def test_what_has_no_interval_gets_none_by_rounding(full):
    nothing = Range(0.02, math.nan, math.nan)
    row = RiskRow("job_ever", nothing, Range(1.1, math.nan, math.nan), RiskMethod.DESIGN, 0.95)
    (shown,) = protect(risks(losing(full, 3), row)).risks
    assert not math.isnan(shown.difference.estimate)
    assert all(math.isnan(each) for each in (shown.difference.low, shown.ratio.low, shown.ratio.high))
    cells = tables(section(risks(losing(full, 3), row), "risks"))["number-needed"].rows[0].cells
    assert cells[1:] == (ABSENT,) * 3


@pytest.mark.parametrize("known", [True, False])
def test_what_is_taken_for_granted_of_the_control_is_not_told_as_known(full, known):
    evaluation = complied(full)
    table = replace(evaluation.compliance, in_control_known=known)
    found = said(section(replace(evaluation, compliance=table), "compliance"))
    assert ("nobody in the control group did" in found) == known
    assert ("On that condition" in found) != known


def test_effects_on_shares_are_in_percentage_points_wherever_they_stand(full):
    shares = tables(section(adjusted(full), "adjusted"))["adjusted"].rows
    names = [row.cells[0] for row, effect in zip(shares, full.effects.rows, strict=True) if effect.unit == "share"]
    assert names
    assert all(name.endswith("(percentage points)") for name in names)
    evaluation = complied(full)
    (row,) = evaluation.compliance.rows
    of_share = replace(evaluation.compliance, rows=(replace(row, effect=replace(row.effect, unit="share")),))
    for each, told in ((evaluation.compliance, False), (of_share, True)):
        note = tables(section(replace(evaluation, compliance=each), "compliance"))["compliers"].note
        assert ("percentage points" in note) == told


@pytest.mark.parametrize(("cells", "blurred"), [((40, 0, 9, 120), False), ((40, 3, 9, 120), True)])
def test_two_ways_to_weigh_blocks_do_not_tell_the_few_events_of_one(full, cells, blurred):
    row = RiskRow("job_ever", Range(0.0412, 0.0123, 0.0701), Range(1.3, 1.05, 1.6), RiskMethod.MANTEL_HAENSZEL, 0.95)
    (shown,) = protect(risks(full, replace(row, cells=cells))).risks
    (level,) = (each for each in full.levels if each.outcome == "job_ever")
    assert shown.cells == ()
    if not blurred:
        assert shown == row
        return
    assert shown.difference.estimate == pytest.approx(level.intervention.mean - level.control.mean, abs=0.011)
    assert round(100 * shown.difference.estimate, 6).is_integer()
    assert shown.difference.high - shown.difference.low > row.difference.high - row.difference.low
    assert shown.ratio.high / shown.ratio.low > row.ratio.high / row.ratio.low


@pytest.mark.parametrize(
    ("n_blocks", "cells", "rounded"), [(3, (3, 60), True), (4, (3, 60), False), (3, (30, 60), False)]
)
def test_an_effect_over_few_blocks_is_rounded_where_few_of_one_have_the_event(full, n_blocks, cells, rounded):
    block = full.flow.blocks[0]
    drawn = [n // n_blocks for n in full.flow.allocated]
    last = [n - (n_blocks - 1) * each for n, each in zip(full.flow.allocated, drawn, strict=True)]
    sizes = [*[drawn] * (n_blocks - 1), last]
    blocks = tuple(
        replace(block, block=str(number), control=control, intervention=treated)
        for number, (control, treated) in enumerate(sizes)
    )
    row = RiskRow("job_ever", Range(0.0412, 0.0123, 0.0701), Range(1.3, 1.05, 1.6), RiskMethod.MANTEL_HAENSZEL, 0.95)
    found = protect(risks(replace(full, flow=replace(full.flow, blocks=blocks)), replace(row, cells=cells)))
    (before,), (after,) = (
        [effect for effect in each.effects.rows if effect.outcome == "job_ever"] for each in (full, found)
    )
    assert (after.estimate != before.estimate) is rounded
    assert (after.n is None) is rounded
