import math
from dataclasses import replace

import pytest

from ctieval.domain.cost_benefit import Account, View
from ctieval.domain.costing import Costing
from ctieval.domain.outcome import Amount, AmountOutcome, BetterWhen, FullTime, Role, StateOutcome
from ctieval.domain.posting import Entry
from ctieval.domain.wording import MissingInput, Notice
from ctieval.report.build import build_report
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT, HIDDEN, Interval, Measured, RowRole
from ctieval.report.chapters.account import net_results, net_sentence
from ctieval.report.chapters.appendix.flow import build_flow
from ctieval.report.chapters.appendix.methods import build_methods
from ctieval.report.chapters.appendix.records import build_notices
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.economy.chapter import build_economy
from ctieval.report.chapters.effects import build_effects
from ctieval.report.chapters.sentences import finding_list, finding_sentence, headline
from ctieval.report.chapters.summary import build_summary
from ctieval.report.chapters.values import telling_decimals, to_interval, to_mean
from ctieval.report.fmt import MINUS, NBSP, Fmt
from ctieval.report.inline import plain
from ctieval.report.model import Box, Figure, KeyFigures, Missing, Para, Table
from ctieval.report.protect import protect
from ctieval.report.rate_names import name_rate
from ctieval.report.resolve import walk

COSTED = Costing((), (), at_scale=None, hours=None, reconciled=(), horizon_weeks=104, gross=True)
"""That costs were reckoned by ingredients; which, is told elsewhere."""


def context_of(evaluation, lang="da"):
    return Context(protect(evaluation), load_catalogue(lang))


def said(text):
    """The text as a typist would write it."""
    return plain(text).replace(NBSP, " ").replace(MINUS, "-")


def blocks(section, kind):
    return [block for each in walk((section,)) for block in each.blocks if isinstance(block, kind)]


def with_effect(full, number=0, **changes):
    rows = list(full.effects.rows)
    rows[number] = replace(rows[number], **changes)
    return replace(full, effects=replace(full.effects, rows=tuple(rows)))


def test_an_effect_within_the_smallest_that_matters_is_ruled_out_by_name(full):
    wide = replace(full.trial.outcomes[0], smallest_relevant=50.0)
    trial = replace(full.trial, outcomes=(wide, *full.trial.outcomes[1:]))
    for lang, headed in (("da", "udelukker en effekt"), ("en", "rules out an effect")):
        context = Context(replace(full, trial=trial), load_catalogue(lang))
        sentence = headline(context, context.effects()[0])
        assert headed in sentence
        assert "50" in said(sentence)


def test_the_headline_says_the_conclusion_and_the_numbers(full):
    context = context_of(full)
    assert said(headline(context, context.effects()[0])) == (
        "Forsøget viser en positiv effekt på det primære mål »Uger i ordinært job, første år«. "
        "Den målte effekt er +1,3 uger (95 pct. konfidensinterval [0,3; 2,4]), "
        "og hele intervallet ligger på den gunstige side af nul."
    )


def test_an_effect_on_a_share_is_told_in_percentage_points(full):
    context = context_of(full, "en")
    assert said(finding_sentence(context, context.effects()[1])) == (
        "Ordinary job for at least a week: "
        "The measured effect is +4.5 percentage points (95% confidence interval [0.8, 8.3]). "
        "The whole interval lies on the better side of zero."
    )


def test_fewer_weeks_on_benefit_are_a_gain(full):
    context = context_of(with_effect(full, 3, estimate=-5.0, conf_low=-8.0, conf_high=-2.0))
    assert "på den gunstige side" in finding_sentence(context, context.effects()[3])
    worse = context_of(with_effect(full, 3, estimate=5.0, conf_low=2.0, conf_high=8.0))
    assert "på den ugunstige side" in finding_sentence(worse, worse.effects()[3])


def test_effects_are_listed_by_what_they_show(full):
    context = context_of(full)
    points = [said(point) for point in finding_list(context, context.effects(Role.SECONDARY))]
    assert [point.partition(":")[0] for point in points] == [
        "Positiv effekt",
        "Uafklaret, fordi intervallet rummer både gevinst og tab",
    ]
    assert points[1].endswith("Uger på offentlig ydelse, to år (-1,1 uger, 95 pct. KI [-3,4; 1,2]).")


def test_an_interval_that_leaves_out_zero_is_not_printed_as_if_it_held_it(full):
    effect = replace(full.effects.rows[0], estimate=1.7, conf_low=0.04, conf_high=3.4)
    assert telling_decimals(effect, Fmt("da")) == 2
    assert telling_decimals(replace(effect, conf_low=-0.04), Fmt("da")) is None
    context = context_of(with_effect(full, estimate=1.7, conf_low=0.04, conf_high=3.4))
    assert "[0,04; 3,40]" in said(headline(context, context.effects()[0]))


def test_every_key_figure_carries_its_interval(full):
    figures = blocks(build_summary(context_of(full)), KeyFigures)[0].items
    assert len(figures) == 4
    assert all(isinstance(figure.interval, Interval) for figure in figures)
    assert [each.value.value for each in figures[-2:]] == pytest.approx([-20_760, -20_410])
    assert "efter refusion, ordinær drift" in figures[-2].label
    assert "efter skat og udligning, ordinær drift" in figures[-1].label


def test_a_hidden_effect_is_marked_in_the_summary_the_table_and_left_out_of_the_figure(full):
    context = context_of(with_effect(full, n_treated=3))
    assert said(headline(context, context.effects()[0])) == (
        "Effekten på det primære mål »Uger i ordinært job, første år« vises ikke, fordi for få personer ligger bag "
        "tallet."
    )
    figures = blocks(build_summary(context), KeyFigures)[0].items
    assert figures[0].value is HIDDEN
    chapter = build_effects(context)
    forest = blocks(chapter, Figure)[0]
    assert "Uger i ordinært job, første år" not in {row.label for row in forest.draw.rows}
    row = next(row for row in blocks(chapter, Table)[1].rows if str(row.cells[0]).startswith("Uger i ordinært"))
    assert set(row.cells[1:]) == {HIDDEN}


def test_an_effect_without_an_interval_is_absent_not_hidden(full):
    nan = math.nan
    context = context_of(with_effect(full, conf_low=nan, conf_high=nan, p_value=nan, df=nan, std_error=0.0))
    assert to_interval(context.effects()[0]) is ABSENT
    assert "kan ikke opgøres" in headline(context, context.effects()[0])
    assert blocks(build_summary(context), KeyFigures)[0].items[0].note


def test_the_effect_table_groups_by_role_and_gives_levels(full):
    table = blocks(build_effects(context_of(full)), Table)[1]
    assert [row.cells[0] for row in table.rows if row.role is RowRole.GROUP] == [
        "Primære mål",
        "Sekundære mål",
        "Eksplorative mål",
    ]
    assert table.columns[-1].key == "n"
    first = table.rows[1]
    assert [cell.value for cell in first.cells[1:4]] == pytest.approx([3.64, 2.31, 1.33])
    assert first.cells[-1] == full.effects.rows[0].n


def test_experienced_results_stand_apart_and_warn(full):
    experienced = build_effects(context_of(full)).sections[0]
    table = blocks(experienced, Table)[0]
    assert isinstance(table.rows[0].cells[3], Measured)
    assert table.rows[0].cells[3].value == 8.7
    assert "ikke en effekt" in experienced.blocks[-1].title


def test_the_municipality_in_ordinary_operation_comes_first(full):
    lines = net_results(context_of(full))
    assert [(line.view, line.account) for line in lines] == [
        (View.ORDINARY_OPERATION, Account.M0),
        (View.ORDINARY_OPERATION, Account.M2),
        (View.ORDINARY_OPERATION, Account.STATE),
        (View.AS_FUNDED, Account.M0),
        (View.AS_FUNDED, Account.M2),
        (View.AS_FUNDED, Account.STATE),
    ]
    assert said(net_sentence(context_of(full), lines[0])) == (
        "Kommunen efter refusion, ordinær drift: Nettoresultatet er -20.760 kr. pr. udtrukket person over 104 uger (95 "
        "pct. konfidensinterval [-24.206; -17.314]). Hele intervallet ligger under nul: en nettoudgift."
    )


def test_a_gross_saving_is_never_told_outside_its_account(full):
    report = build_report(protect(full), "da")
    saved = next(line for line in full.economics.lines if line.line is Entry.BENEFIT)
    holding = [
        block.id
        for each in walk(report.sections)
        for block in each.blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
        if isinstance(cell, Measured) and cell.value == saved.effect.estimate
    ]
    assert set(holding) == {"account"}


def test_lines_add_up_to_each_rung_in_the_table(full):
    """Of the municipality: three lines and the sum after refund, three more and the sum after equalisation."""
    table = next(table for table in blocks(build_economy(context_of(full)), Table) if table.id == "account")
    rows = table.rows[1:10]
    amounts = [row.cells[1].value for row in rows if row.role is RowRole.SUB and isinstance(row.cells[1], Measured)]
    totals = [row.cells[1].value for row in rows if row.role is RowRole.TOTAL]
    assert totals == pytest.approx([sum(amounts[:3]), sum(amounts)])
    assert rows[2].cells[2] is ABSENT


def test_every_result_stands_with_the_displacement_that_uses_a_gain_up(full):
    table = next(table for table in blocks(build_economy(context_of(full)), Table) if table.id == "account-results")
    shown = {str(row.cells[0]): row.cells for row in table.rows if row.role is not RowRole.GROUP}
    assert list(shown) == [
        "Kommunen efter refusion",
        "Kommunen efter skat og udligning",
        "Staten efter skat og afgifter",
        "Samfundet",
    ]
    assert shown["Staten efter skat og afgifter"][-1] == 0.4
    assert shown["Kommunen efter refusion"][-1] is ABSENT


def test_results_per_participant_have_a_table_of_their_own_or_say_why_not(full):
    net = build_economy(context_of(full)).sections[1]
    assert [table.id for table in blocks(net, Table)] == ["account-results", "account", "account-participants"]
    few = replace(full.economics, per_participant=replace(full.economics.per_participant, participants=(0, 3)))
    hidden = build_economy(context_of(protect(replace(full, economics=few)))).sections[1]
    assert [table.id for table in blocks(hidden, Table)] == ["account-results", "account"]
    assert any("for få personer" in said(para.text) for para in blocks(hidden, Para))


def test_a_cost_by_ingredients_is_told_by_the_line_of_the_programme(full):
    total = tuple(use for use in full.economics.rates if use.rate != "programme_cost")
    costed = replace(full, costing=COSTED, economics=replace(full.economics, rates=total))
    words = load_catalogue("da")
    told = said(build_economy(Context(costed, words)).sections[0].blocks[0].text)
    assert told.startswith("Indsatsen har kostet 31.000 kr. pr. person")
    assert "ressourcer" in told
    nowhere = replace(costed, economics=replace(costed.economics, lines=()))
    assert "31.000" not in str(build_economy(Context(nowhere, words)).sections[0].blocks)


def test_without_an_account_the_chapter_says_what_is_lacking(full):
    sections = build_economy(context_of(replace(full, economics=None))).sections
    assert [block.needed for section in sections for block in blocks(section, Missing)]
    assert len(sections) == 2


def test_without_taxes_it_is_said_that_the_result_is_before_them(full):
    bare = tuple(each for each in full.economics.lines if each.account is Account.M0)
    context = context_of(replace(full, economics=replace(full.economics, lines=bare, per_participant=None)))
    box = blocks(build_economy(context), Box)[0]
    told = " ".join(said(each) for each in box.blocks[0].items)
    assert "før skat af ydelse og løn" in told
    assert "bloktilskuddet" not in told


def test_without_a_cost_the_net_result_is_missing_and_says_which_file(full):
    without = tuple(line for line in full.economics.lines if line.line in (Entry.BENEFIT, Entry.REFUND))
    missing = (
        *full.economics.missing,
        replace(full.economics.missing[0], what="economics.programme_cost", file="x.toml"),
    )
    context = context_of(replace(full, economics=replace(full.economics, lines=without, results=(), missing=missing)))
    costs = build_economy(context).sections[0]
    assert "x.toml" in blocks(costs, Missing)[0].needed
    assert net_results(context) == ()
    assert len(blocks(build_summary(context), KeyFigures)[0].items) == 4


def test_without_a_saving_the_cost_still_stands_and_no_table_of_it_alone(full):
    missing = (
        MissingInput("economics.benefit", "rates/benefits.toml", (("benefit", "521 Voksenlærlinge"),)),
        MissingInput("economics.benefit_rate", "rates/sickness_benefit.toml", (("benefit", "sickness_benefit"),)),
    )
    context = context_of(
        replace(full, economics=replace(full.economics, lines=(), results=(), missing=missing, per_participant=None))
    )
    costs, net = build_economy(context).sections
    assert "31.000 kr." in said(costs.blocks[0].text)
    assert "29.167 kr." in said(costs.blocks[1].text)
    assert blocks(net, Table) == []
    assert [block.what for block in blocks(net, Missing)] == [
        "Prisen på uger med koden 521 Voksenlærlinge",
        "Satsen for sygedagpenge, som deltagere har modtaget",
    ]


def test_a_benefit_without_a_price_is_named_with_its_weeks(full):
    notices = (
        Notice("W-BENEFIT-UNPRICED", "521 Voksenlærlinge", (("person_weeks", 7),)),
        Notice("W-BENEFIT-UNPRICED", "sickness_benefit", (("person_weeks", 2),)),
    )
    shown = protect(replace(full, warnings=(), economics=replace(full.economics, warnings=notices)))
    points = build_notices(context_of(shown)).blocks[1].items
    assert points[0].startswith("Satsen er ikke kendt for 521 Voksenlærlinge (7 personuger).")
    assert points[1].startswith(f"Satsen er ikke kendt for sygedagpenge ({HIDDEN.value} personuger).")


@pytest.mark.parametrize(
    ("better", "label"),
    [
        (BetterWhen.HIGHER, "Flyttet eller udrejst"),
        (BetterWhen.LOWER, "Flyttet, udrejst, død eller på folkepension"),
    ],
)
def test_the_dead_are_named_among_the_lost_where_less_is_better(full, better, label):
    turned = tuple(replace(outcome, better_when=better) for outcome in full.trial.outcomes)
    (chart,) = blocks(build_flow(context_of(replace(full, trial=replace(full.trial, outcomes=turned)))), Figure)
    assert label in {row.cells[0] for row in chart.rows}


def test_the_states_and_measures_of_the_declared_outcomes_are_defined_with_the_code_list(full):
    (table,) = (each for each in blocks(build_methods(context_of(full)), Table) if each.id == "definitions")
    used = {outcome.state for outcome in full.trial.outcomes if isinstance(outcome, StateOutcome)}
    measures = {outcome.measure for outcome in full.trial.outcomes if isinstance(outcome, StateOutcome)}
    names = [row.cells[0] for row in table.rows]
    assert len(names) == len(set(names)) == len(used) + len(measures)
    assert names[-1] == "Fastholdelse i mindst 26 uger"
    assert "2015-11" in table.note
    assert "2015-11" in table.source


@pytest.mark.parametrize("amount", list(Amount))
@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_amount_has_its_definition_and_full_time_its_source(full, amount, lang):
    full_time = FullTime(160.33, "The agreement") if amount is Amount.ORDINARY_HOURS_SHARE else None
    first, *others = full.trial.outcomes
    common = {name: getattr(first, name) for name in ("name", "label", "role", "better_when", "measured_in")}
    outcome = AmountOutcome(**common, amount=amount, window=first.window, full_time=full_time)
    changed = replace(full, trial=replace(full.trial, outcomes=(outcome, *others)))
    (table,) = (each for each in blocks(build_methods(context_of(changed, lang)), Table) if each.id == "definitions")
    said = " ".join(str(row.cells[1]) for row in table.rows)
    assert ("The agreement" in said) == (full_time is not None)
    assert len(table.rows) == len({row.cells[0] for row in table.rows})


def test_without_outcomes_of_weeks_nothing_is_defined(bare):
    assert [each.id for each in blocks(build_methods(context_of(bare)), Table)] == ["methods"]


def test_notices_of_one_kind_are_told_once(full):
    names = [effect.outcome for effect in full.effects.rows]
    notices = tuple(Notice("W-MISSING-OUTCOME", name) for name in names)
    context = context_of(replace(full, warnings=notices, economics=None))
    points = build_notices(context).blocks[1].items
    assert len(points) == 1
    assert points[0].startswith("Alle mål, der er målt i begge grupper: ")
    two = context_of(replace(full, warnings=notices[:2], economics=None))
    assert (
        build_notices(two)
        .blocks[1]
        .items[0]
        .startswith("Uger i ordinært job, første år; Ordinært job i mindst én uge: ")
    )


def test_years_in_a_notice_have_no_thousands_mark(full):
    points = build_notices(context_of(full)).blocks[1].items
    assert any("fra 2018 til 2020" in point for point in points)


def test_rates_are_named_and_steps_say_where_they_start(full):
    context = context_of(full)
    assert name_rate(context.words, "refund_share[53]") == "Statens andel af ydelsen fra uge 53"
    assert name_rate(context.words, "cash_benefit_other") == "Kontanthjælp, ikke-forsørger"
    assert name_rate(context.words, "municipal_tax_153") == "Kommuneskat, Brøndby"
    assert name_rate(context.words, "state_tax") == "Statsskat"
    assert name_rate(context.words, "own_rate[2]") == "own_rate[2]"


def test_a_mean_says_whether_it_is_hidden_or_absent(full):
    level = full.levels[0].control
    assert to_mean(replace(level, mean=math.nan, n=None), "weeks") is HIDDEN
    assert to_mean(replace(level, mean=math.nan, n=0), "weeks") is ABSENT
    assert to_mean(None, "weeks") is ABSENT
