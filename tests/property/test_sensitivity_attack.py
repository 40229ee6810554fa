"""Attacks on the published target group under other thresholds, by a reader who knows the program and the flow.

She knows that a younger threshold never loses anybody, that a hidden count is not 0, and how numbers were rounded. Of
any group of persons that two rows or the flow tell apart, she must not find out that it holds somebody and yet too few.
"""

from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import Bounds, LinearConstraint, milp

from ctieval.domain.cohort import Cohort
from ctieval.domain.criterion import ActivityReady, GapRule, MinimumAge, MinimumUnemployment
from ctieval.domain.sensitivity import Alternative, TargetSensitivity, Thresholds, Varied
from ctieval.eligibility.flow import screening_flow
from ctieval.report.disclosure.counts import judge
from ctieval.report.disclosure.screening import ANY, ELIGIBLE, FIRST, ONLY, SCREENED, gather_screening, reason
from ctieval.report.disclosure.sensitivity import round_sensitivity

K = 5
MANY = 1000
"""More than any population here: a bound above it tells nothing."""
YEARS, WEEKS = (28, 29, 30, 31, 32), (26, 39, 52, 78, 104)
PLANNED = Thresholds(30, 52, GapRule.STRICT, "kontanthjaelp")
CRITERIA = (MinimumAge(30), MinimumUnemployment(52, GapRule.STRICT, "kontanthjaelp"), ActivityReady())
SPELLS = [(least, most) for least in range(6) for most in range(least, 6)]
KINDS = np.array([(age, *spell, ready) for age in range(7) for spell in SPELLS for ready in (0, 1)])
"""Kinds of persons: years reached among YEARS (6: not known), weeks surely and possibly reached, activity-ready."""

GRID = list(product(range(5), range(5)))
ONE_WAY = [(Varied.AGE, (y, 2)) for y in range(5)] + [(Varied.WEEKS, (2, w)) for w in range(5)]


def judged(years, weeks):
    """Failed and not assessable, kind by kind and criterion by criterion, under two thresholds."""
    age, least, most, ready = KINDS.T
    failed = np.column_stack([(age < 6) & (age <= years), most <= weeks, ready == 0])
    unknown = np.column_stack([age == 6, (most > weeks) & (least <= weeks), np.zeros(len(KINDS), dtype=bool)])
    return failed, unknown


def met(cell):
    failed, unknown = judged(*cell)
    return ~(failed | unknown).any(axis=1)


def unsure(cell):
    failed, unknown = judged(*cell)
    return unknown.any(axis=1) & ~failed.any(axis=1)


PLAN = met((2, 2))
GROUPS = [
    *(met(cell) & ~PLAN for cell in GRID),
    *(PLAN & ~met(cell) for cell in GRID),
    *(unsure(cell) for _, cell in ONE_WAY),
    *(met((y, w)) & ~met((y + 1, w)) for y, w in GRID if y < 4),
    *(met((y, w)) & ~met((y, w + 1)) for y, w in GRID if w < 4),
    *(met((y, w)) & ~met((y + 1, w)) & ~met((y, w + 1)) for y, w in GRID if y < 4 and w < 4),
]
"""What a reader may tell apart: an alternative and the plan, two rows side by side, and two such differences."""


def alternative(varied, cell, persons):
    thresholds = replace(PLANNED, years=YEARS[cell[0]], weeks=WEEKS[cell[1]])
    here = met(cell)
    groups = (here, here & ~PLAN, PLAN & ~here, unsure(cell))
    return Alternative(varied, thresholds, *(int(persons @ group) for group in groups))


def sensitivity(persons):
    return TargetSensitivity(
        as_of=date(2018, 1, 15),
        planned=PLANNED,
        one_way=tuple(alternative(*each, persons) for each in ONE_WAY),
        grid=tuple(alternative(Varied.AGE_AND_WEEKS, cell, persons) for cell in GRID),
    )


def flow_of(persons):
    failed, unknown = (np.repeat(each, persons, axis=0) for each in judged(2, 2))
    ids = np.arange(len(failed)).astype(str).astype(object)
    return screening_flow(Cohort(ids, date(2018, 1, 15), CRITERIA, failed, unknown, pd.DataFrame()))


def counts_of(flow):
    reasons = [n for row in flow.exclusions for n in (row.first, row.any, row.only)]
    return np.array([flow.screened, flow.eligible, *reasons])


def counts_as_weights():
    return np.array([counts_of(flow_of(one)) for one in np.eye(len(KINDS), dtype=int)]).T


FLOW = counts_as_weights()


def publish(persons):
    """Counts of the flow, None where hidden, and the rounded table."""
    flow = flow_of(persons)
    verdict = judge(gather_screening(flow, None), K)
    keys = [SCREENED, ELIGIBLE, *(reason(flow, n, how) for n in range(6) for how in (FIRST, ANY, ONLY))]
    shown = [verdict.shown(key, int(n)) for key, n in zip(keys, counts_of(flow), strict=True)]
    return shown, round_sensitivity(sensitivity(persons), flow, verdict)


def knowledge(persons):
    """All that a reader knows, as linear constraints on the numbers of each kind."""
    shown, table = publish(persons)
    rows = []
    for weights, n, true in zip(FLOW, shown, counts_of(flow_of(persons)), strict=True):
        rows.append((weights, 1, np.inf) if n is None and true else (weights, true, true))
    for (_, cell), row in zip(ONE_WAY, table.one_way, strict=True):
        groups = (met(cell) & ~PLAN, PLAN & ~met(cell), unsure(cell))
        for group, n in zip(groups, (row.gained, row.lost, row.not_assessable), strict=True):
            rows += [] if n is None else [(group, n, n + K - 1)]
    return LinearConstraint(*(np.array(each, dtype=float) for each in zip(*rows, strict=True)))


def could_hold(known, group):
    """Fewest and most persons of a group, as far as the reader can tell."""
    ends = [
        milp(sign * group, constraints=known, integrality=np.ones(len(group)), bounds=Bounds(0, 2000))
        for sign in (1, -1)
    ]
    assert all(end.success for end in ends)
    return tuple(round(float(end.x @ group)) for end in ends)


@st.composite
def populations(draw):
    """So many of each kind: few kinds, many small numbers, and a target group in the middle."""
    persons = np.zeros(len(KINDS), dtype=np.int64)
    for kind in draw(st.lists(st.integers(0, len(KINDS) - 1), min_size=4, max_size=30)):
        persons[kind] += draw(st.sampled_from([1, 1, 2, 3, 4, 6, 7, 14, 40]))
    for years, weeks in draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=12)):
        same = ((years, weeks, weeks, 1) == KINDS).all(axis=1)
        persons[same] += draw(st.sampled_from([1, 2, 3, 4, 5, 9, 30]))
    return persons


def flow_alone(known):
    """What she knows without the table."""
    rows = slice(len(FLOW))
    return LinearConstraint(known.A[rows], known.lb[rows], known.ub[rows])


def tells_few(known, group):
    fewest, most = could_hold(known, group)
    return fewest > 0 and most < K


@settings(max_examples=60)
@given(populations(), st.randoms(use_true_random=False))
def test_no_reader_learns_that_a_group_holds_somebody_and_yet_too_few(persons, random):
    known = knowledge(persons)
    small = [group for group in GROUPS if 0 < persons @ group < K]
    for group in random.sample(small, min(len(small), 5)):
        assert not tells_few(known, group) or tells_few(flow_alone(known), group)


@settings(max_examples=60)
@given(populations())
def test_no_reader_works_out_a_count_that_the_screening_hides(persons):
    known = knowledge(persons)
    shown, _ = publish(persons)
    for weights, n, true in zip(FLOW, shown, counts_of(flow_of(persons)), strict=True):
        if n is None and 0 < true < K:
            fewest, most = could_hold(known, weights)
            alone = could_hold(flow_alone(known), weights)
            assert fewest <= true <= most
            assert (fewest, min(most, MANY)) == (alone[0], min(alone[1], MANY))


def test_three_persons_between_two_rows_are_not_seen():
    """57 would be told from 60 by anybody; here the rows read as if nobody lay between them."""
    persons = np.zeros(len(KINDS), dtype=np.int64)
    for age, spell, n in [(5, 5, 60), (3, 3, 3), (1, 5, 3), (5, 1, 3), (0, 0, 40)]:
        persons[((age, spell, spell, 1) == KINDS).all(axis=1)] = n
    _, table = publish(persons)
    assert sensitivity(persons).one_way[4].lost == 3
    assert {row.eligible for row in table.one_way} <= {None, persons @ PLAN}
    assert table.one_way[4].eligible == persons @ PLAN
    assert table.grid == ()


def test_nothing_is_rounded_where_everything_may_be_shown():
    persons = np.ones(len(KINDS), dtype=np.int64)
    flow = flow_of(persons)
    table = sensitivity(persons)
    assert round_sensitivity(table, flow, judge(gather_screening(flow, None), 1)) == replace(table, grid=())


def test_without_a_screening_nothing_is_told():
    persons = np.ones(len(KINDS), dtype=np.int64)
    verdict = judge(gather_screening(flow_of(persons), None), K)
    assert round_sensitivity(sensitivity(persons), None, verdict) is None
    assert round_sensitivity(None, flow_of(persons), verdict) is None


def test_whom_are_drawn_and_would_remain_is_not_published():
    persons = np.full(len(KINDS), 10, dtype=np.int64)
    flow, table = flow_of(persons), sensitivity(persons)
    drawn = replace(table, one_way=tuple(replace(row, drawn_eligible=7) for row in table.one_way))
    told = round_sensitivity(drawn, flow, judge(gather_screening(flow, None), K))
    assert {row.drawn_eligible for row in told.one_way} == {None}
    assert told.rounded_to == K


def test_the_screening_of_the_kinds_is_that_of_the_criteria():
    """The kinds are counted as the flow counts them, so that the attack is on what is published."""
    persons = np.arange(len(KINDS)) % 3
    np.testing.assert_array_equal(FLOW @ persons, counts_of(flow_of(persons)))
