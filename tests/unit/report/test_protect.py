import math
from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.description import ArmLevel, BaselineRow, OutcomeLevel
from ctieval.domain.flow import BlockCount, FollowUp, LossCount
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.wording import Label, Notice
from ctieval.report.disclosure.suppress import derivation, suppress
from ctieval.report.protect import protect


def with_follow_up(evaluation, arm, observed, lost):
    row = FollowUp("work", arm, observed, tuple(LossCount(*each) for each in lost.items()))
    rows = tuple(row if each.arm == arm else each for each in evaluation.flow.follow_up)
    levels = [evaluation.levels[0].control, evaluation.levels[0].intervention]
    levels[arm] = replace(levels[arm], n=observed, mean=levels[arm].events / observed)
    effect = evaluation.effects.rows[0]
    n = [level.n for level in levels]
    effect = replace(effect, n_control=n[0], n_treated=n[1], n=sum(n))
    return replace(
        evaluation,
        flow=replace(evaluation.flow, follow_up=rows),
        levels=(OutcomeLevel("work", *levels),),
        effects=replace(evaluation.effects, rows=(effect,)),
    )


def with_events(evaluation, control, treated):
    levels = (ArmLevel(300, control / 300, math.nan, control), ArmLevel(600, treated / 600, math.nan, treated))
    return replace(evaluation, levels=(OutcomeLevel("work", *levels),))


def test_where_nothing_is_small_nothing_changes(full, bare):
    for evaluation in (full, bare):
        protected = protect(evaluation)
        assert (protected.suppression.primary, protected.suppression.secondary, protected.suppression.values) == (
            0,
            0,
            0,
        )
        assert repr(replace(protected, suppression=None, effects=evaluation.effects)) == repr(evaluation)


def test_a_protected_evaluation_is_not_protected_twice(full):
    once = protect(full)
    assert protect(once) is once


def test_a_small_block_takes_the_next_smallest_of_its_arm_with_it(full):
    blocks = (BlockCount("A", 3, 100), BlockCount("B", 20, 200), BlockCount("C", full.flow.allocated[0] - 23, 180))
    flow = protect(replace(full, flow=replace(full.flow, blocks=blocks))).flow
    assert [block.control for block in flow.blocks] == [None, None, blocks[2].control]
    assert [block.intervention for block in flow.blocks] == [100, 200, 180]
    assert flow.allocated == full.flow.allocated


@pytest.mark.parametrize(("control", "treated"), [(3, 180), (297, 180), (75, 2), (75, 598)])
def test_few_events_or_few_without_hide_all_values_of_the_outcome(bare, control, treated):
    protected = protect(with_events(bare, control, treated))
    effect, level = protected.effects.rows[0], protected.levels[0]
    assert all(math.isnan(x) for x in (effect.estimate, effect.std_error, effect.conf_low, effect.p_value, effect.df))
    assert effect.n is effect.n_treated is effect.n_control is None
    assert math.isnan(level.control.mean)
    assert math.isnan(level.intervention.mean)
    assert level.control.n is level.control.events is level.intervention.events is None
    assert protected.suppression.primary == 1
    assert protected.suppression.values >= 9


def test_zero_and_everybody_are_shown(bare):
    protected = protect(with_events(bare, 0, 600))
    assert [protected.levels[0].control.events, protected.levels[0].intervention.mean] == [0, 1.0]
    assert protected.suppression.primary == 0


def test_a_few_lost_hide_the_numbers_of_persons_and_leave_a_rounded_effect(bare):
    protected = protect(with_follow_up(bare, 0, 297, {"missing": 3}))
    effect, level, flow = protected.effects.rows[0], protected.levels[0], protected.flow
    assert flow.allocated == (300, 600)
    assert flow.follow_up[0].observed is None
    assert flow.follow_up[0].lost[0].n is None
    assert effect.n is effect.n_control is effect.n_treated is None
    assert effect.estimate == round(bare.effects.rows[0].estimate, 3)
    assert math.isnan(effect.df)
    assert level.control.mean == 0.25
    assert level.control.events is None


def test_two_reasons_cover_each_other_and_the_number_observed_stays(bare):
    flow = protect(with_follow_up(bare, 0, 288, {"exited": 3, "missing": 9})).flow
    assert flow.follow_up[0].observed == 288
    assert [each.n for each in flow.follow_up[0].lost] == [None, None]


def test_a_small_category_takes_another_with_it(full):
    def row(level, control, treated):
        arms = (ArmLevel(n, k / n, math.nan, k) for n, k in zip(full.flow.allocated, (control, treated), strict=True))
        return BaselineRow("origin", Label("Herkomst", "Origin"), level, "share", *arms, 0.123456)

    control, treated = full.flow.allocated
    rows = (row("a", 4, 30), row("b", 60, 40), row("c", control - 64, treated - 70))
    hidden, covering, shown = protect(replace(full, baseline=rows)).baseline
    assert math.isnan(hidden.control.mean)
    assert math.isnan(hidden.std_difference)
    assert math.isnan(covering.control.mean)
    assert shown.control.mean == rows[2].control.mean


def test_blocks_shown_again_as_a_characteristic_share_one_pattern(full):
    def arms(block):
        total = full.flow.allocated
        return (
            ArmLevel(n, k / n, math.nan, k) for n, k in zip(total, (block.control, block.intervention), strict=True)
        )

    control, treated = full.flow.allocated
    blocks = (BlockCount("A", 3, 100), BlockCount("B", 40, 200), BlockCount("C", control - 43, treated - 300))
    variable = replace(full.trial.baseline[1], name="town", column="municipality")
    rows = tuple(
        BaselineRow("town", Label("Kommune", "Municipality"), label, "share", *arms(block), 0.1)
        for label, block in zip(("a-town", "b-town", "c-town"), blocks, strict=True)
    )
    trial = replace(full.trial, baseline=(variable,))
    protected = protect(replace(full, trial=trial, baseline=rows, flow=replace(full.flow, blocks=blocks)))
    assert [block.control is None for block in protected.flow.blocks] == [True, True, False]
    assert [math.isnan(row.control.mean) for row in protected.baseline] == [True, True, False]


def test_a_step_that_all_but_a_few_reached_is_not_counted(full):
    steps = (FunnelStep("all", 480, 1.0, 1.0), FunnelStep("most", 477, 2.34, 3.45), FunnelStep("few", 3, 7.7, 8.8))
    protected = protect(replace(full, implementation=ImplementationTable(480, steps))).implementation
    assert [step.reached for step in protected.steps] == [480, None, None]
    assert protected.steps[1].contacts_mean == 2.3
    assert math.isnan(protected.steps[2].contacts_mean)


def test_an_account_in_which_one_line_rests_on_a_few_is_hidden_whole_since_its_lines_add_up(full):
    few = replace(full.economics.lines[0].effect, n_treated=3, n=3 + full.economics.lines[0].effect.n_control)
    lines = (replace(full.economics.lines[0], effect=few), *full.economics.lines[1:])
    protected = protect(replace(full, economics=replace(full.economics, lines=lines))).economics
    assert all(math.isnan(line.effect.estimate) for line in protected.lines)
    assert math.isnan(protected.weeks_saved.estimate)


def test_head_counts_in_notices_are_hidden_too(full):
    notice = Notice("W-EXIT-COUNTED", "job_weeks", (("control", 17), ("intervention", 2), ("year", 3)))
    assert protect(replace(full, warnings=(notice,))).warnings[0].facts == (
        ("control", 17),
        ("intervention", "•"),
        ("year", 3),
    )


def test_the_design_line_keeps_its_kind_and_loses_its_counts(full):
    assert protect(full).effects.design == "blocked by municipality, 5 blocks"


def test_the_threshold_is_the_trials_own(bare):
    trial = replace(bare.trial, report=replace(bare.trial.report, smallest_cell=3))
    protected = protect(replace(with_events(bare, 4, 180), trial=trial))
    assert protected.suppression.primary == 0
    assert protected.suppression.smallest_cell == 3


def test_one_person_is_no_cover():
    sizes = np.array([40, 3, 1, 9, 27])
    relation = np.array([[-1.0, 1.0, 1.0, 1.0, 1.0]])
    hidden = suppress(sizes, np.array([False, True, True, False, False]), relation)
    assert hidden.tolist() == [False, True, True, True, False]


def test_a_count_is_derived_through_two_relations():
    relations = np.array([[-1.0, 1.0, 1.0, 0.0, 0.0], [0.0, 0.0, -1.0, 1.0, 1.0]])
    hidden = np.array([False, True, True, False, False])
    assert derivation(1, relations, hidden).tolist() == pytest.approx([1, 0, 0, -1, -1])
    assert derivation(1, relations, np.array([False, True, False, True, False])).tolist() == pytest.approx(
        [1, 0, -1, 0, 0]
    )
    assert not derivation(1, relations, np.array([True, True, True, False, False])).any()


def test_a_notice_does_not_give_away_what_the_tables_hide(bare):
    lost = with_follow_up(bare, 0, 297, {"missing": 3})
    lost = with_follow_up(lost, 1, 591, {"missing": 9})
    notice = Notice("W-FOLLOW-UP-SHORT", "economics", (("control", 3), ("intervention", 9)))
    protected = protect(replace(lost, warnings=(notice,)))
    shown = dict(protected.warnings[0].facts)
    assert shown["control"] == "•"
    assert protected.effects.rows[0].n is None or shown["intervention"] == "•"
