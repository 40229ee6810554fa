"""What the blocks gave is put together the same way, wherever it was reckoned."""

import sys
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ctieval.domain.window import Window
from ctieval.errors import InputError
from ctieval.registers.executors.processes import run_processes
from ctieval.registers.executors.results import combine, write_tables
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.executors.spark import _on_tables, _unpack, run_spark
from ctieval.registers.kernels.block import NEVER, Participants
from ctieval.registers.kernels.first_spell import FirstSpell, UnderWay
from ctieval.registers.kernels.follow import FollowUp, follow
from ctieval.registers.kernels.overlay import StateRules
from ctieval.registers.kernels.payments import to_weekly_rates
from ctieval.registers.store.write import write_store


def ids(*names):
    return np.array(names, dtype=object)


@pytest.fixture
def store(tmp_path, make_block):
    block = make_block()
    later = replace(block, pidx=block.pidx + 3)
    blocks = [(ids("a", "b", "c"), block), (ids("d", "e", "f"), later)]
    return write_store(blocks, tmp_path / "store", known={651, 730, 731}, block_size=3, unused_rows=0)


@pytest.fixture
def asked():
    of_code = np.full(1001, 4, dtype=np.int16)
    of_code[[0, -1]] = 3, 0
    drawn = Participants(*(np.array(cells, dtype=np.int32) for cells in ((0, 4, 5), (0, 1, 1), (2515, 2512, 2512))))
    return FollowUp(
        drawn=drawn,
        n_arms=2,
        rules=StateRules(of_code, 1, 2, 3, 0, 5, 6, least_hours=2000, least_earnings=None),
        windows=np.array([[0, 13], [0, 52]]),
        first_spell=None,
        path=Window(-2, 6),
        paid_windows=np.array([[0, 52]]),
        rates=to_weekly_rates([730, 731], np.full((2, 52), 10), 2505),
    )


def test_tables_follow_one_another_and_sums_are_added(store, asked):
    table, sums = combine(run_serial(follow, store, asked))
    assert table["pidx"].tolist() == [0, 4, 5]
    assert table["paid"].tolist() == [[150], [0], [0]]
    assert sums["persons"].tolist() == [1, 2]
    assert sums["paid"].tolist() == [[10] * 8, [0] * 8]
    assert sums["paid_squared"][0].tolist() == [100] * 8
    assert sums["in_state"].sum(axis=1).tolist() == [[1, 1, 1, 1, 1, 1, 1, 1], [1, 1, 0, 0, 1, 1, 1, 1]]


def test_the_windows_tell_states_and_what_is_not_observed(store, asked):
    table, _ = combine(run_serial(follow, store, asked))
    weeks = table["weeks"][1]
    assert weeks.tolist() == [[0, 0, 9, 0, 2, 0, 0], [0, 4, 16, 4, 2, 17, 0]]
    assert table["weeks"][2].sum() == 0


@pytest.mark.parametrize(("under_way", "first"), [(UnderWay.LEFT_OUT, NEVER), (UnderWay.CUT, -2)])
def test_a_spell_under_way_in_the_first_week_asked_for_is_known_as_such(store, asked, under_way, first):
    wanted = FirstSpell(4, (1,), Window(-2, 6), under_way)
    table, _ = combine(run_serial(follow, store, replace(asked, first_spell=wanted)))
    assert table["first_spell"].tolist() == [[first], [2], [NEVER]]


def test_processes_give_the_same(store, asked):
    expected, found = combine(run_serial(follow, store, asked)), combine(run_processes(follow, store, asked, workers=2))
    for ours, theirs in zip(found, expected, strict=True):
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name])


def test_tables_written_out_are_those_put_together(store, asked, tmp_path):
    table, expected = combine(run_serial(follow, store, asked))
    sums = write_tables(run_serial(follow, store, asked), tmp_path / "out")
    for name in expected:
        np.testing.assert_array_equal(sums[name], expected[name])
    written = pq.read_table(tmp_path / "out" / "block-00001.parquet")
    np.testing.assert_array_equal(written["weeks_1_2"].to_numpy(), table["weeks"][1:, 1, 2])
    with pytest.raises(InputError, match="never written over"):
        write_tables(run_serial(follow, store, asked), tmp_path / "out")


def test_rates_that_leave_a_week_out_are_refused(store, asked):
    short = to_weekly_rates([730], np.full((1, 51), 10), 2505)
    with pytest.raises(InputError) as caught:
        combine(run_serial(follow, store, replace(asked, rates=short)))
    assert caught.value.expected == "2018-W01 to 2018-W52"


def test_without_rates_nothing_is_paid(store, asked):
    table, sums = combine(run_serial(follow, store, replace(asked, rates=None)))
    assert "paid" not in table
    assert "paid" not in sums


@pytest.mark.parametrize("seed", range(3))
def test_what_spark_hands_over_in_any_order_is_the_block(store, asked, seed):
    """The two tables of a block as Spark's cogroup gives them, without Spark."""
    block, rng = store.load(1), np.random.default_rng(seed)
    codes, months, n = block.codes, block.months, len(block.codes)
    columns = {
        "pidx": [*block.pidx, *block.pidx[codes.row]],
        "start": [*block.entry, *codes.start],
        "end": [*block.exit, *codes.end],
        "code": [-2] * len(block) + [*codes.code],
        "moved_on": [*block.moved_on.tolist(), *[None] * n],
        "birth": [*block.birth.tolist(), *[None] * n],
    }
    both = pa.table(
        {
            name: pa.array([None if cell is None else int(cell) for cell in cells], pa.int32())
            for name, cells in columns.items()
        }
    )
    paid = pa.table(
        {"pidx": block.pidx[months.row], "month": months.month, "hours": months.hours, "earnings": months.earnings}
    )
    shuffled = (table.take(rng.permutation(table.num_rows)) for table in (both, paid))
    found = _on_tables(follow, asked, block.span)(*shuffled)
    assert found.column("first").to_pylist() == [3]
    for ours, theirs in zip(_unpack(found.column("result")[0].as_py()), follow(block, asked), strict=True):
        assert list(ours) == list(theirs)
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name])


def test_spark_that_is_not_there_is_named_with_its_extra(store, asked, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyspark.sql", None)
    with pytest.raises(InputError) as caught:
        combine(run_spark(follow, store, asked))
    assert "ctieval[spark]" in caught.value.do
