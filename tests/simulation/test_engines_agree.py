"""B11: every way of reckoning gives the same whole numbers: serial, processes, Spark, DuckDB, plain pandas, dense."""

import gc
import importlib
import importlib.util
import sys
import warnings
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from ctieval.registers.executors.processes import run_processes
from ctieval.registers.executors.results import combine
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.executors.spark import run_spark
from ctieval.registers.kernels.follow import follow
from ctieval.registers.kernels.look_up import look_up
from ctieval.registers.kernels.overlay import states

BENCH = Path(__file__).parents[2] / "bench"
PERSONS, WEEKS, BLOCK_SIZE = 3_000, 600, 700
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def bench():
    """The modules of the folder bench, by name."""
    names = ("generator", "naive_registers", "asked", "plain")
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(BENCH)
        yield SimpleNamespace(**{name: importlib.import_module(name) for name in names})
        for name in names:
            del sys.modules[name]


@pytest.fixture(scope="module")
def files(bench, tmp_path_factory):
    folder = tmp_path_factory.mktemp("files") / "wide"
    bench.generator.write_files(folder, PERSONS, WEEKS)
    return folder


@pytest.fixture(scope="module")
def store(bench, files):
    return bench.asked.ingest(files, files.parent / "store", WEEKS, block_size=BLOCK_SIZE)


@pytest.fixture(scope="module")
def session(absent):
    """One Spark for the whole module, on this machine, whose workers run this Python."""
    if importlib.util.find_spec("pyspark") is None:
        absent("pyspark is not installed; CTIEVAL_REQUIRE_SPARK=1 makes this a failure", "SPARK")
    quiet = {"spark.ui.enabled": "false", "spark.log.level": "ERROR", "spark.sql.shuffle.partitions": "4"}
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_LOCAL_IP", "127.0.0.1")
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        with warnings.catch_warnings(action="ignore"):
            from pyspark.sql import SparkSession

            spark = SparkSession.builder.master("local[2]").config(map=quiet).getOrCreate()
        yield spark
        with warnings.catch_warnings(action="ignore"):
            spark.stop()
            gc.collect()


@pytest.fixture(scope="module", params=["follow", "look_up", "states"])
def work(request, bench):
    """A kernel and what it is asked."""
    return {
        "follow": (follow, bench.asked.question(PERSONS, WEEKS)),
        "look_up": (look_up, bench.asked.criteria()),
        "states": (states, bench.asked.rules()),
    }[request.param]


def assert_same(found, expected):
    for ours, theirs in zip(found, expected, strict=True):
        assert list(ours) == list(theirs)
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name])


def test_processes_give_what_one_block_after_the_other_gives(store, work):
    kernel, asked = work
    assert_same(combine(run_processes(kernel, store, asked, workers=2)), combine(run_serial(kernel, store, asked)))


@pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas:FutureWarning")
@pytest.mark.filterwarnings("ignore:unclosed <socket:ResourceWarning")
def test_spark_gives_what_one_block_after_the_other_gives(session, store, work):
    kernel, asked = work
    assert_same(combine(run_spark(kernel, store, asked, session=session)), combine(run_serial(kernel, store, asked)))


def test_the_size_of_the_blocks_changes_nothing(bench, files, store, work):
    kernel, asked = work
    whole = bench.asked.ingest(files, files.parent / f"whole-{kernel.__name__}", WEEKS)
    assert_same(combine(run_serial(kernel, whole, asked)), combine(run_serial(kernel, store, asked)))


def test_plain_pandas_gives_the_same(bench, files, store):
    plain = bench.plain.Plain(files, PERSONS, WEEKS)
    plain.everything()
    asked = bench.asked.question(PERSONS, WEEKS)
    bench.plain.compare(combine(run_serial(bench.asked.everything, store, asked)), plain)


def test_the_dense_matrix_gives_the_same(bench, store):
    """Every person and week a cell: states by three lines of NumPy, windows and paths by counting cells."""
    asked = bench.asked.question(PERSONS, WEEKS)
    table, sums = combine(run_serial(follow, store, asked))
    cells = np.concatenate([dense_states(bench, store.load(number), asked.rules) for number in range(len(store))])
    first = store.manifest.span.first_week
    drawn = asked.drawn
    padded = np.pad(cells, ((0, 0), (400, 400)))
    for number, (low, high) in enumerate(asked.windows.tolist()):
        own = own_cells(padded, drawn.week_zero - first + 400, low, high)
        for state in range(1, asked.rules.n_states):
            np.testing.assert_array_equal(table["weeks"][:, number, state], (own == state).sum(axis=1))
    path = own_cells(padded, drawn.week_zero - first + 400, asked.path.start, asked.path.end)
    for arm in range(asked.n_arms):
        for state in range(1, asked.rules.n_states):
            np.testing.assert_array_equal(sums["in_state"][arm, state], (path[drawn.arm == arm] == state).sum(axis=0))


def own_cells(cells, week_zero, low, high):
    return np.take_along_axis(cells, week_zero[:, None] + np.arange(low, high)[None, :], axis=1)


def dense_states(bench, block, rules):
    span, months = block.span, block.months
    week = np.arange(span.first_week, span.end_week)
    worked = np.zeros((len(block), span.end_month), dtype=bool)
    worked[months.row, months.month] = months.hours >= rules.least_hours
    thursday = np.array([bench.naive_registers.month_of(int(each)) for each in week])
    work = np.where(worked[:, thursday], rules.working, rules.not_working)
    work[:, thursday < span.first_month] = rules.undecided
    state = rules.of_code[bench.generator.expand(block)]
    state = np.where(state == rules.undecided, work, state)
    return np.where(week[None, :] >= block.entry[:, None], state, 0)


def sql_tables(bench, store, asked):
    """The store, the calendar, the rules and the rates as tables of a DuckDB in memory."""
    import duckdb

    base = duckdb.connect()
    for name in ("persons", "spells", "months"):
        base.execute(f"create table {name} as select * from '{store.folder}/{name}/*.parquet'")
    week = np.arange(store.manifest.span.first_week, store.manifest.span.end_week)
    codes, amount = bench.generator.weekly_rates(WEEKS)
    frames = {
        "calendar": pd.DataFrame({"w": week, "m": [bench.naive_registers.month_of(int(each)) for each in week]}),
        "code_state": pd.DataFrame({"code": np.arange(1000), "state": asked.rules.of_code[:1000]}),
        "rates": pd.DataFrame(
            {"code": np.repeat(codes, WEEKS), "w": np.tile(week, len(codes)), "amount": amount.ravel()}
        ),
        "drawn": pd.DataFrame({"pidx": asked.drawn.pidx, "arm": asked.drawn.arm, "r": asked.drawn.week_zero}),
    }
    for name, frame in frames.items():
        base.register(f"{name}_frame", frame)
        base.execute(f"create table {name} as select * from {name}_frame")
    return base


STATES_SQL = """
create table weekly as
with seen as (
  select p.pidx, c.w, c.m, coalesce(s.code, 0) as code
  from persons p join calendar c on c.w >= p.entry and c.w < p.exit
  left join spells s on s.pidx = p.pidx and c.w >= s.start and c.w < s."end"
)
select seen.pidx, seen.w, seen.code,
  case when k.state <> {undecided} then k.state
       when seen.m < {first_month} or seen.m >= {end_month} then {undecided}
       when coalesce(months.hours, 0) >= {least_hours} then {working}
       else {not_working} end as state
from seen join code_state k using (code)
left join months on months.pidx = seen.pidx and months.month = seen.m
"""

SPELLS_SQL = """
with jobs as (
  select w.pidx, w.w - d.r as t, w.w - d.r - row_number() over (partition by w.pidx order by w.w) as island
  from weekly w join drawn d using (pidx) where w.state = {state} and w.w >= d.r
), islands as (select pidx, min(t) as start, count(*) as n from jobs group by pidx, island)
select d.pidx, {columns} from drawn d left join islands using (pidx) group by d.pidx order by d.pidx
"""


def test_duckdb_gives_the_same(bench, store):
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    asked = bench.asked.question(PERSONS, WEEKS)
    table, sums = combine(run_serial(follow, store, asked))
    base, rules, span = sql_tables(bench, store, asked), asked.rules, store.manifest.span
    base.execute(
        STATES_SQL.format(
            undecided=rules.undecided,
            working=rules.working,
            not_working=rules.not_working,
            least_hours=rules.least_hours,
            first_month=span.first_month,
            end_month=span.end_month,
        )
    )
    for number, (low, high) in enumerate(asked.windows.tolist()):
        rows = base.sql(
            f"select pidx, state, count(*) from weekly join drawn using (pidx) "
            f"where w - r >= {low} and w - r < {high} group by all"
        ).fetchnumpy()
        dense = np.zeros_like(table["weeks"][:, number])
        pidx, state, count = rows.values()
        dense[pidx, state] = count
        np.testing.assert_array_equal(table["weeks"][:, number], dense)
    wanted = asked.first_spell
    columns = ", ".join(f"min(start) filter (n >= {length}) as l{length}" for length in wanted.lengths)
    rows = base.sql(SPELLS_SQL.format(state=wanted.state, columns=columns)).df()
    expected = rows.drop(columns="pidx").fillna(32767).to_numpy().astype(np.int16)
    np.testing.assert_array_equal(table["first_spell"], expected)
    compare_paths(base, asked, sums)
    for number, (low, high) in enumerate(asked.paid_windows.tolist()):
        rows = base.sql(
            f"select d.pidx, coalesce(sum(amount), 0)::bigint as paid from drawn d left join (weekly "
            f"join rates using (code, w)) k on k.pidx = d.pidx and w - r >= {low} and w - r < {high} "
            f"group by d.pidx order by d.pidx"
        ).fetchnumpy()
        np.testing.assert_array_equal(table["paid"][:, number], rows["paid"])


def compare_paths(base, asked, sums):
    path = asked.path
    inside = f"w - r >= {path.start} and w - r < {path.end}"
    rows = base.sql(
        f"select arm, state, w - r, count(*) from weekly join drawn using (pidx) where {inside} group by all"
    ).fetchnumpy()
    arm, state, week, count = rows.values()
    dense = np.zeros_like(sums["in_state"])
    dense[arm, state, week - path.start] = count
    np.testing.assert_array_equal(sums["in_state"], dense)
    rows = base.sql(
        f"select arm, w - r, sum(amount)::bigint, sum(amount * amount)::bigint from weekly join rates using (code, w) "
        f"join drawn using (pidx) where {inside} group by all"
    ).fetchnumpy()
    arm, week, *moments = rows.values()
    for name, values in zip(("paid", "paid_squared"), moments, strict=True):
        dense = np.zeros_like(sums[name])
        dense[arm, week - path.start] = values
        np.testing.assert_array_equal(sums[name], dense)


ELIGIBLE_SQL = """
with benefit as (
  select pidx, start, least("end", {end}) as stop,
    lag(least("end", {end})) over (partition by pidx order by start) as before
  from spells where code in ({codes}) and start < {end}
), gaps as (
  select *, start > before as gap from benefit
), judged as (
  select pidx, start, stop, before is null or (gap and (start - before > {gap} or {hours} > {most})) as breaks
  from gaps g
), spell as (
  select pidx, max(start) filter (breaks) as since, max(stop) as stop from judged group by pidx
)
select p.pidx, coalesce(s.stop = {end} and {end} - s.since >= {weeks}, false) and exists (
    select 1 from spells n where n.pidx = p.pidx and n.start < {end} and n."end" >= {end} and n.code in ({ready})
  ) and epoch_ms(0)::date + {born_by} >= p.birth as eligible
from persons p left join spell s using (pidx) order by p.pidx
"""


def test_duckdb_finds_the_same_persons_eligible(bench, store):
    pytest.importorskip("duckdb", reason="DuckDB is not installed")
    asked = bench.asked.criteria()
    base = sql_tables(bench, store, bench.asked.question(PERSONS, WEEKS))
    month = "(year({0}) - 1970) * 12 + month({0}) - 1"
    days = [f"(epoch_ms(0)::date + {day})" for day in ("7 * before - 3", "7 * start - 4")]
    first, last = (f"({month.format(day)})" for day in days)
    hours = f"coalesce((select sum(hours) from months m where m.pidx = g.pidx and m.month in ({first}, {last})), 0)"
    rows = base.sql(
        ELIGIBLE_SQL.format(
            end=asked.week + 1,
            codes=", ".join(map(str, np.flatnonzero(asked.benefits))),
            ready=", ".join(map(str, np.flatnonzero(asked.ready))),
            gap=asked.longest_gap_weeks,
            hours=hours,
            most=asked.most_hours,
            weeks=asked.least_weeks,
            born_by=asked.born_by,
        )
    ).fetchnumpy()
    table, _ = combine(run_serial(look_up, store, asked))
    assert 0 < rows["eligible"].sum() < PERSONS
    np.testing.assert_array_equal(table["eligible"] == 1, rows["eligible"])
