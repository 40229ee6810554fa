import math
from dataclasses import replace

import numpy as np
import pytest
from scipy.special import stdtrit

from ctieval.domain.description import ArmLevel, BaselineRow, OutcomeLevel
from ctieval.domain.flow import BlockCount, FollowUp, LossCount
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.wording import Label, Notice
from ctieval.report.disclosure.counts import HeadCount, Sum, judge
from ctieval.report.disclosure.grid import Grid, lay_grid
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
        assert (protected.suppression.counts, protected.suppression.values) == (0, 0)
        undone = replace(protected, suppression=None, effects=evaluation.effects, paths=evaluation.paths)
        assert repr(undone) == repr(evaluation)


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
    assert protected.suppression.counts == 7
    assert protected.suppression.values >= 9


def test_zero_and_everybody_are_shown(bare):
    protected = protect(with_events(bare, 0, 600))
    assert [protected.levels[0].control.events, protected.levels[0].intervention.mean] == [0, 1.0]
    assert protected.suppression.counts == 0


def test_a_few_lost_hide_the_numbers_of_persons_and_leave_a_rounded_effect(bare):
    protected = protect(with_follow_up(bare, 0, 297, {"missing": 3}))
    effect, level, flow = protected.effects.rows[0], protected.levels[0], protected.flow
    assert flow.allocated == (300, 600)
    assert flow.follow_up[0].observed is None
    assert flow.follow_up[0].lost[0].n is None
    assert effect.n is effect.n_control is effect.n_treated is None
    assert effect.estimate == pytest.approx(level.intervention.mean - level.control.mean, abs=1e-12)
    assert all(math.isnan(x) for x in (effect.std_error, effect.statistic, effect.df, effect.p_value))
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
    assert all(math.isnan(each.effect.estimate) for each in protected.results)
    assert all(math.isnan(each.break_even_displacement) for each in protected.results)
    assert all(math.isnan(each.effect.estimate) for each in protected.per_participant.results)


@pytest.mark.parametrize(
    ("participants", "shown"), [((0, 300), True), ((0, 3), False), ((2, 300), False), ((0, 464), False)]
)
def test_results_per_participant_are_shown_only_where_it_may_be_told_how_many_took_part(full, participants, shown):
    """With the result per person drawn, they tell how many took part."""
    found = replace(full.economics.per_participant, participants=participants)
    protected = protect(replace(full, economics=replace(full.economics, per_participant=found))).economics
    assert [math.isnan(each.effect.estimate) for each in protected.per_participant.results] == [not shown] * 8
    assert protected.per_participant.participants == (participants if shown else (None, None))
    assert math.isnan(protected.per_participant.take_up.estimate) == (not shown)
    assert not any(math.isnan(each.effect.estimate) for each in protected.results)


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
    assert protected.suppression.counts == 0
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


def with_reasons(evaluation, *rows):
    """The screening had kept out so many by each reason: first, any, only."""
    screening = evaluation.flow.screening
    exclusions = tuple(
        replace(row, first=first, any=any_, only=only)
        for row, (first, any_, only) in zip(screening.exclusions, rows, strict=True)
    )
    screened = screening.eligible + sum(first for first, _, _ in rows)
    changed = replace(screening, screened=screened, exclusions=exclusions)
    return replace(evaluation, flow=replace(evaluation.flow, screening=changed))


def reasons_of(evaluation):
    return [(row.first, row.any, row.only) for row in evaluation.flow.screening.exclusions]


def test_a_hidden_reason_is_not_copied_from_another_column(full):
    """Whom the first criterion keeps out has it as first reason; whose first reason is the last has no other."""
    nobody = (0, 0, 0)
    few_first = (3, 3, 0), nobody, (90, 92, 80), nobody, (12, 24, 12), nobody
    few_last = (60, 60, 40), nobody, (90, 105, 82), nobody, (9, 28, 9), (2, 2, 2)
    assert reasons_of(protect(with_reasons(full, *few_first)))[0][:2] == (None, None)
    assert reasons_of(protect(with_reasons(full, *few_last)))[5] == (None, None, None)
    covering = reasons_of(protect(with_reasons(full, *few_last)))[4]
    assert covering[0] is covering[2] is None


def test_those_who_fail_two_criteria_alone_are_not_worked_out_from_the_columns(full):
    """Of 60 below the age, 20 fail another criterion: 18 the spell and 2 readiness. Nobody fails all three."""
    nobody = (0, 0, 0)
    rows = (60, 60, 40), nobody, (90, 108, 80), nobody, (12, 24, 12), nobody
    shown = reasons_of(protect(with_reasons(full, *rows)))
    assert any(None in row for row in shown)


def followed(evaluation, window, control, treated):
    """So many of those drawn had been followed in every register outcome of a window."""
    names = {each.name for each in evaluation.trial.outcomes if getattr(each, "window", None) == window}
    n = (control, treated)

    def lost(arm):
        return (LossCount("exited", evaluation.flow.allocated[arm] - n[arm]),)

    rows = tuple(
        FollowUp(row.outcome, row.arm, n[row.arm], lost(row.arm)) if row.outcome in names else row
        for row in evaluation.flow.follow_up
    )
    levels = tuple(
        replace(row, control=at(row.control, control), intervention=at(row.intervention, treated))
        if row.outcome in names
        else row
        for row in evaluation.levels
    )
    effects = tuple(
        replace(row, n=control + treated, n_control=control, n_treated=treated) if row.outcome in names else row
        for row in evaluation.effects.rows
    )
    return replace(
        evaluation,
        flow=replace(evaluation.flow, follow_up=rows),
        levels=levels,
        effects=replace(evaluation.effects, rows=effects),
        warnings=(),
    )


def at(level, n):
    return replace(level, n=n, events=None if level.events is None else round(level.mean * n))


def with_account(evaluation, control, treated):
    account = evaluation.economics
    n = {"n": control + treated, "n_control": control, "n_treated": treated}
    lost = zip(("control", "intervention"), evaluation.flow.allocated, (control, treated), strict=True)
    short = Notice("W-FOLLOW-UP-SHORT", "economics", tuple((name, drawn - left) for name, drawn, left in lost))
    changed = replace(
        account,
        weeks_saved=replace(account.weeks_saved, **n),
        lines=tuple(replace(line, effect=replace(line.effect, **n)) for line in account.lines),
        warnings=(short,),
    )
    return replace(evaluation, economics=changed)


def test_an_account_that_follows_two_persons_more_than_the_outcomes_does_not_tell_its_numbers(full):
    control, treated = full.economics.weeks_saved.n_control, full.economics.weeks_saved.n_treated
    protected = protect(with_account(full, control + 2, treated + 2))
    account = protected.economics
    assert all(each.n is each.n_control is each.n_treated is None for each in (line.effect for line in account.lines))
    assert account.weeks_saved.n is None
    assert dict(account.warnings[0].facts) == {"control": "•", "intervention": "•"}
    assert [row.n for row in protected.effects.rows] == [row.n for row in full.effects.rows]
    for before, after in zip(full.economics.lines, account.lines, strict=True):
        if before.effect.std_error == 0:
            assert after.effect.estimate == before.effect.estimate
        else:
            assert after.effect.conf_low <= before.effect.conf_low <= before.effect.conf_high <= after.effect.conf_high
            assert after.effect.estimate % 100 == 0
            assert math.isnan(after.effect.std_error)


def test_of_two_windows_that_two_persons_tell_apart_the_later_told_keeps_its_numbers_hidden(full):
    two_years = next(each.window for each in full.trial.outcomes if each.name == "benefit_weeks")
    n = full.effects.rows[0].n_control, full.effects.rows[0].n_treated
    protected = protect(followed(replace(full, economics=None), two_years, n[0] - 2, n[1]))
    shown = {row.outcome: (row.n_control, row.n_treated) for row in protected.effects.rows}
    assert shown["job_weeks"] == n
    assert shown["benefit_weeks"] == (None, None)
    hidden = next(row for row in protected.flow.follow_up if (row.outcome, row.arm) == ("benefit_weeks", 0))
    assert hidden.observed is hidden.lost[0].n is None


def test_exits_that_make_the_difference_between_two_outcomes_do_not_tell_the_hidden_number(full):
    """Of 898, 875 are followed to a job and 861 on benefit, which the 14 who died are not."""
    two_years = next(each.window for each in full.trial.outcomes if each.name == "benefit_weeks")
    n = full.effects.rows[0].n_control, full.effects.rows[0].n_treated
    lost = followed(replace(full, economics=None), two_years, n[0] - 14, full.flow.allocated[1] - 3)
    exits = Notice("W-EXIT-COUNTED", "job_weeks", (("n_control", 14), ("n_intervention", n[1] + 3 - 480)))
    protected = protect(replace(lost, warnings=(exits,)))
    assert next(row for row in protected.effects.rows if row.outcome == "benefit_weeks").n is None
    assert dict(protected.warnings[0].facts)["n_control"] == 14


def test_the_account_is_hidden_where_the_cost_of_each_person_would_tell_how_many_were_drawn(full):
    blocks = tuple(BlockCount(label, 100, n) for label, n in (("A", 3), ("B", full.flow.allocated[1] - 3)))
    few = replace(full, flow=replace(full.flow, allocated=(200, full.flow.allocated[1]), blocks=blocks))
    protected = protect(few)
    assert (protected.flow.allocated[1] is None) == math.isnan(protected.economics.lines[0].effect.estimate)


def test_a_change_over_all_but_two_of_those_measured_is_rounded(full):
    (row,) = full.experienced
    observed = next(each.observed for each in full.flow.follow_up if (each.outcome, each.arm) == (row.outcome, 1))
    (shown,) = protect(replace(full, experienced=(replace(row, n=observed - 2),))).experienced
    assert shown.n is None
    assert (shown.before, shown.after, shown.change) == (38.4, 47.1, 8.7)
    assert (shown.conf_low, shown.conf_high) == (6.2, 11.2)
    (coarse,) = protect(
        replace(full, experienced=(replace(row, n=observed - 2, after=47.149, change=8.749),))
    ).experienced
    assert (coarse.after, coarse.change) == (47.1, 8.7)


def test_a_standardised_difference_of_rounded_shares_is_that_of_what_is_shown(full):
    label = Label("Forsørger", "Provider")
    arms = ArmLevel(896, 232 / 896, math.nan, 232), ArmLevel(480, 130 / 480, math.nan, 130)
    (shown,) = protect(replace(full, baseline=(BaselineRow("provider", label, "", "share", *arms, 0.0273),))).baseline
    assert (shown.control.n, shown.control.mean, shown.intervention.mean) == (None, 0.26, 0.27)
    assert shown.std_difference == round(0.01 / math.sqrt((0.26 * 0.74 + 0.27 * 0.73) / 2), 2)


def test_the_interval_of_rounded_shares_is_as_wide_as_a_reader_could_reckon_it():
    """Of 95 and 50 with a share of 0.5, the standard error is at most that of half of 95 and half of 50."""
    grid = Grid(0.02, (95, 50), 5)
    error = math.sqrt(0.25 / 94 + 0.25 / 49)
    assert grid.half_of_shares((0.5, 0.51), ((100, 50),), 0.95) == pytest.approx(stdtrit(49, 0.975) * error, rel=1e-12)
    unequal = grid.half_of_shares((0.5, 0.51), ((90, 10), (10, 40)), 0.95)
    assert unequal > 1.3 * grid.half_of_shares((0.5, 0.51), ((50, 25), (50, 25)), 0.95)


def test_a_hidden_number_is_as_large_as_the_next_one_shown_lets_a_reader_think():
    def fewest(*numbers):
        counts = [HeadCount(("persons", "0", str(n)), n, (numbers[0],)) for n in numbers]
        return judge(counts, 5).fewest(("persons", "0", str(numbers[-1])), numbers[-1])

    assert {fewest(300, n) for n in (296, 297, 298, 299)} == {295}
    assert fewest(300, 290, 297) == 295
    assert fewest(300, 290) == 290


def test_a_count_that_no_table_shows_is_protected_and_covers_nothing_by_being_hidden():
    """Of 20, 18 and 9 are in two groups, and so 7 in both; had it been 3, one of the others could not be shown."""

    def hidden(both):
        groups = [HeadCount((name,), n) for name, n in (("all", 20), ("a", 20 - 9 + both), ("b", 9))]
        parts = [
            HeadCount((name,), n, unseen=True) for name, n in (("both", both), ("a only", 11), ("b only", 9 - both))
        ]
        sums = [
            Sum(("all",), (("a",), ("b only",))),
            Sum(("a",), (("a only",), ("both",))),
            Sum(("b",), (("b only",), ("both",))),
        ]
        verdict = judge([*groups, *parts, *sums], 2)
        return {name for name in ("all", "a", "b") if verdict.hides((name,))}

    assert hidden(both=5) == set()
    assert hidden(both=1) == {"b"}


def test_one_person_covers_a_large_number_that_is_hidden_for_her_sake():
    sizes = np.array([30, 29, 1])
    relation = np.array([[-1.0, 1.0, 1.0]])
    sensitive = np.array([False, True, True])
    assert suppress(sizes, sensitive, relation).tolist() == [True, True, True]
    small = np.array([False, False, True])
    assert suppress(sizes, sensitive, relation, small=small).tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("fewest", "step"), [(1000, 0.01), (100, 0.01), (99, 0.02), (50, 0.02), (30, 0.05), (20, 0.05)]
)
def test_a_step_of_a_share_is_at_least_what_one_person_adds(fewest, step):
    levels = [ArmLevel(fewest, 0.3, math.nan, None)] * 2
    assert lay_grid(levels, (fewest, 2000), "share", 5).step == step
    assert lay_grid(levels, (19, fewest), "share", 5) is None


def test_a_step_of_a_number_is_at_least_what_a_person_one_standard_deviation_away_adds():
    levels = [ArmLevel(480, 2.3, 8.1, None), ArmLevel(480, 3.6, 9.9, None)]
    assert lay_grid(levels, (475, 480), "weeks", 5).step == 0.05
    assert lay_grid([ArmLevel(480, 0.0, 0.0, None)], (475,), "weeks", 5).round(1.2345) == 1.2345


def test_a_rounded_share_does_not_tell_of_a_few():
    grid = Grid(0.05, (40, 60), 5)
    assert [grid.tells_few(share) for share in (0.0, 0.12, 0.13, 0.5, 0.87, 0.88, 1.0)] == [
        False,
        True,
        False,
        False,
        False,
        True,
        False,
    ]
    assert grid.round(0.125) == 0.15
    assert grid.ends(0.15, 0.201) == (-0.15, 0.45)
    assert math.isnan(grid.ends(0.15, math.nan)[0])
