"""Two evaluations made by hand: one complete and invented, one that says nothing beyond its effects."""

import math
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from ctieval.domain.allocation import Declared, Proven
from ctieval.domain.arms import Arms
from ctieval.domain.cost_benefit import (
    Account,
    AccountLine,
    AccountResult,
    CostBenefit,
    ParticipantResult,
    PaymentBasis,
    PerParticipant,
    RateUse,
    View,
)
from ctieval.domain.criterion import ActivityReady, Eligibility, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.description import ArmLevel, BaselineRow, ExperiencedRow, OutcomeLevel
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.effect_table import Effect, EffectTable
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import BlockCount, ExclusionCount, FollowUp, LossCount, ParticipantFlow, ScreeningFlow
from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.domain.outcome import (
    BetterWhen,
    ColumnOutcome,
    InstrumentOutcome,
    Measure,
    MeasuredIn,
    Role,
    State,
    StateOutcome,
)
from ctieval.domain.posting import Entry
from ctieval.domain.provenance import Provenance
from ctieval.domain.source import Source
from ctieval.domain.state_paths import PATH_CURVES, PATH_STATES, ArmStates, Placebo, StateCurve, StatePaths
from ctieval.domain.trial import (
    AnalysisTable,
    BaselineVariable,
    EconomicsPlan,
    ImportedAllocation,
    ImportedDesign,
    PlannedDraw,
    RegisterFolder,
    ReportPlan,
    Trial,
)
from ctieval.domain.units import Unit
from ctieval.domain.window import Window
from ctieval.domain.wording import Label, MissingInput, Notice, Phrase

ARMS = Arms("Indsatsgruppe", "Kontrolgruppe")
DRAWN = {"153": (398, 120), "260": (116, 80), "550": (132, 110), "846": (129, 85), "849": (123, 85)}
CONTROL, TREATED = (sum(arm) for arm in zip(*DRAWN.values(), strict=True))
LOST = {0: {"exited": 9, "follow_up_ended": 14}, 1: {"exited": 6, "follow_up_ended": 8}}
SEEN = (CONTROL - 23, TREATED - 14)
METHOD = "blocked_difference_neyman_satterthwaite"
SIMULATED = Source("Simuleret overlay", "", "", date(2026, 11, 1), simulated=True)
LAW = Source("Bekendtgørelse om satser", "§ 68 stk. 5", "https://www.bm.dk/satser", date(2026, 11, 1))


def share(n, events):
    return ArmLevel(n, events / n, math.nan, events)


def number(n, mean, std):
    return ArmLevel(n, mean, std, None)


def effect(outcome, control, treated, unit, window=""):
    def variance(level):
        spread = level.mean * (1 - level.mean) if unit == "share" else level.std**2
        return spread / level.n

    estimate = treated.mean - control.mean
    error = math.sqrt(variance(control) + variance(treated))
    return Effect(
        outcome=outcome,
        estimand="ate_persons",
        contrast=ARMS.contrast,
        estimate=estimate,
        std_error=error,
        statistic=estimate / error,
        df=float(control.n + treated.n - 10),
        p_value=math.erfc(abs(estimate / error) / math.sqrt(2)),
        conf_low=estimate - 1.96 * error,
        conf_high=estimate + 1.96 * error,
        conf_level=0.95,
        n=control.n + treated.n,
        n_treated=treated.n,
        n_control=control.n,
        unit=unit,
        window=window,
        method=METHOD,
    )


def state(name, label, which, measure, *, role=Role.SECONDARY, better=BetterWhen.HIGHER, end=52):
    return StateOutcome(
        name=name,
        label=label,
        role=role,
        better_when=better,
        state=which,
        measure=measure,
        window=Window(0, end),
    )


OUTCOMES = (
    state(
        "job_weeks",
        Label("Uger i ordinært job, første år", "Weeks in ordinary job, first year"),
        State.ORDINARY_JOB,
        Measure.WEEKS,
        role=Role.PRIMARY,
    ),
    state(
        "job_ever",
        Label("Ordinært job i mindst én uge", "Ordinary job for at least a week"),
        State.ORDINARY_JOB,
        Measure.EVER,
    ),
    state(
        "company_ever", Label("Virksomhedsrettet indsats", "Company-based measure"), State.COMPANY_MEASURE, Measure.EVER
    ),
    state(
        "benefit_weeks",
        Label("Uger på offentlig ydelse, to år", "Weeks on public benefit, two years"),
        State.BENEFIT,
        Measure.WEEKS,
        better=BetterWhen.LOWER,
        end=104,
    ),
    state(
        "job_retained",
        Label("Fastholdelse i ordinært job i mindst et halvt år", "Retention in ordinary job for at least half a year"),
        State.ORDINARY_JOB,
        Measure.RETAINED_26,
        role=Role.EXPLORATORY,
    ),
    InstrumentOutcome(
        name="who5",
        label=Label("Trivsel (WHO-5)", "Well-being (WHO-5)"),
        role=Role.SECONDARY,
        better_when=BetterWhen.HIGHER,
        measured_in=MeasuredIn.INTERVENTION,
        instrument="who5",
        wave="12m",
        baseline_wave="start",
    ),
)

LEVELS = {
    "job_weeks": (number(SEEN[0], 2.31, 8.1), number(SEEN[1], 3.64, 9.9)),
    "job_ever": (share(SEEN[0], 88), share(SEEN[1], 68)),
    "company_ever": (share(SEEN[0], 131), share(SEEN[1], 124)),
    "benefit_weeks": (number(SEEN[0], 93.2, 20.0), number(SEEN[1], 92.1, 21.0)),
    "job_retained": (share(SEEN[0], 31), share(SEEN[1], 17)),
}


def make_trial():
    return Trial(
        title=Label("Social støtte i overgang til og fastholdelse i job", "Social support in the transition to work"),
        start=date(2018, 2, 1),
        end=date(2020, 4, 1),
        arms=ARMS,
        data=RegisterFolder(
            folder=Path("data"),
            rates=None,
            covers=None,
            source=Label("Registerudtræk fra de fem kommuner", "Register extracts of the five municipalities"),
            simulated=True,
        ),
        eligibility=Eligibility(
            date(2018, 1, 15),
            (MinimumAge(30), MinimumUnemployment(52, GapRule.DAYS_28, "kontanthjaelp"), ActivityReady()),
        ),
        assignment=PlannedDraw(
            Blocked("municipality", (("", Fraction(1, 2)),)), 20180201, Path("allocation.json"), date(2018, 2, 5)
        ),
        baseline=(
            BaselineVariable("age", Label("Alder", "Age"), "age", Unit.YEARS),
            BaselineVariable("sex", Label("Køn", "Sex"), "sex", None),
            BaselineVariable("provider", Label("Forsørger", "Provider"), "provider", Unit.SHARE),
            BaselineVariable(
                "benefit",
                Label("Uger på ydelse, seneste tre år", "Weeks on benefit, last three years"),
                "b",
                Unit.WEEKS,
            ),
        ),
        outcomes=OUTCOMES,
        economics=EconomicsPlan(("municipality", "state"), 104, 2020, "fm_2021"),
        report=ReportPlan(("da", "en"), 5, date(2026, 11, 21), "Evaluator A/S", "https://example.org/trial"),
        digest="ab" * 32,
    )


def make_flow():
    def reason(key, first, any_, only, **facts):
        return ExclusionCount(Phrase(key, tuple(facts.items())), first, any_, only)

    spell = {"weeks": 52, "benefits": "kontanthjaelp"}
    return ParticipantFlow(
        screening=ScreeningFlow(
            screened=2064,
            exclusions=(
                reason("criterion.minimum_age", 210, 210, 180, years=30),
                reason("not_assessable.minimum_age", 0, 0, 0, years=30),
                reason("criterion.minimum_unemployment.28_days", 266, 296, 240, **spell),
                reason("not_assessable.minimum_unemployment.28_days", 12, 18, 6, **spell),
                reason("criterion.activity_ready", 189, 230, 189),
                reason("not_assessable.activity_ready", 9, 15, 9),
            ),
            eligible=CONTROL + TREATED,
        ),
        allocated=(CONTROL, TREATED),
        blocks=tuple(BlockCount(label, *arms) for label, arms in DRAWN.items()),
        follow_up=tuple(
            FollowUp(outcome.name, arm, *seen_and_lost(outcome, arm)) for outcome in OUTCOMES for arm in (0, 1)
        ),
    )


def seen_and_lost(outcome, arm):
    drawn = (CONTROL, TREATED)[arm]
    if outcome.name != "who5":
        return SEEN[arm], tuple(LossCount(*each) for each in LOST[arm].items())
    if arm == 0:
        return 0, (LossCount("not_measured", drawn),)
    return 351, (LossCount("no_answer", drawn - 351),)


def baseline_row(name, label, level, unit, arms):
    control, treated = arms
    pooled = math.sqrt(sum(x.mean * (1 - x.mean) if unit == "share" else x.std**2 for x in arms) / 2)
    return BaselineRow(name, label, level, unit, control, treated, (treated.mean - control.mean) / pooled)


def make_baseline():
    age, sex = Label("Alder", "Age"), Label("Køn", "Sex")
    benefit = Label("Uger på ydelse, seneste tre år", "Weeks on benefit, last three years")
    women, men = (share(CONTROL, 470), share(TREATED, 243)), (share(CONTROL, CONTROL - 470), share(TREATED, 237))
    return (
        baseline_row("age", age, "", "years", (number(CONTROL, 44.2, 8.9), number(TREATED, 43.8, 9.1))),
        baseline_row("sex", sex, "female", "share", women),
        baseline_row("sex", sex, "male", "share", men),
        baseline_row(
            "provider", Label("Forsørger", "Provider"), "", "share", (share(CONTROL, 232), share(TREATED, 130))
        ),
        baseline_row("benefit", benefit, "", "weeks", (number(CONTROL, 139.2, 21.0), number(TREATED, 138.7, 22.4))),
    )


AMOUNTS = {
    Account.M0: {Entry.BENEFIT: 12_800.0, Entry.REFUND: -2_560.0, Entry.PROGRAMME: -31_000.0},
    Account.M2: {
        Entry.BENEFIT: 12_800.0,
        Entry.REFUND: -2_560.0,
        Entry.TAX_ON_BENEFIT: -3_200.0,
        Entry.TAX_ON_EARNINGS: 4_600.0,
        Entry.EQUALISATION: -1_050.0,
        Entry.PROGRAMME: -31_000.0,
    },
    Account.STATE: {Entry.REFUND: 2_560.0, Entry.TAX_ON_EARNINGS: 2_400.0},
    Account.SOCIETY: {Entry.OUTPUT: 20_000.0, Entry.PROGRAMME: -31_000.0},
}
"""Kroner of the account that is made up, by account and line."""
GRANT = 29_167.0


def make_account():
    control, treated = number(SEEN[0], 0.0, 30_000.0), number(SEEN[1], 0.0, 31_000.0)

    def kroner(name, estimate, certain=False):
        found = effect(name, control, replace(treated, mean=estimate), "dkk", "[0, 104)")
        if certain:
            found = replace(found, std_error=0.0, conf_low=estimate, conf_high=estimate, p_value=math.nan)
        return found

    def amounts(view, account):
        sign = {Account.M0: 1, Account.M2: 1, Account.STATE: -1}.get(account, 0)
        grant = {Entry.PROJECT_GRANT: sign * GRANT} if sign and view is View.AS_FUNDED else {}
        return AMOUNTS[account] | grant

    both = [(view, account) for view in View for account in AMOUNTS]
    certain = {Entry.PROGRAMME, Entry.PROJECT_GRANT}
    return CostBenefit(
        lines=tuple(
            AccountLine(account, view, line, kroner(line.value, amount, line in certain))
            for view, account in both
            for line, amount in amounts(view, account).items()
        ),
        results=tuple(
            AccountResult(account, view, kroner("net_result", sum(amounts(view, account).values())), 0.4)
            for view, account in both
        ),
        per_participant=PerParticipant(
            take_up=effect("took_part", share(SEEN[0], 0), share(SEEN[1], 300), "share", "[0, 104)"),
            participants=(0, 300),
            results=tuple(
                ParticipantResult(account, view, kroner("net_result", 1.5 * sum(amounts(view, account).values())))
                for view, account in both
            ),
        ),
        weeks_saved=effect("benefit_weeks", *LEVELS["benefit_weeks"], "weeks", "[0, 104)"),
        horizon_weeks=104,
        price_year=2020,
        basis=PaymentBasis.RATE,
        discount="fm_2021",
        rates=(
            RateUse("kontanthjaelp_30_other", "2018-01-01", 11_282.0, "dkk/month", LAW),
            RateUse("programme_cost", "2018-01-01", 31_000.0 * TREATED, "dkk", SIMULATED),
            RateUse("project_grant", "2018-01-01", GRANT * TREATED, "dkk", SIMULATED),
        ),
        missing=(MissingInput("economics.price_index", "rates/price_index.toml"),),
        warnings=(
            Notice(
                "W-PRICES-NOT-INDEXED", "price_index", (("price_year", 2020), ("first_year", 2018), ("last_year", 2020))
            ),
        ),
    )


WEEKS = range(-12, 41)
GROWING = {State.ORDINARY_JOB: (0.1, 0.15), State.SUPPORTED_JOB: (0.04, 0.06), State.PENSION_OR_RESOURCE: (0.04, 0.03)}
STEADY = {State.COMPANY_MEASURE: (0.03, 0.05), State.OTHER_ACTIVATION: (0.28, 0.3)}


def weekly_share(which, arm, week):
    if which is State.PASSIVE_BENEFIT:
        return 1 - sum(weekly_share(other, arm, week) for other in (*GROWING, *STEADY))
    if which is State.BENEFIT:
        return sum(weekly_share(each, arm, week) for each in (State.PASSIVE_BENEFIT, *STEADY))
    grown = GROWING.get(which, (0.0, 0.0))[arm] * max(week, 0) / 40
    return grown + STEADY.get(which, (0.0, 0.0))[arm]


def make_curve(which):
    control, treated = ([weekly_share(which, arm, week) for week in WEEKS] for arm in (0, 1))
    effects = [b - a for a, b in zip(control, treated, strict=True)]
    errors = [
        math.sqrt(a * (1 - a) / SEEN[0] + b * (1 - b) / SEEN[1]) or math.nan
        for a, b in zip(control, treated, strict=True)
    ]
    return StateCurve(
        state=which,
        n_control=(SEEN[0],) * len(WEEKS),
        n_treated=(SEEN[1],) * len(WEEKS),
        control=tuple(control),
        intervention=tuple(treated),
        estimate=tuple(effects),
        conf_low=tuple(b - 1.96 * error for b, error in zip(effects, errors, strict=True)),
        conf_high=tuple(b + 1.96 * error for b, error in zip(effects, errors, strict=True)),
        placebo=Placebo(12 if weekly_share(which, 0, -1) else 0, 0, 0.95),
    )


def make_paths():
    arms = (
        ArmStates(
            (SEEN[arm],) * len(WEEKS),
            tuple(tuple(weekly_share(which, arm, week) for week in WEEKS) for which in PATH_STATES),
        )
        for arm in (0, 1)
    )
    return StatePaths(Window(-12, 41), 0.95, *arms, tuple(make_curve(which) for which, _ in PATH_CURVES))


@pytest.fixture(scope="session")
def full():
    """A complete evaluation of five municipalities; every number is invented and every sum holds."""
    effects = tuple(
        effect(outcome.name, *LEVELS[outcome.name], outcome.unit.value, outcome.window_text)
        for outcome in OUTCOMES
        if outcome.name in LEVELS
    )
    provenance = Provenance(
        versions=(("ctieval", "0.1.0"), ("numpy", "2.4.6")),
        trial_digest="ab" * 32,
        inputs=(("persons.csv", "cd" * 32), ("dream.parquet", "ef" * 32)),
        seeds=(("assignment", 20180201),),
        rate_tables=(("kontanthjaelp_30_other", "2024-12-31"),),
        simulated=True,
        code_list="2015-11",
    )
    return Evaluation(
        trial=make_trial(),
        design=Blocked("municipality", tuple((label, arms[1]) for label, arms in DRAWN.items())),
        proof=Proven("12" * 32),
        flow=make_flow(),
        baseline=make_baseline(),
        levels=(
            *(OutcomeLevel(name, *arms) for name, arms in LEVELS.items()),
            OutcomeLevel("who5", None, number(351, 46.9, 19.0)),
        ),
        effects=EffectTable(effects, "blocked by municipality, 5 blocks; 480 drawn", (), provenance),
        experienced=(ExperiencedRow("who5", 302, 38.4, 47.1, 8.7, 6.3, 11.1, 0.95, "points"),),
        implementation=ImplementationTable(
            TREATED,
            (
                FunnelStep("Henvisning", 431, 1.0, 0.5),
                FunnelStep("Tværfagligt opstartsmøde", 380, 1.4, 2.1),
                FunnelStep("CTI fase 1", 322, 9.8, 11.2),
            ),
        ),
        economics=make_account(),
        missing=(),
        warnings=(
            Notice("W-EXIT-COUNTED", "job_weeks", (("n_control", 17), ("n_intervention", 9))),
            Notice("W-MISSING-OUTCOME", "job_weeks"),
            Notice("W-ACTIVITY-READY-FROM-CODE", "visitation"),
        ),
        provenance=provenance,
        suppression=None,
        paths=make_paths(),
    )


@pytest.fixture(scope="session")
def bare(full):
    """An imported trial with one table, one outcome and nothing else."""
    work = ColumnOutcome(
        name="work",
        label=Label("I arbejde", "In work"),
        role=Role.PRIMARY,
        better_when=BetterWhen.HIGHER,
        column="work",
        unit=Unit.SHARE,
    )
    levels = (share(300, 75), share(600, 180))
    trial = replace(
        full.trial,
        title=Label("JOBS II", "JOBS II"),
        start=None,
        end=None,
        data=AnalysisTable(Path("jobs2.csv"), "id", "treat", "1", "0", None, Label("JOBS II-data", "JOBS II data")),
        eligibility=None,
        assignment=ImportedAllocation(ImportedDesign.COMPLETE),
        baseline=(),
        outcomes=(work,),
        economics=None,
        report=ReportPlan(("da", "en"), 5, None, "", ""),
    )
    provenance = Provenance(versions=(("ctieval", "0.1.0"),), trial_digest="ab" * 32)
    return Evaluation(
        trial=trial,
        design=Complete(600),
        proof=Declared(),
        flow=ParticipantFlow(
            screening=None,
            allocated=(300, 600),
            blocks=(),
            follow_up=(FollowUp("work", 0, 300, ()), FollowUp("work", 1, 600, ())),
        ),
        baseline=(),
        levels=(OutcomeLevel("work", *levels),),
        effects=EffectTable(
            (replace(effect("work", *levels, "share"), method="difference_neyman_satterthwaite"),),
            "complete; 600 drawn",
            (),
            provenance,
        ),
        experienced=(),
        implementation=None,
        economics=None,
        missing=(),
        warnings=(),
        provenance=provenance,
        suppression=None,
    )
