"""Attacks on a protected evaluation by a reader who knows the program: what is hidden can always be another number."""

from dataclasses import replace
from datetime import date
from functools import cache
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from ctieval.assignment.balance.describe import describe_baseline
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import ActivityReady, MinimumAge
from ctieval.domain.description import OutcomeLevel
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.effect_table import EffectTable
from ctieval.domain.evaluation import Evaluation
from ctieval.domain.flow import BlockCount, FollowUp, LossCount, ParticipantFlow
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.provenance import Provenance
from ctieval.domain.trial import AnalysisTable, BaselineVariable, ImportedAllocation, ImportedDesign, ReportPlan, Trial
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.eligibility.flow import screening_flow
from ctieval.inference.arm_level import describe_arm
from ctieval.inference.by_design import by_design
from ctieval.report.protect import protect

K = 5
ARMS = Arms("new", "usual")
LABEL = Label("x", "x")
WORK = ColumnOutcome(
    name="work", label=LABEL, role=Role.PRIMARY, better_when=BetterWhen.HIGHER, column="work", unit=Unit.SHARE
)
PROVIDER = BaselineVariable("provider", LABEL, "provider", Unit.SHARE)
TRIAL = Trial(
    title=LABEL,
    start=None,
    end=None,
    arms=ARMS,
    data=AnalysisTable(Path("t.csv"), "id", "arm", "1", "0", None, LABEL),
    eligibility=None,
    assignment=ImportedAllocation(ImportedDesign.COMPLETE),
    baseline=(PROVIDER,),
    outcomes=(WORK,),
    economics=None,
    report=ReportPlan(("en",), K, None, "", ""),
    digest="",
)


@cache
def allocation(*blocks):
    """A draw of so many into control and intervention, by block."""
    n, treated = (sum(sum(block) for block in blocks), sum(block[1] for block in blocks))
    labels = tuple("ABC"[: len(blocks)]) if len(blocks) > 1 else ("",)
    sizes = tuple(zip(labels, (block[1] for block in blocks), strict=True))
    return Allocation(
        person_id=np.array([f"{number:04}" for number in range(n)], dtype=object),
        arm=np.concatenate([np.repeat([0, 1], block) for block in blocks]),
        probability=np.tile([1 - treated / n, treated / n], (n, 1)),
        block=np.repeat(np.arange(len(blocks)), [sum(block) for block in blocks]),
        block_labels=labels,
        cluster=np.zeros(n, dtype=np.int64),
        cluster_labels=("",),
        randomised_on=np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
        arms=ARMS,
        design=Complete(treated) if len(blocks) == 1 else Blocked("place", sizes),
        proof=Declared(),
    )


def yes_or_no(drawn, lost, events):
    """So many of each arm without a value, so many with 1, and the others with 0."""
    arms = [np.repeat([np.nan, 1.0, 0.0], [m, e, n - m - e]) for n, m, e in zip(drawn, lost, events, strict=True)]
    return np.concatenate(arms)


def empty_evaluation(drawn, screening=None):
    return Evaluation(
        trial=TRIAL,
        design=Complete(drawn[1]),
        proof=Declared(),
        flow=ParticipantFlow(screening, drawn, (BlockCount("", *drawn),), ()),
        baseline=(),
        levels=(),
        effects=EffectTable((), "complete", (), Provenance(())),
        experienced=(),
        implementation=None,
        economics=None,
        missing=(),
        warnings=(),
        provenance=Provenance(()),
        suppression=None,
    )


def with_outcome(drawn, lost, events):
    return with_outcome_in_blocks((drawn,), (lost,), (events,))


def with_outcome_in_blocks(blocks, lost, events):
    values = np.concatenate([yes_or_no(*each) for each in zip(blocks, lost, events, strict=True)])
    persons = allocation(*blocks)
    found = by_design(values[:, None], persons)
    levels = (describe_arm(values, persons, arm, Unit.SHARE) for arm in (0, 1))
    drawn, missing = (tuple(map(sum, zip(*each, strict=True))) for each in (blocks, lost))
    rows = tuple(
        FollowUp("work", arm, drawn[arm] - missing[arm], (LossCount("missing", missing[arm]),) if missing[arm] else ())
        for arm in (0, 1)
    )
    empty = empty_evaluation(drawn)
    counts = tuple(BlockCount(label, *each) for label, each in zip(persons.block_labels, blocks, strict=True))
    effect = found.to_effect(0, outcome="work", unit=Unit.SHARE, window="")
    return replace(
        empty,
        flow=replace(empty.flow, blocks=counts, follow_up=rows),
        levels=(OutcomeLevel("work", *levels),),
        effects=replace(empty.effects, rows=(effect,)),
    )


def with_characteristic(drawn, lost, events):
    frame = pd.DataFrame({"provider": yes_or_no(drawn, lost, events)})
    return replace(empty_evaluation(drawn), baseline=describe_baseline(frame, allocation(drawn), (PROVIDER,)))


@cache
def published(tell, drawn, lost, events):
    return repr(protect(tell(drawn, lost, events)))


def could_be(tell, drawn, lost, events, arm):
    """Numbers lost in an arm of which the report would read the same."""
    seen = published(tell, drawn, lost, events)
    n = drawn[arm] - lost[arm]
    for other in range(1, K):
        middle = round(events[arm] * (drawn[arm] - other) / n)
        near = sorted(range(max(middle - K, 0), min(middle + K, drawn[arm] - other) + 1), key=lambda e: abs(e - middle))
        changed = ((put(lost, arm, other), put(events, arm, e)) for e in near)
        if any(published(tell, drawn, *each) == seen for each in changed):
            yield other


def put(pair, arm, value):
    return (value, pair[1]) if arm == 0 else (pair[0], value)


@st.composite
def small_trials(draw):
    drawn = tuple(draw(st.integers(8, 260)) for _ in range(2))
    lost = tuple(draw(st.integers(0, K - 1)) for _ in range(2))
    events = tuple(draw(st.integers(0, n - m)) for n, m in zip(drawn, lost, strict=True))
    return drawn, lost, events


@pytest.mark.parametrize("tell", [with_outcome, with_characteristic])
@settings(max_examples=60)
@given(trial=small_trials())
def test_any_small_number_lost_would_read_the_same(tell, trial):
    drawn, lost, events = trial
    for arm in (0, 1):
        if lost[arm]:
            assert set(could_be(tell, drawn, lost, events, arm)) == set(range(1, K))


def test_the_trials_of_the_review_are_no_longer_told_apart():
    """28 and 34 drawn, 1 to 4 lost in each: 85 of 99 had their four counts worked out from the rounded effect."""
    rng = np.random.default_rng(2018)
    for drawn in ((34, 28), (60, 40), (120, 110)):
        for _ in range(10):
            lost = tuple(int(n) for n in rng.integers(1, K, 2))
            events = tuple(int(rng.binomial(n - m, p)) for n, m, p in zip(drawn, lost, (0.35, 0.5), strict=True))
            assert protect(with_outcome(drawn, lost, events)).levels[0].control.mean > 0
            for arm in (0, 1):
                assert len(set(could_be(with_outcome, drawn, lost, events, arm))) == K - 1


@pytest.mark.parametrize("seed", range(6))
def test_so_it_would_in_a_blocked_trial(seed):
    """Where blocks weigh unequally, events must move in both arms for the report to read the same."""
    rng = np.random.default_rng(seed)
    blocks = tuple(tuple(rng.integers(15, 60, 2).tolist()) for _ in range(2))
    lost = tuple(tuple(rng.integers(1, 3, 2).tolist()) for _ in range(2))
    events = tuple(
        tuple(int(rng.binomial(n - m, p)) for n, m in zip(*each, strict=True))
        for *each, p in zip(blocks, lost, rng.uniform(0.3, 0.7, 2), strict=True)
    )
    seen = repr(protect(with_outcome_in_blocks(blocks, lost, events)))
    moves = sorted(product(range(-2, 3), repeat=4), key=lambda move: sum(map(abs, move)))
    for arm in (0, 1):
        for first, second in ((0, 1), (1, 0), (2, 1), (1, 2)):
            other = tuple(put(pair, arm, n) for pair, n in zip(lost, (first, second), strict=True))
            moved = (
                tuple((e[0] + a, e[1] + b) for e, (a, b) in zip(events, (m[:2], m[2:]), strict=True)) for m in moves
            )
            assert any(repr(protect(with_outcome_in_blocks(blocks, other, each))) == seen for each in moved)


@given(small_trials())
def test_a_rounded_interval_holds_the_one_that_was_reckoned(trial):
    before = with_outcome(*trial)
    exact, shown = before.effects.rows[0], protect(before).effects.rows[0]
    assume(np.isfinite([exact.conf_low, shown.conf_low]).all())
    assert shown.conf_low <= exact.conf_low
    assert shown.conf_high >= exact.conf_high


@st.composite
def screenings(draw):
    """How many fail which criteria, in few combinations; 0 is met, 1 failed, 2 not assessable."""
    patterns = np.array(list(np.ndindex(*(3,) * draw(st.integers(1, 4)))))
    numbers = np.zeros(len(patterns), dtype=np.int64)
    for pattern in draw(st.lists(st.integers(1, len(patterns) - 1), max_size=12)):
        numbers[pattern] = draw(st.sampled_from([1, 2, 3, 4, 9, 30]))
    numbers[0] = 60
    return patterns, numbers


def screened(patterns, numbers):
    persons = np.repeat(patterns, numbers, axis=0)
    return screening_flow(
        Cohort(
            person_id=np.array([f"{number:04}" for number in range(len(persons))], dtype=object),
            as_of=date(2018, 1, 1),
            criteria=(MinimumAge(30), ActivityReady(), MinimumAge(40), MinimumAge(50))[: patterns.shape[1]],
            failed=persons == 1,
            not_assessable=persons == 2,
            characteristics=pd.DataFrame(),
        )
    )


def counts_of(flow):
    return np.array(
        [flow.screened, flow.eligible, *(n for row in flow.exclusions for n in (row.first, row.any, row.only))]
    )


@settings(max_examples=40)
@given(screenings())
def test_no_small_count_of_the_screening_can_be_worked_out(screening):
    patterns, numbers = screening
    flow = screened(patterns, numbers)
    seen = counts_of(protect(empty_evaluation((30, 30), flow)).flow.screening)
    true = counts_of(flow)
    weights = np.array([counts_of(screened(patterns, one)) for one in np.eye(len(patterns), dtype=int)]).T
    known = np.array([n is not None for n in seen])
    low, high = np.where(known, true, 1), np.where(known, true, np.inf)
    for row in np.flatnonzero((true > 0) & (true < K)):
        ends = [
            milp(
                sign * weights[row],
                constraints=LinearConstraint(weights, low, high),
                integrality=np.ones(len(patterns)),
                bounds=Bounds(0, 1000),
            ).x
            @ weights[row]
            for sign in (1, -1)
        ]
        assert not known[row]
        assert round(ends[1]) > round(ends[0])
