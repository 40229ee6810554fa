"""The check of a draw against a slow one that goes through every assignment by hand."""

import math
from dataclasses import replace
from fractions import Fraction
from itertools import combinations, permutations, product

import numpy as np
import pandas as pd
import pytest

from ctieval.assignment.balance.check import check_balance
from ctieval.assignment.balance.describe import describe_baseline
from ctieval.assignment.balance.means import build_panel, compare_arms
from ctieval.assignment.balance.redraw import derive_seed, redraw
from ctieval.designs.intake.deal import enumerate_intake
from ctieval.designs.probability import probabilities
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rerandomise import enumerate_accepted
from ctieval.domain.allocation import Allocation, Arrivals, Declared, Proven
from ctieval.domain.arms import Arms
from ctieval.domain.balance_table import Advice, Beyond, Law, RatioBasis
from ctieval.domain.design import (
    BiasedCoin,
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Matched,
    PermutedBlocks,
    Rerandomised,
    Simple,
    WaitingList,
)
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import BaselineVariable
from ctieval.domain.units import Unit
from ctieval.domain.wording import Label
from ctieval.errors import DesignError, EstimationError
from ctieval.inference.by_design import by_design

HALF = Fraction(1, 2)


def variable(column, unit=Unit.YEARS):
    return BaselineVariable(name=column, label=Label(column, column), column=column, unit=unit)


def allocate(design, arm, *, block=None, cluster=None, proof=None):
    """An allocation under a design, with the blocks, clusters and probabilities that it implies."""
    n = len(arm)
    none = np.full(n, "", dtype=object)
    entrants = Entrants(
        none if block is None else np.array(block, dtype=object),
        none if cluster is None else np.array(cluster, dtype=object),
        np.empty((n, 0)),
    )
    quotas = build_quotas(design, entrants)
    return Allocation(
        person_id=np.array([f"P{i:04d}" for i in range(n)], dtype=object),
        arm=np.array(arm),
        probability=probabilities(design, entrants),
        block=quotas.block,
        block_labels=quotas.labels,
        cluster=quotas.cluster,
        cluster_labels=quotas.cluster_labels,
        randomised_on=np.full(n, np.datetime64("2018-02-05")),
        arms=Arms("intervention", "control", tuple(f"other {i}" for i in range(2, quotas.arms))),
        design=design,
        proof=proof or Declared(),
    )


def sets(members, size):
    return [frozenset(each) for each in combinations(members, size)]


def to_arm(chosen, n):
    return [int(i in chosen) for i in range(n)]


def difference(values, arm, block):
    """The difference in means, each block counting by its persons, in plain Python."""
    total = 0.0
    for label in set(block):
        own = [i for i in range(len(block)) if block[i] == label]
        means = [np.mean([values[i] for i in own if arm[i] == each]) for each in (0, 1)]
        total += len(own) / len(block) * (means[1] - means[0])
    return total


def slow_check(columns, arms, made, block):
    """p-values of each column and of all together, over assignments that are equally likely."""
    drawn = np.array([[difference(values, arm, block) for values in columns] for arm in arms])
    found = np.array([difference(values, made, block) for values in columns])
    centred = drawn - drawn.mean(axis=0)
    inverse = np.linalg.pinv(centred.T @ centred / len(arms), hermitian=True, rcond=1e-10)
    distance = np.einsum("ij,jk,ik->i", centred, inverse, centred)
    own = (found - drawn.mean(axis=0)) @ inverse @ (found - drawn.mean(axis=0))
    single = (np.abs(drawn) >= np.abs(found) - 1e-9).mean(axis=0)
    return single, float((distance >= own - 1e-9).mean()), float(own), drawn


AGES = [31.0, 44.5, 52.0, 38.0, 61.0, 47.0, 33.0, 58.5]
WOMEN = [1, 0, 1, 1, 0, 0, 1, 0]
FRAME = pd.DataFrame({"age": AGES, "woman": WOMEN})
WANTED = (variable("age"), variable("woman", Unit.SHARE))
BLOCKS = ["a"] * 5 + ["b"] * 3


def all_complete():
    return [to_arm(chosen, 8) for chosen in sets(range(8), 3)]


def all_blocked():
    pairs = product(sets(range(5), 2), sets(range(5, 8), 1))
    return [to_arm(one | other, 8) for one, other in pairs]


CLUSTERS = ["k", "l", "k", "m", "m", "n", "l", "n"]


def all_clustered():
    return [[int(cluster in chosen) for cluster in CLUSTERS] for chosen in sets("klmn", 2)]


@pytest.mark.parametrize(
    ("design", "arms", "block", "cluster"),
    [
        (Complete(3), all_complete(), None, None),
        (WaitingList(Complete(3), 26), all_complete(), None, None),
        (Blocked("place", (("a", 2), ("b", 1))), all_blocked(), BLOCKS, None),
        (Capacity("place", (("a", 2), ("b", 1))), all_blocked(), BLOCKS, None),
        (Clustered("centre", 2), all_clustered(), None, CLUSTERS),
    ],
)
def test_every_p_value_is_that_of_all_assignments_by_hand(design, arms, block, cluster):
    for made in arms[:7]:
        single, together, distance, drawn = slow_check([AGES, WOMEN], arms, made, block or [""] * 8)
        table = check_balance(FRAME, allocate(design, made, block=block, cluster=cluster), WANTED)
        assert (table.law, table.assignments, table.seed) == (Law.ENUMERATED, len(arms), None)
        assert [row.p_value for row in table.rows] == pytest.approx(list(single), abs=1e-9)
        assert table.omnibus.p_value == pytest.approx(together, abs=1e-9)
        assert table.omnibus.statistic == pytest.approx(distance, rel=1e-8)
        assert [row.std_error for row in table.rows] == pytest.approx(list(drawn.std(axis=0)), rel=1e-9)
        assert math.isnan(table.omnibus.p_low)


def test_blocks_of_clusters_are_drawn_as_such():
    block = ["a"] * 6 + ["b"] * 4
    cluster = ["k", "k", "l", "m", "m", "m", "n", "n", "o", "p"]
    design = BlockedClustered("place", "centre", (("a", 1), ("b", 1)))
    arms = [[int(each in chosen) for each in cluster] for chosen in product("klm", "nop")]
    ages = list(np.arange(10.0) ** 1.5)
    single, together, _, _ = slow_check([ages], arms, arms[3], block)
    made = allocate(design, arms[3], block=block, cluster=cluster)
    table = check_balance(pd.DataFrame({"age": ages}), made, (variable("age"),))
    assert table.assignments == 9
    assert table.rows[0].p_value == pytest.approx(single[0], abs=1e-12)
    assert table.omnibus.p_value == pytest.approx(together, abs=1e-12)
    assert table.ratio.basis is RatioBasis.AS_FOUND
    assert [block.drawn for block in table.ratio.blocks] == [(2, 1), (2, 1)]


def test_assignments_that_are_not_equally_likely_count_by_their_probability():
    arm = [1, 0, 0]
    table = check_balance(
        pd.DataFrame({"age": [50.0, 30.0, 31.0]}), allocate(Simple(Fraction(1, 4)), arm), (variable("age"),)
    )
    as_far = {(1, 0, 0), (0, 1, 1)}
    likely = {arms: math.prod((0.25, 0.75)[each == 0] for each in arms) for arms in product((0, 1), repeat=3)}
    assert table.assignments == 8
    assert table.rows[0].p_value == pytest.approx(sum(likely[arms] for arms in as_far), abs=1e-12)
    assert table.ratio.basis is RatioBasis.CHANCE


def test_several_interventions_are_tested_together():
    arms = sorted(set(permutations([0, 0, 1, 1, 2, 2])))
    ages = np.array([30.0, 41.0, 45.0, 38.0, 60.0, 52.0])
    drawn = np.array(
        [[ages[np.array(each) == k].mean() - ages[np.array(each) == 0].mean() for k in (1, 2)] for each in arms]
    )
    distance = np.einsum("ij,jk,ik->i", drawn, np.linalg.inv(drawn.T @ drawn / len(arms)), drawn)
    table = check_balance(pd.DataFrame({"age": ages}), allocate(Complete((2, 2)), arms[17]), (variable("age"),))
    assert table.assignments == len(arms) == 90
    assert [row.arm for row in table.rows] == [1, 2]
    assert [row.difference for row in table.rows] == pytest.approx(list(drawn[17]), rel=1e-12)
    assert [row.std_error for row in table.rows] == pytest.approx(list(drawn.std(axis=0)), rel=1e-9)
    assert table.omnibus.statistic == pytest.approx(distance[17], rel=1e-9)
    assert table.omnibus.p_value == pytest.approx((distance >= distance[17] - 1e-9).mean(), abs=1e-12)


def test_rows_are_those_of_the_baseline_table_and_estimates_those_of_the_design(make_allocation):
    rng = np.random.default_rng(3)
    frame = pd.DataFrame(
        {
            "age": np.where(rng.random(60) < 0.2, np.nan, rng.normal(45, 9, 60)),
            "job": rng.choice(["north", "south", None], 60),
            "woman": rng.integers(0, 2, 60),
        }
    )
    wanted = (variable("age"), variable("job", None), variable("woman", Unit.SHARE))
    made = make_allocation(np.tile([0, 0, 1], 20), np.repeat(["a", "b", "c"], 20))
    table, baseline = check_balance(frame, made, wanted), describe_baseline(frame, made, wanted)
    assert [(row.name, row.level, row.arm) for row in table.rows] == [(r.name, r.level, r.arm) for r in baseline]
    for row, described in zip(table.rows, baseline, strict=True):
        assert row.std_difference == pytest.approx(described.std_difference, rel=1e-9)
        assert row.difference == pytest.approx(described.intervention.mean - described.control.mean, rel=1e-9)
    estimate = by_design(frame[["age", "woman"]].to_numpy(), made).estimate
    assert [table.rows[0].difference, table.rows[-1].difference] == pytest.approx(list(estimate), rel=1e-9)


def test_what_is_not_known_is_tested_as_such(make_allocation):
    rng = np.random.default_rng(5)
    arm = np.tile([0, 1], 40)
    frame = pd.DataFrame({"age": np.where((arm == 1) & (rng.random(80) < 0.5), np.nan, 40 + rng.normal(size=80))})
    table = check_balance(frame, make_allocation(arm), (variable("age"),))
    age, missing = table.rows
    assert table.omnibus.rank == 2
    assert table.omnibus.p_value == pytest.approx(1 / 5000, abs=1e-12)
    assert age.p_value > 0.05
    assert (missing.level, missing.advice) == ("missing", Advice.FAR)


def test_a_sample_of_draws_says_how_well_it_knows_its_p_value(make_allocation):
    frame = pd.DataFrame({"age": np.random.default_rng(8).normal(size=60)})
    table = check_balance(frame, make_allocation(np.tile([0, 1], 30)), (variable("age"),))
    assert (table.law, table.assignments) == (Law.SAMPLED, 4999)
    assert table.omnibus.p_low < table.omnibus.p_value < table.omnibus.p_high
    assert table.omnibus.p_value * 5000 == pytest.approx(round(table.omnibus.p_value * 5000), abs=1e-9)
    again = check_balance(frame, make_allocation(np.tile([0, 1], 30)), (variable("age"),))
    assert repr(again) == repr(table)


def test_a_column_on_which_the_draw_is_blocked_counts_for_nothing():
    made = allocate(Blocked("place", (("a", 2), ("b", 1))), all_blocked()[4], block=BLOCKS)
    frame = FRAME.assign(place=BLOCKS)
    alone = check_balance(frame, made, WANTED)
    table = check_balance(frame, made, (*WANTED, variable("place", None)))
    assert table.omnibus == alone.omnibus
    assert [(row.difference, row.p_value) for row in table.rows[2:]] == [(pytest.approx(0, abs=1e-12), 1.0)] * 2


def test_columns_that_say_the_same_are_tested_once(make_allocation):
    frame = FRAME.assign(months=lambda frame: 12 * frame["age"] + 3)
    made = make_allocation(all_complete()[11])
    once = check_balance(frame, made, WANTED).omnibus
    twice = check_balance(frame, made, (*WANTED, variable("months"))).omnibus
    assert once.rank == twice.rank == 2
    assert twice.statistic == pytest.approx(once.statistic, rel=1e-9)
    assert twice.p_value == once.p_value


def test_the_expected_number_of_rows_is_the_mean_over_all_draws():
    """Every draw is checked as if it had been made; the average of what they count is what each expects."""
    tables = [check_balance(FRAME, allocate(Complete(3), made), WANTED) for made in all_complete()]
    for number, beyond in enumerate(Beyond):
        assert tables[0].tallies[number].beyond is beyond
        mean = np.mean([table.tallies[number].observed for table in tables])
        assert tables[0].tallies[number].expected == pytest.approx(mean, rel=1e-9)


def test_most_draws_stay_within_what_is_usual():
    tables = [check_balance(FRAME, allocate(Complete(3), made), WANTED) for made in all_complete()]
    for number in range(2):
        sizes = [abs(table.rows[number].std_difference) for table in tables]
        usual = tables[0].rows[number].usual
        assert np.mean([size <= usual + 1e-9 for size in sizes]) >= 0.95
        assert np.mean([size < usual - 1e-9 for size in sizes]) < 0.95


def test_a_proven_draw_of_fixed_numbers_has_them():
    proven = Proven("ab" * 32)
    made = allocate(Blocked("place", (("a", 2), ("b", 1))), all_blocked()[0], block=BLOCKS, proof=proven)
    ratio = check_balance(FRAME, made, WANTED).ratio
    assert ratio.basis is RatioBasis.FIXED
    assert [(each.block, each.drawn, each.expected) for each in ratio.blocks] == [
        ("a", (3, 2), (3.0, 2.0)),
        ("b", (2, 1), (2.0, 1.0)),
    ]
    shares = allocate(Blocked("place", (("", HALF),)), [1, 1, 0, 0, 0, 1, 1, 0], block=BLOCKS, proof=proven)
    assert check_balance(FRAME, shares, WANTED).ratio.basis is RatioBasis.FIXED


def test_matched_groups_are_kept():
    groups = ["1", "1", "2", "2", "3", "3", "4", "4"]
    made = allocate(Matched(("age",), 2, 1), [0, 1, 1, 0, 0, 1, 1, 0], block=groups)
    table = check_balance(FRAME, made, WANTED)
    assert table.assignments == 2**4
    pairs = np.array(AGES).reshape(4, 2)
    assert table.rows[0].std_error == pytest.approx(math.sqrt((np.diff(pairs) ** 2).sum()) / 4, rel=1e-9)


def test_arms_that_the_design_cannot_give_are_refused():
    """The persons of one cluster lie in both arms."""
    ages = pd.DataFrame({"age": [100.0, 0.0, 100.0, 0.0, 1.0, 2.0, 1.0, 3.0]})
    made = allocate(Clustered("centre", 2), [1, 0, 1, 0, 0, 1, 0, 0], cluster=list("kkllmmnn"))
    split = replace(made, arm=np.array([1, 0, 1, 0, 0, 0, 0, 0]))
    with pytest.raises(EstimationError, match="cannot give"):
        check_balance(ages, split, (variable("age"),))


def test_an_intake_needs_its_order(make_allocation):
    made = make_allocation([0, 1, 1, 0])
    intake = replace(made, design=BiasedCoin("", Fraction(2, 3)))
    with pytest.raises(DesignError, match="one at a time"):
        redraw(intake)


def test_the_seed_follows_from_the_record_and_never_from_the_arms(make_allocation):
    one, other = make_allocation([0, 0, 1, 1]), make_allocation([1, 0, 0, 1])
    assert derive_seed(one) == derive_seed(other)
    proven = allocate(Complete(2), [0, 0, 1, 1], proof=Proven("ab" * 32))
    again = allocate(Complete(2), [0, 1, 0, 1], proof=Proven("ba" * 32))
    assert len({derive_seed(each) for each in (one, proven, again)}) == 3


def test_memory_grows_with_neither_persons_times_draws():
    """4,000 persons and 2,000 draws are 64 MB of arms; what is kept of a draw is two numbers a column."""
    import tracemalloc

    n = 4000
    frame = pd.DataFrame({"age": np.random.default_rng(1).normal(size=n)})
    made = allocate(Complete(n // 2), np.tile([0, 1], n // 2))
    peaks = []
    for draws in (500, 2000):
        assignments = redraw(made, draws=draws)
        tracemalloc.start()
        check_balance(frame, made, (variable("age"),), assignments=assignments)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] + 2_000_000


def test_an_intake_is_played_again_with_the_same_persons_in_the_same_order():
    """Six persons of two strata; the exact p-value is that of every history, by ``enumerate_intake``."""
    design = PermutedBlocks("place", (1, 2))
    row, place = np.array([2, 0, 5, 1, 4, 3]), ["e", "w", "e", "e", "w", "w"]
    levels = tuple((each,) for each in place)
    ages = np.array([31.0, 52.0, 44.0, 38.0, 61.0, 47.0])
    histories = enumerate_intake(design, levels)
    arrived = np.array([arms for arms, _ in histories])
    arms = np.empty_like(arrived)
    arms[:, row] = arrived
    block = np.empty(6, dtype=np.int64)
    block[row] = [0 if each == "e" else 1 for each in place]
    made = Allocation(
        person_id=np.array([f"P{i}" for i in range(6)], dtype=object),
        arm=arms[7],
        probability=np.full((6, 2), 0.5),
        block=block,
        block_labels=("e", "w"),
        cluster=np.zeros(6, dtype=np.int64),
        cluster_labels=("",),
        randomised_on=np.full(6, np.datetime64("2018-02-05")),
        arms=Arms("intervention", "control"),
        design=design,
        proof=Proven("ab" * 32),
        arrivals=Arrivals(row, levels),
    )
    panel = build_panel(ages[:, None], np.array([False]), block, 2)
    sizes = np.abs(compare_arms(panel, arms).mean.ravel())
    weight = np.array([float(probability) for _, probability in histories])
    exact = weight[sizes >= sizes[7] - 1e-9].sum()
    table = check_balance(pd.DataFrame({"age": ages}), made, (variable("age"),))
    assert table.law is Law.SAMPLED
    assert table.ratio.basis is RatioBasis.CHANCE
    assert abs(table.rows[0].p_value - exact) <= 4 * math.sqrt(exact * (1 - exact) / 4999) + 1 / 5000


@pytest.mark.parametrize("few", [20_000, 0])
def test_only_accepted_draws_are_compared(few):
    design = Rerandomised(Complete(4), ("age",), Fraction(1, 5))
    entrants = Entrants(*(np.full(8, "", dtype=object),) * 2, covariates=np.array(AGES)[:, None])
    accepted = [arm.tolist() for arm, _ in enumerate_accepted(design, entrants)]
    assert len(accepted) < math.comb(8, 4) / 3
    made = replace(allocate(Complete(4), accepted[1]), design=design)
    assignments = redraw(made, np.array(AGES)[:, None], few=few)
    table = check_balance(FRAME, made, WANTED, assignments=assignments)
    assert few == 0 or repr(check_balance(FRAME, made, WANTED)) == repr(table)
    assert table.ratio.basis is RatioBasis.AS_FOUND
    with pytest.raises(DesignError, match="judge them by"):
        redraw(made)
    single, together, _, drawn = slow_check([AGES, WOMEN], accepted, accepted[1], [""] * 8)
    if few:
        assert table.assignments == len(accepted)
        assert [row.p_value for row in table.rows] == pytest.approx(list(single), abs=1e-9)
        assert [row.std_error for row in table.rows] == pytest.approx(list(drawn.std(axis=0)), rel=1e-9)
        assert table.omnibus.p_value == pytest.approx(together, abs=1e-9)
    else:
        assert table.law is Law.SAMPLED
        for row, exact in zip(table.rows, single, strict=True):
            assert abs(row.p_value - exact) <= 4 * math.sqrt(exact * (1 - exact) / table.assignments) + 0.001


def test_a_declared_share_is_held_against_the_numbers_in_the_data(make_allocation):
    made = make_allocation([0] * 30 + [1] * 10 + [0] * 12 + [1] * 12, ["a"] * 40 + ["b"] * 24)
    frame = pd.DataFrame({"age": np.arange(64.0)})
    assert check_balance(frame, made, (variable("age"),)).ratio.basis is RatioBasis.AS_FOUND
    ratio = check_balance(frame, made, (variable("age"),), share={"": HALF}).ratio
    assert ratio.basis is RatioBasis.CHANCE
    assert [block.expected for block in ratio.blocks] == [(20.0, 20.0), (12.0, 12.0)]
    assert [round(block.p_holm, 4) for block in ratio.blocks] == [0.0044, 1.0]


def test_those_who_are_left_are_compared_with_their_own_numbers():
    """One of the two drawn in block a withdrew her consent: of those left, any one could have been drawn."""
    whole = allocate(Blocked("place", (("a", 2), ("b", 1))), all_blocked()[0], block=BLOCKS, proof=Proven("ab" * 32))
    kept = np.arange(8) != 0
    left = replace(
        whole,
        **{
            name: getattr(whole, name)[kept]
            for name in ("person_id", "arm", "probability", "block", "cluster", "randomised_on")
        },
    )
    table = check_balance(FRAME[kept], left, WANTED)
    ages = np.array(AGES)[kept]
    drawn = [to_arm({one, other}, 7) for one in range(4) for other in range(4, 7)]
    block = BLOCKS[1:]
    single, _, _, _ = slow_check([list(ages)], drawn, left.arm.tolist(), block)
    assert table.law is Law.SAMPLED
    assert table.ratio.basis is RatioBasis.CHANCE
    assert abs(table.rows[0].p_value - single[0]) <= 4 * math.sqrt(single[0] * (1 - single[0]) / 4999) + 1 / 5000


def test_an_arrival_whose_data_are_gone_is_still_played():
    arrivals = Arrivals(np.array([2, 0, 1]), (("e",), ("w",), ("e",)))
    kept = arrivals.keep(np.array([True, False, True]))
    assert kept.row.tolist() == [1, 0, -1]
    assert kept.levels == arrivals.levels
