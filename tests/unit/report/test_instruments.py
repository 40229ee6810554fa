"""Questionnaires in the report and under disclosure control."""

import math
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from ctieval.domain.description import ArmLevel, OutcomeLevel
from ctieval.domain.instrument_table import Absent, Advice, ArmChange, InstrumentTable, InstrumentWave, Reliability
from ctieval.domain.outcome import InstrumentOutcome, MeasuredIn
from ctieval.domain.source import Source
from ctieval.domain.wording import Notice
from ctieval.outcomes.instruments import find_instrument
from ctieval.report.build import build_report
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT, HIDDEN, Interval, Measured
from ctieval.report.chapters.appendix.instruments import build_instruments
from ctieval.report.chapters.appendix.records import build_notices
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.effects import build_effects
from ctieval.report.chapters.target_group import build_target_group
from ctieval.report.disclosure.counts import HeadCount, judge
from ctieval.report.disclosure.instruments import gather_instruments
from ctieval.report.inline import plain
from ctieval.report.model import Missing, Table
from ctieval.report.protect import protect
from ctieval.report.resolve import walk

K, DRAWN = 5, 480
WHO5 = find_instrument("who5")
ADVICE = Advice(0.15, Source("Terwee et al. (2007)", "", "https://example.org", date(2026, 11, 22)), 10)


def wave(name, bands, floor=0, ceiling=0, *, drawn=DRAWN, arm=1, at_start=False, complete=None, **found):
    n = sum(bands)
    reliability = Reliability(n if complete is None else complete, 0.81, 0.77, 0.84, 0.95, 0.82)
    level = ArmLevel(n, 46.9 if name == "12m" else 38.4, 19.0, None)
    described = replace(reliability, **found)
    return InstrumentWave("who5", name, at_start, arm, level, drawn - n, bands, floor, ceiling, described)


def table_of(*waves, changes=()):
    return InstrumentTable((WHO5,), waves, changes, ADVICE)


START, LATER = wave("start", (160, 130, 110), 11, 0, at_start=True), wave("12m", (91, 100, 160), 7, 9)


@pytest.fixture
def asked(full):
    """The evaluation with these waves of WHO-5; START and LATER where none are given."""
    return lambda *waves, **rest: replace(full, instruments=table_of(*(waves or (START, LATER)), **rest))


@pytest.fixture
def asked_both(asked):
    """The same, with WHO-5 measured in both arms."""

    def both(*waves, **rest):
        evaluation = asked(*waves, **rest)
        outcomes = tuple(
            replace(each, measured_in=MeasuredIn.BOTH) if isinstance(each, InstrumentOutcome) else each
            for each in evaluation.trial.outcomes
        )
        levels = [
            OutcomeLevel("who5", ArmLevel(500, 45.0, 19.0, None), each.intervention) if each.outcome == "who5" else each
            for each in evaluation.levels
        ]
        trial = replace(evaluation.trial, outcomes=outcomes)
        return replace(evaluation, trial=trial, levels=tuple(levels), experienced=())

    return both


def context_of(evaluation, lang="da"):
    return Context(protect(evaluation), load_catalogue(lang))


def tables(section):
    return {block.id: block for each in walk((section,)) for block in each.blocks if isinstance(block, Table)}


def by_name(table):
    return {row.cells[0]: row.cells[1:] for row in table.rows}


def test_where_nothing_is_small_nothing_changes(asked):
    evaluation = asked()
    protected = protect(evaluation)
    assert protected.suppression.counts == 0
    assert protected.instruments == evaluation.instruments


def test_what_was_answered_before_stands_with_the_target_group(asked):
    table = tables(build_target_group(context_of(asked())))["answers-start"]
    rows = by_name(table)
    assert [column.key for column in table.columns] == ["answer", "intervention"]
    assert [cell.value for cell in rows["Gennemsnit (point)"]] == [38.4]
    assert [cell.value for cell in rows["Kan være i stor risiko for depression eller stress, 0\u201335 (pct.)"]] == [
        160 / 400
    ]
    assert [cell.value for cell in rows["Personer uden en score"]] == [80.0]
    assert "Kun indsatsgruppen er spurgt." in table.note


def test_bands_before_and_after_stand_beside_what_was_experienced(asked):
    section = next(each for each in walk((build_effects(context_of(asked(), "en")),)) if each.id == "experienced")
    table = tables(section)["bands"]
    assert [cell.value for cell in by_name(table)["Not immediately at risk, 51\u2013100 (%)"]] == [110 / 400, 160 / 351]
    assert "Ergoterapeutforeningen" in table.source
    assert "bands-arms" not in tables(build_effects(context_of(asked())))


def test_both_arms_stand_beside_each_other_where_both_were_asked(asked_both):
    control = [
        wave("start", (200, 150, 160), drawn=898, arm=0, at_start=True),
        wave("12m", (180, 120, 200), drawn=898, arm=0),
    ]
    change = ArmChange("who5", 0, 450, 40.0, 45.0, 5.0, 3.0, 7.0, 0.95, "points")
    context = context_of(asked_both(START, control[0], LATER, control[1], changes=(change,)))
    effects = build_effects(context)
    assert "bands" not in tables(effects)
    shown = by_name(tables(effects)["bands-arms"])["Ikke umiddelbart i risiko, 51\u2013100 (pct.)"]
    assert [cell.value for cell in shown] == [110 / 400, 160 / 351, 160 / 510, 200 / 500]
    start = tables(build_target_group(context))["answers-start"]
    assert [column.key for column in start.columns] == ["answer", "intervention", "control"]
    assert "Kun indsatsgruppen" not in start.note
    (section,) = build_instruments(context)
    row = tables(section)["answer-changes"].rows[0]
    assert row.cells[3:] == (5.0, Interval(3.0, 7.0, 0.95), 450)


def test_reliability_floor_and_ceiling_stand_in_the_appendix(asked):
    (section,) = build_instruments(context_of(asked()))
    found = by_name(tables(section)["reliability"])["Måling »12m«, Indsats"]
    shares = [cell.value for cell in found[4:]]
    assert found[:4] == (351, 0.81, Interval(0.77, 0.84, 0.95), 0.82)
    assert shares == [7 / 351, 9 / 351]
    assert "Mere end 15 pct." in tables(section)["reliability"].note
    assert "mindst 10 personer" in tables(section)["reliability"].note


@pytest.mark.parametrize("lang", ["da", "en"])
@pytest.mark.parametrize("reason", list(Absent))
def test_what_is_absent_is_a_dash_and_the_note_says_why(reason, lang, asked):
    nan = math.nan
    changed = {"omega": nan, "omega_absent": reason}
    if reason is not Absent.HEYWOOD:
        changed |= {"alpha": nan, "alpha_low": nan, "alpha_high": nan, "alpha_absent": reason}
    context = context_of(asked(START, wave("12m", (91, 100, 160), 7, 9, **changed)), lang)
    (section,) = build_instruments(context)
    table = tables(section)["reliability"]
    last = table.rows[-1].cells
    assert last[4] is ABSENT
    assert (last[2] is ABSENT) == (reason is not Absent.HEYWOOD)
    assert context.text(f"instruments.absent.{reason.value}") in table.note


@pytest.mark.parametrize("name", ["who5", "gse", "cantril"])
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_instrument_has_a_card_with_its_source(name, lang, asked):
    evaluation = asked()
    instrument = find_instrument(name)
    rows = tuple(replace(row, instrument=name, bands=row.bands if instrument.bands else ()) for row in (START, LATER))
    one = replace(evaluation, instruments=replace(evaluation.instruments, instruments=(instrument,), waves=rows))
    (section,) = build_instruments(context_of(one, lang))
    (card,) = section.blocks[1].items
    assert instrument.source.href in plain(card)
    build_report(protect(one), lang)


def test_reversed_items_are_named(asked):
    evaluation = asked()
    turned = replace(WHO5, reverse=(2, 4), minimum_answered=3)
    one = replace(evaluation, instruments=replace(evaluation.instruments, instruments=(turned,)))
    (section,) = build_instruments(context_of(one, "en"))
    assert "These items are reversed: 2, 4." in plain(section.blocks[1].items[0])
    assert "at least 3 items" in plain(section.blocks[1].items[0])


def test_answers_that_the_plan_asks_for_and_nobody_handed_in_are_missing(full):
    context = context_of(full, "en")
    section = next(each for each in walk((build_target_group(context),)) if each.id == "answers")
    (block,) = section.blocks
    assert isinstance(block, Missing)
    assert "survey.csv" in block.needed
    assert build_instruments(context) == ()


def test_a_trial_without_questionnaires_says_nothing_of_them(bare):
    context = context_of(bare)
    assert build_instruments(context) == ()
    assert "answers" not in [each.id for each in walk((build_target_group(context),))]


def test_a_heywood_case_is_told_by_the_title_of_the_instrument(asked):
    table = replace(asked().instruments, instruments=(WHO5, find_instrument("gse")))
    evaluation = replace(asked(), warnings=(Notice("W-OMEGA-HEYWOOD", "gse"),), instruments=table)
    points = [plain(point) for point in build_notices(context_of(evaluation, "en")).blocks[1].items]
    assert any(point.startswith("General Self-Efficacy Scale: McDonald's omega") for point in points)


def test_a_small_band_takes_another_with_it_and_the_report_shows_neither(asked):
    context = context_of(asked(START, wave("12m", (3, 148, 200), 0, 9)))
    row = context.evaluation.instruments.waves[1]
    assert row.bands == (None, None, 200)
    shown = by_name(tables(build_effects(context))["bands"])
    assert [cells[1] for cells in shown.values() if len(cells) > 1][:2] == [HIDDEN, HIDDEN]


def test_a_small_floor_is_hidden(asked):
    context = context_of(asked(START, wave("12m", (91, 100, 160), 2, 9)))
    assert (context.evaluation.instruments.waves[1].floor, context.evaluation.instruments.waves[1].ceiling) == (None, 9)
    (section,) = build_instruments(context)
    assert tables(section)["reliability"].rows[-1].cells[5] is HIDDEN


def test_a_floor_that_leaves_few_of_its_band_is_hidden(asked):
    row = protect(asked(START, wave("12m", (91, 100, 160), 89, 9))).instruments.waves[1]
    assert row.floor is None or row.bands[0] is None


def test_alpha_loses_its_interval_where_the_number_of_persons_is_hidden(asked):
    """349 of 351 answered every item; alpha and its interval would tell how many."""
    row = protect(asked(START, wave("12m", (91, 100, 160), 7, 9, complete=349, alpha=0.81234))).instruments.waves[1]
    assert (row.reliability.n, row.reliability.alpha, row.reliability.omega) == (None, 0.81, 0.82)
    assert math.isnan(row.reliability.alpha_low)
    (section,) = build_instruments(context_of(asked(START, wave("12m", (91, 100, 160), complete=349))))
    assert tables(section)["reliability"].rows[-1].cells[1:5] == (HIDDEN, 0.81, HIDDEN, 0.82)


def test_of_four_persons_nothing_is_shown(asked):
    row = protect(asked(START, wave("12m", (1, 1, 2), 1, 1))).instruments.waves[1]
    assert (row.level.n, row.bands, row.floor, row.ceiling) == (None, (None,) * 3, None, None)
    assert np.isnan([row.level.mean, row.level.std, row.reliability.alpha, row.reliability.omega]).all()


def test_a_small_change_is_hidden(asked_both):
    change = ArmChange("who5", 1, 3, 40.0, 45.0, 5.0, 3.0, 7.0, 0.95, "points")
    (row,) = protect(asked_both(changes=(change,))).instruments.changes
    assert row.n is None
    assert np.isnan([row.before, row.after, row.change, row.conf_low]).all()


def test_those_measured_twice_who_nearly_are_those_measured_before_are_hidden(asked, full):
    """302 have both, 304 have the first: the difference of the two means would be that of two persons."""
    row = wave("start", (160, 100, 44), at_start=True)
    assert full.experienced[0].n == 302
    assert protect(asked(row, LATER)).experienced[0].n is None


def test_every_report_can_be_built_whatever_is_hidden(asked):
    for bands in ((0, 0, 0), (1, 0, 0), (3, 3, 3), (0, 351, 0)):
        for lang in ("da", "en"):
            build_report(protect(asked(START, wave("12m", bands))), lang)


@st.composite
def answered(draw):
    """Persons at the floor, in the rest of each band and at the ceiling, and those without a score."""
    cells = [draw(st.sampled_from([0, 1, 2, 3, 4, 6, 9, 40])) for _ in range(6)]
    cells[draw(st.integers(0, 5))] += 40
    return tuple(cells)


def counts_of(cells):
    """What is shown of them: without a score, with one, the bands, floor and ceiling."""
    unscored, floor, low, middle, high, ceiling = cells
    bands = (floor + low, middle, high + ceiling)
    return np.array([unscored, sum(bands), *bands, floor, ceiling])


@pytest.fixture(scope="session")
def whole(full):
    """The evaluation, without its long repr in every example."""
    return lambda: full


@settings(max_examples=150)
@given(cells=answered())
def test_no_small_count_can_be_worked_out(cells, whole):
    drawn = sum(cells)
    unscored, floor, low, middle, high, ceiling = cells
    row = wave("12m", (floor + low, middle, high + ceiling), floor, ceiling, drawn=drawn)
    flow = replace(whole().flow, allocated=(898, drawn))
    evaluation = replace(whole(), instruments=table_of(row), experienced=(), flow=flow)
    everybody = HeadCount(("persons", "1", str(drawn)), drawn)
    verdict = judge((everybody, *gather_instruments(evaluation)), K)
    hidden = verdict.primary | verdict.secondary
    keys = [("lost", "1", "no_answer", str(unscored)), ("persons", "1", str(drawn - unscored))]
    keys += [("band", "who5", "12m", "1", str(number)) for number in range(3)]
    keys += [("end", "who5", "12m", "1", name) for name in ("floor", "ceiling")]
    known = np.array([key not in hidden for key in keys])
    true = counts_of(cells)
    weights = np.array([counts_of(one) for one in np.eye(6, dtype=int)]).T
    low_end = np.append(np.where(known, true, 1), drawn)
    high_end = np.append(np.where(known, true, np.inf), drawn)
    rows = np.vstack([weights, np.ones(6)])
    for number in np.flatnonzero((true > 0) & (true < K)):
        ends = [
            milp(
                sign * weights[number],
                constraints=LinearConstraint(rows, low_end, high_end),
                integrality=np.ones(6),
                bounds=Bounds(0, 1000),
            ).x
            @ weights[number]
            for sign in (1, -1)
        ]
        assert not known[number]
        assert round(ends[1]) > round(ends[0])


def test_measured_cells_carry_their_kind(asked):
    table = tables(build_target_group(context_of(asked())))["answers-start"]
    assert all(isinstance(cell, Measured) for row in table.rows[1:] for cell in row.cells[1:])
