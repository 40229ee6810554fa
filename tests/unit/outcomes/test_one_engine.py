"""The same whole numbers in memory, in a store, in processes, and from the SQL of DuckDB (B11)."""

from dataclasses import replace
from functools import partial

import numpy as np
import pyarrow as pa
import pytest

from ctieval.domain.outcome import Amount, AmountOutcome, BetterWhen, Measure, State
from ctieval.domain.outcome_table import Status
from ctieval.domain.window import Window
from ctieval.errors import ProtocolError
from ctieval.outcomes.paths import track_paths
from ctieval.outcomes.states import WeekState, state_rules
from ctieval.outcomes.track import count_exits, track
from ctieval.registers.executors.processes import run_processes
from ctieval.registers.store.panels import to_blocks
from ctieval.registers.store.write import write_registers

N, WEEKS = 60, 120


@pytest.fixture(scope="module")
def registers(make_registers):
    rng = np.random.default_rng(4)
    code = np.repeat(rng.choice([0, 0, 730, 771, 737, 651], (N, WEEKS)), 9, axis=1)[:, :WEEKS]
    for person in np.flatnonzero(rng.random(N) < 0.3):
        code[person, rng.integers(WEEKS) :] = rng.choice([-1, 997, 998, 999])
    paid = rng.random((N, 28)) < 0.5
    return make_registers(code, np.where(paid, 37.25, 0.0), np.where(paid, rng.integers(1, 30_000, (N, 28)), 0.0))


@pytest.fixture(scope="module")
def allocation(drawn_on):
    rng = np.random.default_rng(5)
    return drawn_on(rng.integers(0, 2, N), np.datetime64("2018-03-05") + rng.integers(0, 60, N))


@pytest.fixture(scope="module")
def outcomes(make_outcome):
    window = Window(0, 40)
    common = {name: getattr(make_outcome(), name) for name in ("name", "label", "role", "better_when")}
    counted = [make_outcome(state=State.ORDINARY_JOB, measure=measure, window=window) for measure in Measure]
    sums = [AmountOutcome(**common, amount=amount, window=window) for amount in (Amount.EARNINGS, Amount.STATE_CHANGES)]
    return (*counted, make_outcome(state=State.BENEFIT, better_when=BetterWhen.LOWER, window=window), *sums)


@pytest.fixture(scope="module")
def store(registers, codes, tmp_path_factory):
    return write_registers(registers, tmp_path_factory.mktemp("engine") / "store", known=codes.known, block_size=17)


def same(found, expected):
    np.testing.assert_array_equal(found.status, expected.status)
    np.testing.assert_array_equal(found.values, expected.values)


def test_a_store_a_block_in_memory_and_processes_give_the_same(outcomes, allocation, registers, store, codes):
    expected = track(outcomes, allocation, registers, codes)
    assert 0.3 < expected.observed.mean() < 1
    same(track(outcomes, allocation, store, codes), expected)
    same(track(outcomes, allocation, to_blocks(registers, 7), codes), expected)
    same(track(outcomes, allocation, store, codes, run=partial(run_processes, workers=2)), expected)


def test_exits_and_paths_are_the_same_in_a_store(outcomes, allocation, registers, store, codes):
    assert count_exits(outcomes, allocation, store, codes) == count_exits(outcomes, allocation, registers, codes)
    ours, theirs = (track_paths(allocation, each, codes) for each in (store, registers))
    assert ours.window == theirs.window
    np.testing.assert_array_equal(ours.place, theirs.place)


def test_a_store_has_no_answers_to_a_questionnaire(make_outcome, allocation, store, codes):
    with pytest.raises(ProtocolError, match="hold its survey"):
        track((make_outcome("instrument"),), allocation, store, codes)


SQL = """
with weeks as (
  select p.pidx, d.arm, w.w - d.zero as rel, w.month, coalesce(s.code, 0) as code,
         coalesce(m.hours, 0) > 0 or coalesce(m.earnings, 0) > 0 as work, coalesce(m.earnings, 0) * w.share as pay
  from drawn d join persons p using (pidx) join calendar w on w.w between d.zero and d.zero + 39
  left join spells s on s.pidx = p.pidx and w.w >= s.start and w.w < s."end"
  left join months m on m.pidx = p.pidx and m.month = w.month
  where w.w >= p.entry and w.w < p.exit
), states as (
  select weeks.*, case when code = 0 then if(work, {job}, {own}) else c.state end as state
  from weeks join codes c using (code)
)
select pidx, count(*) filter (state != {abroad} and code != -1) as known, count(*) filter (state = {job}) as weeks,
       coalesce(min(rel) filter (state = {job}), 40) as wait, sum(if(state != {dead}, pay, 0)) as pay
from states group by pidx order by pidx
"""


def test_the_sql_of_duckdb_gives_the_same(make_outcome, allocation, store, codes):
    duckdb = pytest.importorskip("duckdb")
    rules = state_rules(codes)
    week = np.arange(store.span.first_week, store.span.end_week)
    month = (7 * week).astype("datetime64[D]").astype("datetime64[M]")
    edges = [each.astype("datetime64[D]").astype(int) for each in (month, month + 1)]
    thursdays = -(-edges[1] // 7) - -(-edges[0] // 7)
    base = duckdb.connect()
    for name in ("persons", "spells", "months"):
        base.execute(f"create table {name} as select * from '{store.folder}/{name}/*.parquet'")
    zero = (allocation.randomised_on.astype(np.int64) + 3) // 7
    tables = {
        "drawn": {"pidx": store.find(allocation.person_id), "arm": allocation.arm, "zero": zero},
        "calendar": {"w": week, "month": month.astype(int), "share": 20 // thursdays},
        "codes": {"code": [*range(1000), -1], "state": rules.of_code},
    }
    for name, columns in tables.items():
        base.register(name, pa.table({key: np.asarray(column) for key, column in columns.items()}))
    states = {"job": WeekState.ORDINARY_JOB, "own": WeekState.SELF_SUPPORT, "abroad": WeekState.EMIGRATED}
    numbers = {name: int(state) for name, state in {**states, "dead": WeekState.EXIT}.items()}
    found = base.sql(SQL.format(**numbers)).fetchall()
    window = Window(0, 40)
    job = make_outcome(window=window)
    wait = replace(job, measure=Measure.WEEKS_UNTIL_FIRST, better_when=BetterWhen.LOWER)
    common = {name: getattr(job, name) for name in ("name", "label", "role", "better_when")}
    earned = AmountOutcome(**common, amount=Amount.EARNINGS, window=window)
    table = track((job, wait, earned), allocation, store, codes)
    values, observed = table.values, table.status == Status.OBSERVED
    by_person = {row[0]: row for row in found}
    for person, pidx in enumerate(store.find(allocation.person_id).tolist()):
        _, known, *counted, pay = by_person.get(pidx, (pidx, 0, 0, 40, 0))
        assert observed[person].tolist() == [known == 40] * 3
        if known == 40:
            assert values[person].tolist() == [*counted, pay / 20]
    assert 0.3 < observed.mean() < 1
