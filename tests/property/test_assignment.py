"""What holds of every draw, whatever the cohort, the design and the seed."""

import json
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from datetime import date
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.assignment.draw import assign
from ctieval.assignment.lots import draw_lots
from ctieval.assignment.record import read_allocation, verify
from ctieval.designs.count import count_assignments
from ctieval.designs.draw import draw
from ctieval.designs.enumerate import enumerate_assignments
from ctieval.designs.probability import probabilities
from ctieval.designs.quotas import build_quotas
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import Blocked, Complete
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import CtievalError, DesignError

ARMS = Arms(intervention="Indsatsgruppe", control="Kontrolgruppe")


@st.composite
def conducted(draws, largest=9):
    """A design, and blocks on which it can be conducted."""
    sizes = draws(st.lists(st.integers(2, largest), min_size=1, max_size=3))
    drawn = []
    for number, size in enumerate(sizes):
        share = st.integers(2, 12).flatmap(lambda below: st.integers(1, below - 1).map(lambda x: Fraction(x, below)))
        possible = share.filter(lambda x, size=size: 1 <= x * size <= size - 1)
        quota = draws(st.one_of(st.integers(1, size - 1), possible) if size > 2 else st.just(1))
        drawn.append((f"block {number}", quota))
    blocks = np.repeat(np.array([label for label, _ in drawn], dtype=object), sizes)
    design = Complete(drawn[0][1]) if len(sizes) == 1 else Blocked("block", tuple(drawn))
    return design, blocks


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
    design, blocks = example
    persons = np.array([f"p{number}" for number in range(len(blocks))], dtype=object)
    rows = list(range(len(blocks)))
    shuffle.shuffle(rows)
    straight = draw_lots(persons, blocks, design, seed)
    assert straight[rows].tolist() == draw_lots(persons[rows], blocks[rows], design, seed).tolist()


@given(conducted(largest=40), st.integers(0, 2**32))
def test_every_block_is_within_one_of_its_target_and_so_is_the_total(example, seed):
    design, blocks = example
    quotas = build_quotas(design, blocks)
    arm = draw(design, blocks, np.random.Generator(np.random.PCG64(seed)))
    drawn = np.bincount(quotas.block, weights=arm)
    assert all(abs(int(found) - target) < 1 for found, target in zip(drawn, quotas.target, strict=True))
    assert abs(int(arm.sum()) - sum(quotas.target)) < 1
    assert all(0 < found < size for found, size in zip(drawn, quotas.size, strict=True))


@given(conducted(largest=40))
def test_probabilities_add_up_to_the_declared_number(example):
    design, blocks = example
    declared = float(sum(build_quotas(design, blocks).target))
    assert probabilities(design, blocks).sum() == pytest.approx(declared, rel=1e-12)


@given(conducted(largest=6))
def test_the_enumerated_law_delivers_what_is_declared(example):
    design, blocks = example
    count = count_assignments(design, blocks)
    law = list(enumerate_assignments(design, blocks))
    assert len({tuple(arm) for arm, _ in law}) == len(law) == count
    assert sum(share for _, share in law) == 1
    delivered = sum(arm * float(share) for arm, share in law)
    np.testing.assert_allclose(delivered, probabilities(design, blocks), rtol=0, atol=1e-12)


@given(
    st.lists(st.sampled_from(["", "a", "b", "c"]), max_size=6),
    st.lists(
        st.tuples(
            st.sampled_from(["", "a", "b", "c", "d"]),
            st.one_of(st.integers(-1, 7), st.fractions(-1, 2, max_denominator=5)),
        ),
        max_size=4,
    ),
)
def test_a_design_is_conducted_exactly_or_refused_in_one_message(blocks, drawn):
    blocks = np.array(blocks, dtype=object)
    design = Blocked("town", tuple(drawn))
    try:
        delivered = sum(arm * float(share) for arm, share in enumerate_assignments(design, blocks))
    except DesignError as refused:
        assert refused.where.startswith(("block ", "column town", "the cohort"))  # noqa: PT017
    else:
        np.testing.assert_allclose(delivered, probabilities(design, blocks), rtol=0, atol=1e-12)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """The file of a small draw, and its bytes."""
    plan = plan_of(tmp_path_factory.mktemp("draw"), Blocked("block", (("Brøndby", 2), ("Tønder", Fraction(1, 2)))))
    blocks = ["Brøndby"] * 5 + ["Tønder"] * 3
    assign(cohort_of([f"canary-{number}" for number in range(8)], blocks), plan, ARMS)
    return plan.record, plan.record.read_bytes()


@settings(max_examples=300)
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
from pathlib import Path
import numpy as np
import pandas as pd
from ctieval.assignment.draw import assign
from ctieval.domain.arms import Arms
from ctieval.domain.cohort import Cohort
from ctieval.domain.design import Blocked
from ctieval.domain.trial import PlannedDraw
from ctieval.errors import CtievalError

folder, seed = Path(sys.argv[1]), int(sys.argv[2])
n = 60
cohort = Cohort(
    person_id=np.array([f"på-{number:02d}" for number in range(n)], dtype=object),
    as_of=date(2018, 1, 15),
    criteria=(),
    failed=np.zeros((n, 1), dtype=bool),
    not_assessable=np.zeros((n, 1), dtype=bool),
    characteristics=pd.DataFrame({"block": ["Å", "z", "ä"] * 20}),
)
plan = PlannedDraw(Blocked("block", (("", 7),)), seed, folder / "allocation.json", date(2018, 2, 1))
(folder / f"ready-{sys.argv[3]}").touch()
while not (folder / "go").exists():
    time.sleep(0.001)
try:
    assign(cohort, plan, Arms("Indsatsgruppe", "Kontrolgruppe"))
except CtievalError as refused:
    print(refused)
    raise SystemExit(refused.exit_code)
"""


def start(folder, seed, name, **environment):
    return subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), str(seed), name],
        env={**os.environ, "PYTHONIOENCODING": "utf-8", **environment},
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
    )


def finish(process):
    """Wait for a process; return its exit code and what it said."""
    said, _ = process.communicate(timeout=60)
    return process.returncode, said


def test_a_second_process_with_another_language_and_hash_seed_draws_the_same(tmp_path):
    folders = [tmp_path / "one", tmp_path / "other"]
    for folder in folders:
        folder.mkdir()
        (folder / "go").touch()
    processes = [
        start(folders[0], 7, "a", PYTHONHASHSEED="1", LC_ALL="C"),
        start(folders[1], 7, "b", PYTHONHASHSEED="2", LC_ALL="C.UTF-8", TZ="Asia/Tokyo"),
    ]
    assert [finish(process) for process in processes] == [(0, ""), (0, "")]
    one, other = ((folder / "allocation.json").read_bytes() for folder in folders)
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
    assert json.loads((tmp_path / "allocation.json").read_bytes())["record"]["seed"] == winner
    assert verify(tmp_path / "allocation.json").holds
    assert "på-" not in said
    assert {path.name for path in tmp_path.iterdir()} == {"allocation.json", "go", "ready-1", "ready-2"}


def test_a_large_draw_is_exact_in_every_block():
    number = np.random.default_rng(1).permutation(np.arange(200_000) % 200)
    blocks = np.array([f"{each:03d}" for each in range(200)], dtype=object)[number]
    arm = draw(Blocked("block", (("", Fraction(1, 4)),)), blocks, np.random.Generator(np.random.PCG64(1)))
    assert np.bincount(number, weights=arm).tolist() == [250] * 200


def test_a_design_with_another_seed_gives_another_draw(tmp_path):
    persons, design = [f"p{number:03d}" for number in range(100)], Blocked("block", (("x", 50),))
    (tmp_path / "b").mkdir()
    one = assign(cohort_of(persons, "x"), plan_of(tmp_path, design, seed=1), ARMS)
    other = assign(cohort_of(persons, "x"), replace(plan_of(tmp_path / "b", design), seed=2), ARMS)
    assert one.arm.tolist() != other.arm.tolist()
