"""What holds of every draw, whatever the cohort, the design and the seed."""

import json
import math
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ctieval.assignment.draw import assign
from ctieval.assignment.lots import draw_lots, settle_blocks
from ctieval.assignment.record import Occasion, read_allocation, verify
from ctieval.designs.count import count_assignments
from ctieval.designs.draw import draw
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.joint import joint_matrix
from ctieval.designs.probability import probabilities
from ctieval.designs.quotas import build_quotas
from ctieval.designs.rounding import enumerate_numbers
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import (
    Blocked,
    BlockedClustered,
    Capacity,
    Clustered,
    Complete,
    Matched,
    Simple,
    WaitingList,
)
from ctieval.domain.entrants import Entrants
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import CtievalError, DesignError

ARMS = Arms(intervention="Indsatsgruppe", control="Kontrolgruppe")


OVER_ONE = st.integers(2, 12).flatmap(lambda below: st.integers(1, below - 1).map(lambda above: Fraction(above, below)))


@st.composite
def quotas(draws, size, interventions):
    """Counts and shares that leave nobody's arm empty in a block of this size."""
    quota = st.one_of(st.integers(1, size - 1), OVER_ONE)
    found = draws(st.tuples(*[quota] * interventions))
    expected = [each * size if isinstance(each, Fraction) else Fraction(each) for each in found]
    assume(min([*expected, size - sum(expected)]) >= 1)
    return found[0] if interventions == 1 else found


@st.composite
def conducted(draws, largest=9, blocks=3, interventions=None):
    """A design, and persons on whom it can be conducted."""
    interventions = interventions or draws(st.integers(1, 3))
    sizes = draws(st.lists(st.integers(interventions + 1, largest), min_size=1, max_size=blocks))
    drawn = tuple((f"block {number}", draws(quotas(size, interventions))) for number, size in enumerate(sizes))
    entrants = Entrants.in_blocks(np.repeat(np.array([label for label, _ in drawn], dtype=object), sizes))
    kind = draws(st.sampled_from(["simple", "fixed", "clustered", "places", "waiting"]))
    if kind == "simple":
        shares = (Fraction(1, interventions + 2),) * interventions
        return Simple(shares if interventions > 1 else shares[0]), entrants
    if kind == "clustered":
        members = draws(st.lists(st.integers(1, 3), min_size=len(entrants), max_size=len(entrants)))
        entrants = entrants.take(np.repeat(np.arange(len(entrants)), members))
        cluster = np.array([f"cluster {number:03d}" for number in range(len(members))], dtype=object)
        entrants = replace(entrants, cluster=np.repeat(cluster, members))
        return (Clustered("c", drawn[0][1]) if len(sizes) == 1 else BlockedClustered("block", "c", drawn)), entrants
    if kind == "places":
        places = [draws(st.integers(1, size + 2)) for size in sizes]
        assume(any(number < size for number, size in zip(places, sizes, strict=True)))
        return Capacity("block", tuple((label, n) for (label, _), n in zip(drawn, places, strict=True))), entrants
    design = Complete(drawn[0][1]) if len(sizes) == 1 else Blocked("block", drawn)
    return (WaitingList(design, 26) if kind == "waiting" else design), entrants


def cohort_of(person_id, block):
    n = len(person_id)
    return Cohort(
        person_id=np.asarray(person_id, dtype=object),
        as_of=date(2018, 1, 15),
        criteria=(),
        failed=np.zeros((n, 1), dtype=bool),
        not_assessable=np.zeros((n, 1), dtype=bool),
        characteristics=pd.DataFrame({"block": block}, index=range(n)),
    )


def plan_of(folder, design, seed=1):
    return PlannedDraw(
        design=design, seed=seed, record=Path(folder) / "allocation.json", randomised_on=date(2018, 2, 1)
    )


@given(conducted(), st.integers(0, 2**64), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter(example, seed, shuffle):
    design, entrants = example
    persons = np.array([f"p{number}" for number in range(len(entrants))], dtype=object)
    rows = np.arange(len(entrants))
    shuffle.shuffle(rows)
    straight = draw_lots(persons, entrants, design, seed)
    assert straight[rows].tolist() == draw_lots(persons[rows], entrants.take(rows), design, seed).tolist()


@given(st.integers(2, 4), st.integers(4, 14), st.integers(0, 2**32), st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_matter_to_the_matching(size, n, seed, shuffle):
    persons = np.array([f"p{number}" for number in range(n)], dtype=object)
    ages = np.random.default_rng(seed).integers(0, 4, (n, 2)).astype(float)
    ages[:2] = [[0, 1], [1, 5]]
    entrants, rows = replace(Entrants.alike(n), covariates=ages), np.arange(n)
    shuffle.shuffle(rows)
    straight = settle_blocks(persons, entrants, Matched(("a", "b"), size, 1), seed)
    turned = settle_blocks(persons[rows], entrants.take(rows), Matched(("a", "b"), size, 1), seed)
    assert straight.block[rows].tolist() == turned.block.tolist()


@given(conducted(largest=40), st.integers(0, 2**32))
def test_every_block_and_every_arm_is_within_one_of_its_target(example, seed):
    design, entrants = example
    quotas = build_quotas(design, entrants)
    arm = draw(design, entrants, np.random.Generator(np.random.PCG64(seed)))
    assert set(arm.tolist()) <= set(range(quotas.arms))
    unit_arm = np.empty(len(quotas.unit_block), dtype=int)
    unit_arm[quotas.unit] = arm
    assert (unit_arm[quotas.unit] == arm).all()
    drawn = np.zeros((len(quotas.size), quotas.arms), dtype=int)
    np.add.at(drawn, (quotas.unit_block, unit_arm), 1)
    assert tuple(drawn.sum(axis=1)) == quotas.size
    if not quotas.alone:
        total = [sum(column) for column in zip(*quotas.target, strict=True)]
        for found, target in zip([*drawn, drawn.sum(axis=0)], [*quotas.target, total], strict=True):
            assert all(abs(int(n) - t) < 1 for n, t in zip(found, target, strict=True))


@given(conducted(largest=40))
def test_probabilities_add_up_to_the_declared_numbers(example):
    design, entrants = example
    quotas = build_quotas(design, entrants)
    found = probabilities(design, entrants)
    np.testing.assert_allclose(found.sum(axis=1), 1, rtol=0, atol=1e-15)
    if quotas.cluster_labels == ("",):
        declared = [float(sum(column)) for column in zip(*quotas.target, strict=True)]
        np.testing.assert_allclose(found.sum(axis=0), declared, rtol=1e-12)


@settings(suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(conducted(largest=5, blocks=2))
def test_the_enumerated_law_delivers_what_is_declared(example):
    design, entrants = example
    count = count_assignments(design, entrants)
    assume(count <= 3000)
    law = list(enumerate_assignments(design, entrants))
    assert len({tuple(arm) for arm, _ in law}) == len(law) == count
    assert sum(share for _, share in law) == 1
    declared = build_quotas(design, entrants)
    marginal = [
        [sum((share for arm, share in law if arm[person] == code), Fraction(0)) for code in range(declared.arms)]
        for person in range(len(entrants))
    ]
    assert marginal == [list(declared.probability[block]) for block in declared.block]
    found = np.array([(arm[None] == np.arange(declared.arms)[:, None]).ravel() for arm, _ in law], dtype=float)
    joint = found.T @ (found * np.array([[float(share)] for _, share in law]))
    np.testing.assert_allclose(joint_matrix(design, entrants), joint, rtol=0, atol=1e-12)


@given(st.data(), st.integers(4, 7))
def test_arms_that_change_names_change_probabilities_with_them(data, size):
    first, second = data.draw(quotas(size, 2))
    straight, turned = (Complete(drawn) for drawn in ((first, second), (second, first)))
    entrants = Entrants.alike(size)
    assert (probabilities(straight, entrants)[:, [0, 2, 1]] == probabilities(turned, entrants)).all()
    for_straight, for_turned = (
        list(enumerate_numbers(build_quotas(each, entrants).target)) for each in (straight, turned)
    )
    assert {sum(share for _, share in law) for law in (for_straight, for_turned)} == {1}


@settings(max_examples=50, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.fractions(0, 5, max_denominator=9), min_size=3, max_size=3).filter(lambda row: sum(row) > 0),
        min_size=1,
        max_size=8,
    )
)
def test_any_table_is_rounded_without_a_shift(rows):
    target = [(*row, math.ceil(sum(row)) - sum(row)) for row in rows]
    law = list(enumerate_numbers(target))
    assert sum(share for _, share in law) == 1
    assert sum(numbers.astype(object) * share for numbers, share in law).tolist() == [list(row) for row in target]
    total = [sum(column) for column in zip(*target, strict=True)]
    for numbers, _ in law:
        assert numbers.sum(axis=1).tolist() == [sum(row) for row in target]
        for found, declared in zip([*numbers, numbers.sum(axis=0)], [*target, total], strict=True):
            assert all(abs(int(n) - t) < 1 for n, t in zip(found, declared, strict=True))


QUOTA = st.one_of(st.integers(-1, 7), st.fractions(-1, 2, max_denominator=5))
LABEL = st.sampled_from(["", "a", "b", "c", "d"])


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.sampled_from(["", "x", "y", "z"])), max_size=6),
    st.lists(st.tuples(LABEL, st.one_of(QUOTA, st.tuples(QUOTA, QUOTA))), max_size=4),
    st.integers(0, 4),
)
def test_a_design_is_conducted_exactly_or_refused_in_one_message(persons, drawn, kind):
    entrants = Entrants.alike(len(persons))
    if persons:
        block, cluster = (np.array(each, dtype=object) for each in zip(*persons, strict=True))
        entrants = Entrants(block, cluster, np.empty((len(persons), 0)))
    one = drawn[0][1] if drawn else 1
    design = (
        Blocked("town", tuple(drawn)),
        BlockedClustered("town", "office", tuple(drawn)),
        Clustered("office", one),
        Simple(one),
        Capacity("town", tuple((label, each) for label, each in drawn if isinstance(each, int))),
    )[kind]
    try:
        law = list(enumerate_assignments(design, entrants))
    except DesignError as refused:
        assert refused.where.startswith(("block ", "column town", "column office", "the cohort"))  # noqa: PT017
    else:
        declared = probabilities(design, entrants)
        for code in range(declared.shape[1]):
            delivered = sum((arm == code) * float(share) for arm, share in law)
            np.testing.assert_allclose(delivered, declared[:, code], rtol=0, atol=1e-12)


DRAWN = {
    "blocked": (Blocked("block", (("Brøndby", 2), ("Tønder", Fraction(1, 2)))), ARMS),
    "three arms": (Complete((Fraction(1, 3), Fraction(1, 5))), Arms("Forløb", "Kontrol", ("Kursus",))),
    "clustered": (Clustered("office", Fraction(1, 2)), ARMS),
    "matched": (Matched(("age",), 2, 1), ARMS),
}


@pytest.fixture(scope="module", params=DRAWN.values(), ids=DRAWN.keys())
def record(request, tmp_path_factory):
    """The file of a small draw, and its bytes."""
    design, arms = request.param
    plan = plan_of(tmp_path_factory.mktemp("draw"), design)
    cohort = cohort_of([f"canary-{number}" for number in range(8)], ["Brøndby"] * 5 + ["Tønder"] * 3)
    known = cohort.characteristics.assign(office=list("aabbccdd"), age=[31, 50, 44, 33, 47, 52, 39, 40])
    told = Occasion(datetime(2018, 2, 1, 9, 30, tzinfo=UTC), "K. Jensen")
    assign(replace(cohort, characteristics=known), plan, arms, occasion=told)
    return plan.record, plan.record.read_bytes()


@settings(max_examples=200)
@given(st.data())
def test_one_altered_byte_is_found(record, data):
    path, written = record
    position = data.draw(st.integers(0, len(written) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda value: value != written[position]))
    altered = path.with_name("altered.json")
    altered.write_bytes(written[:position] + bytes([byte]) + written[position + 1 :])
    assert not verify(altered).holds
    with pytest.raises(CtievalError) as refused:
        read_allocation(altered)
    assert "canary" not in str(refused.value)


@given(st.data())
def test_one_byte_more_or_less_is_found(record, data):
    path, written = record
    position = data.draw(st.integers(0, len(written) - 1))
    more = data.draw(st.binary(max_size=1))
    altered = path.with_name("altered.json")
    altered.write_bytes(written[:position] + more + written[position + (not more) :])
    assert not verify(altered).holds


@given(
    st.lists(st.text(min_size=1, max_size=4), min_size=2, max_size=12, unique=True),
    st.text(min_size=1, max_size=3),
    st.integers(0, 2**100),
)
def test_any_text_can_be_an_identifier_or_a_block(persons, label, seed):
    with tempfile.TemporaryDirectory() as folder:
        plan = plan_of(folder, Blocked("block", ((label, 1),)), seed)
        allocation = assign(cohort_of(persons, label), plan, ARMS)
        assert allocation.person_id.tolist() == sorted(persons)
        assert allocation.block_labels == (label,)
        assert verify(plan.record, cohort=cohort_of(persons[::-1], label), plan=plan, arms=ARMS).holds


CHILD = """
import sys, time
from datetime import date
from fractions import Fraction
from pathlib import Path
import numpy as np
import pandas as pd
from ctieval.assignment.draw import assign
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import Blocked, BlockedClustered, Complete, Matched, Simple
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import CtievalError

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
third = Fraction(1, 3)
designs = {
    "blocked": Blocked("block", (("", 7),)),
    "simple": Simple(third),
    "complete": Complete(third),
    "blocked_clustered": BlockedClustered("block", "office", (("", Fraction(2, 5)),)),
    "matched": Matched(("age", "weeks"), 3, 1),
}
n = 60
cohort = Cohort(
    person_id=np.array([f"på-{number:02d}" for number in range(n)], dtype=object),
    as_of=date(2018, 1, 15),
    criteria=(),
    failed=np.zeros((n, 1), dtype=bool),
    not_assessable=np.zeros((n, 1), dtype=bool),
    characteristics=pd.DataFrame({
        "block": ["Å", "z", "ä"] * 20,
        "office": [f"{'Åzä'[i % 3]}{i % 12}" for i in range(n)],
        "age": [30 + i * 7 % 13 for i in range(n)],
        "weeks": [52 + i * i % 17 for i in range(n)],
    }),
)
if len(sys.argv) > 5:
    rows = np.random.default_rng(int(sys.argv[5])).permutation(n)
    known = cohort.characteristics.iloc[rows].reset_index(drop=True)
    cohort = Cohort(cohort.person_id[rows], cohort.as_of, (), cohort.failed, cohort.not_assessable, known)
(folder / f"ready-{sys.argv[3]}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
try:
    for name in sys.argv[4].split(","):
        record = folder / name / "allocation.json"
        record.parent.mkdir(exist_ok=True)
        assign(cohort, PlannedDraw(designs[name], seed, record, date(2018, 2, 1)), Arms("Indsats", "Kontrol"))
except CtievalError as refused:
    print(refused)
    raise SystemExit(refused.exit_code)
"""


def start(folder, seed, name, *arguments, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(seed), name, *(arguments or ("blocked",))],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish(process):
    """Wait for a process; return its exit code and what it said."""
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_a_second_process_with_other_rows_language_and_hash_seed_draws_the_same(tmp_path):
    folders, designs = [tmp_path / "one", tmp_path / "other"], "blocked,simple,complete,blocked_clustered,matched"
    for folder in folders:
        folder.mkdir()
        (folder / "go").touch()
    processes = [
        start(folders[0], 7, "a", designs, PYTHONHASHSEED="1", LC_ALL="C"),
        start(folders[1], 7, "b", designs, "3", PYTHONHASHSEED="2", LC_ALL="C.UTF-8", TZ="Asia/Tokyo"),
    ]
    assert [finish(process) for process in processes] == [(0, ""), (0, "")]
    for name in designs.split(","):
        one, other = ((folder / name / "allocation.json").read_bytes() for folder in folders)
        assert one == other


def test_of_two_processes_at_once_one_wins(tmp_path):
    processes = [start(tmp_path, seed, str(seed)) for seed in (1, 2)]
    while len(list(tmp_path.glob("ready-*"))) < len(processes):
        assert all(process.poll() is None for process in processes)
        time.sleep(0.01)
    (tmp_path / "go").touch()
    ended = {finish(process): seed for process, seed in zip(processes, (1, 2), strict=True)}
    (won, _), (lost, said) = sorted(ended)
    assert (won, lost) == (0, 31)
    winner = ended[0, ""]
    record = tmp_path / "blocked" / "allocation.json"
    assert json.loads(record.read_bytes())["record"]["seed"] == winner
    assert verify(record).holds
    assert "på-" not in said
    assert [path.name for path in record.parent.iterdir()] == ["allocation.json"]


def test_a_large_draw_is_exact_in_every_block():
    number = np.random.default_rng(1).permutation(np.arange(200_000) % 200)
    entrants = Entrants.in_blocks(np.array([f"{each:03d}" for each in range(200)], dtype=object)[number])
    arm = draw(Blocked("block", (("", Fraction(1, 4)),)), entrants, np.random.Generator(np.random.PCG64(1)))
    assert np.bincount(number, weights=arm).tolist() == [250] * 200


def test_a_design_with_another_seed_gives_another_draw(tmp_path):
    persons, design = [f"p{number:03d}" for number in range(100)], Blocked("block", (("x", 50),))
    (tmp_path / "b").mkdir()
    one = assign(cohort_of(persons, "x"), plan_of(tmp_path, design, seed=1), ARMS)
    other = assign(cohort_of(persons, "x"), replace(plan_of(tmp_path / "b", design), seed=2), ARMS)
    assert one.arm.tolist() != other.arm.tolist()
