import math
from dataclasses import replace

import numpy as np
import pytest

from ctieval.domain.arms import Arms
from ctieval.domain.design import Clustered
from ctieval.domain.outcome import BetterWhen, ColumnOutcome, Role
from ctieval.domain.outcome_table import OutcomeTable, Status
from ctieval.domain.provenance import Provenance
from ctieval.domain.risk_table import RiskMethod
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.effects.average import estimate_effects, withhold_intervals
from ctieval.effects.risks import compare_risks
from ctieval.inference.two_risks import mantel_haenszel, newcombe_difference

ARM = np.tile([0, 1], 40)
EVENT = ((np.arange(80) % 5 < 2) | ((np.arange(80) % 2 == 1) & (np.arange(80) % 7 == 0))).astype(float)
BLOCK = np.where(np.arange(80) < 30, "a", "b")


def table_of(allocation, values, unit=Unit.SHARE):
    declared = ColumnOutcome(
        name="job",
        label=Label("job", "job"),
        role=Role.PRIMARY,
        better_when=BetterWhen.HIGHER,
        column="job",
        unit=unit,
    )
    status = np.where(np.isnan(values), Status.MISSING, Status.OBSERVED).astype(np.int64)[:, None]
    return OutcomeTable(allocation.person_id, (declared,), values[:, None], status, np.full((len(values), 1), np.nan))


@pytest.fixture
def compare(make_allocation):
    def compared(values, block=None, unit=Unit.SHARE, change=lambda each: each):
        allocation = change(make_allocation(ARM, block))
        table = table_of(allocation, values, unit)
        return compare_risks(table, allocation, estimate_effects(table, allocation, Provenance(())))

    return compared


def counts(values, block=None):
    block = np.zeros(80) if block is None else block
    cells = [[values[(block == each) & (arm == ARM)] for arm in (0, 1)] for each in np.unique(block)]
    events = [[(cell == 1).sum() for cell in row] for row in cells]
    n = [[(~np.isnan(cell)).sum() for cell in row] for row in cells]
    return np.array(events, dtype=float), np.array(n, dtype=float)


def test_persons_of_one_pool_have_newcombes_interval_and_the_ratio_of_the_shares(compare):
    (row,) = compare(EVENT)
    events, n = (tuple(int(each) for each in cell[0]) for cell in counts(EVENT))
    score = newcombe_difference(events, n)
    assert row.method is RiskMethod.SCORE
    assert (row.difference.low, row.difference.high) == (score.conf_low, score.conf_high)
    assert row.ratio.estimate == pytest.approx((events[1] / n[1]) / (events[0] / n[0]), rel=1e-12)
    assert row.ratio.low * row.ratio.high == pytest.approx(row.ratio.estimate**2, rel=1e-12)


def test_persons_of_blocks_are_compared_by_mantel_and_haenszel(compare):
    (row,) = compare(EVENT, BLOCK)
    expected = mantel_haenszel(*counts(EVENT, BLOCK)).difference
    assert row.method is RiskMethod.MANTEL_HAENSZEL
    assert row.difference.estimate == pytest.approx(expected.estimate, rel=1e-12)
    assert row.difference.high - row.difference.low == pytest.approx(2 * 1.959963984540054 * expected.std_error)


def test_persons_without_a_value_are_no_part_of_it(compare):
    lost = np.where(np.arange(80) < 6, np.nan, EVENT)
    (row,) = compare(lost)
    events, n = (tuple(int(each) for each in cell[0]) for cell in counts(lost))
    assert sum(n) == 74
    assert row.difference.estimate == pytest.approx(events[1] / n[1] - events[0] / n[0], rel=1e-12)


def test_whole_clusters_keep_the_interval_of_the_design_and_a_ratio_without(compare):
    def in_clusters(allocation):
        number = np.arange(80) // 10 * 2 + ARM
        labels = tuple(str(each) for each in range(16))
        return replace(allocation, cluster=number, cluster_labels=labels, design=Clustered("office", 8))

    (row,) = compare(EVENT, change=in_clusters)
    events, n = (cell[0] for cell in counts(EVENT))
    assert row.method is RiskMethod.DESIGN
    assert row.difference.estimate == pytest.approx(events[1] / n[1] - events[0] / n[0], rel=1e-9)
    assert row.ratio.estimate == pytest.approx((events[1] / n[1]) / (events[0] / n[0]), rel=1e-12)
    assert math.isnan(row.ratio.low)
    (none,) = compare(np.where(ARM == 0, 0.0, EVENT), change=in_clusters)
    assert none.ratio.estimate == math.inf


def test_an_arm_without_events_has_a_ratio_without_an_interval(compare):
    (row,) = compare(np.where(ARM == 0, 0.0, EVENT))
    assert row.ratio.estimate == math.inf
    assert math.isnan(row.ratio.high)
    (row,) = compare(np.where(ARM == 1, 0.0, EVENT))
    assert row.ratio.estimate == 0


def test_other_units_have_no_row(compare):
    assert compare(EVENT, unit=Unit.WEEKS) == ()


def test_several_interventions_have_no_row(make_allocation):
    two = make_allocation(ARM)
    table = table_of(two, EVENT)
    effects = estimate_effects(table, two, Provenance(()))
    three = replace(two, arms=Arms("a", "k", ("b",)), probability=np.full((80, 3), 1 / 3))
    assert compare_risks(table, three, effects) == ()


def test_too_few_events_in_blocks_have_no_interval_where_the_effect_has_none(make_allocation):
    rare = np.zeros(80)
    rare[[1, 3, 33, 0, 32]] = 1
    allocation = make_allocation(ARM, BLOCK)
    table = table_of(allocation, rare)
    effects = withhold_intervals(estimate_effects(table, allocation, Provenance(())))
    (row,) = compare_risks(table, allocation, effects)
    assert math.isnan(effects.rows[0].conf_low)
    assert row.difference.estimate == pytest.approx(1 / 40)
    assert row.ratio.estimate == pytest.approx(1.5)
    ends = (row.difference.low, row.difference.high, row.ratio.low, row.ratio.high)
    assert all(math.isnan(each) for each in ends)


def test_the_cells_of_blocks_are_there_for_disclosure_control(compare):
    (row,), (plain,) = compare(EVENT, BLOCK), compare(EVENT)
    events, n = counts(EVENT, BLOCK)
    assert row.cells == (*events.ravel().astype(int), *(n - events).ravel().astype(int))
    assert plain.cells == ()
