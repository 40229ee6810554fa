"""A store as it is written, opened, verified and refused."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ctieval.domain.registers import EmploymentPanel, Registers, WeekPanel
from ctieval.errors import CodeListError, InputError, SchemaError
from ctieval.registers.kernels.block import NO_DAY, Span
from ctieval.registers.store.invariants import check_block
from ctieval.registers.store.manifest import TABLES, table_path
from ctieval.registers.store.open import find_participants, open_store, verify_store
from ctieval.registers.store.write import write_registers, write_store

KNOWN = {0, 651, 730, 731}
IDS = np.array(["a", "b", "c"], dtype=object)


@pytest.fixture
def store(tmp_path, make_block):
    block = make_block()
    return write_store([(IDS, block)], tmp_path / "store", known=KNOWN, block_size=5, unused_rows=0)


def arrays(block):
    parts = [block.pidx, block.entry, block.exit, block.moved_on, block.birth]
    parts += [getattr(block.codes, name) for name in ("row", "start", "end", "code")]
    return parts + [getattr(block.months, name) for name in ("row", "month", "hours", "earnings")]


def test_a_block_is_loaded_as_it_was_written(store, make_block):
    block = store.load(0)
    for found, written in zip(arrays(block), arrays(make_block()), strict=True):
        np.testing.assert_array_equal(found, written)
    assert block.span == make_block().span
    assert store.load_identifiers(0).tolist() == ["a", "b", "c"]
    assert store.n_persons == 3


def test_a_store_has_one_file_a_table_and_block_and_one_row_group_is_never_taken_for_another(tmp_path, make_block):
    block = make_block()
    later = replace(block, pidx=block.pidx + 3)
    ids = np.array(["d", "e", "f"], dtype=object)
    store = write_store([(IDS, block), (ids, later)], tmp_path / "s", known=KNOWN, block_size=3, unused_rows=0)
    assert sorted(path.name for path in (tmp_path / "s" / "spells").iterdir()) == [
        "block-00000.parquet",
        "block-00001.parquet",
    ]
    assert store.load(1).pidx.tolist() == [3, 4, 5]
    assert store.find(np.array(["f", "x", "a"], dtype=object)).tolist() == [5, -1, 0]


BROKEN = {
    "persons numbered one after the other": lambda b, s, m: {"pidx": np.array([0, 2, 3], dtype=np.int32)},
    "entry and exit within the weeks": lambda b, s, m: {"exit": b.exit + np.array([1, 0, 0], dtype=np.int32)},
    "spells of persons of the block": lambda b, s, m: {"codes": s((0, 2505, 2506, 730), (3, 2505, 2506, 730))},
    "spells that begin before they end": lambda b, s, m: {"codes": s((0, 2506, 2506, 730))},
    "spells sorted by person and start": lambda b, s, m: {"codes": s((0, 2510, 2512, 730), (0, 2505, 2507, 730))},
    "do not overlap": lambda b, s, m: {"codes": s((0, 2505, 2512, 730), (0, 2510, 2514, 731))},
    "codes from 1 to 999": lambda b, s, m: {"codes": s((0, 2505, 2512, 0))},
    "as long as they can be": lambda b, s, m: {"codes": s((0, 2505, 2512, 730), (0, 2512, 2514, 730))},
    "between the entry and the exit": lambda b, s, m: {"codes": s((1, 2505, 2512, 730))},
    "months of persons of the block": lambda b, s, m: {"months": m((3, 580, 1, 1))},
    "months of the extract": lambda b, s, m: {"months": m((0, 575, 1, 1))},
    "months sorted by person and month": lambda b, s, m: {"months": m((0, 580, 1, 1), (0, 580, 1, 1))},
    "hours and earnings of 0 or more": lambda b, s, m: {"months": m((0, 580, -3, 1))},
}


@pytest.mark.parametrize("rule", BROKEN)
def test_every_rule_of_a_block_is_held(rule, make_block, make_spells, make_months):
    block = make_block(**BROKEN[rule](make_block(), make_spells, make_months))
    with pytest.raises(InputError) as caught:
        check_block(block, where="store, block 0")
    assert rule in caught.value.expected
    assert caught.value.where == "store, block 0"


def test_a_store_broken_off_is_none(store):
    (store.folder / "manifest.json").unlink()
    with pytest.raises(InputError, match="no store"):
        open_store(store.folder)


MANIFESTS = {
    "another version": lambda form: form | {"schema_version": 2},
    "an entry too few": lambda form: {name: form[name] for name in form if name != "span"},
    "an entry too many": lambda form: form | {"more": 1},
    "no table": lambda form: [1],
    "persons left out": lambda form: form | {"blocks": [form["blocks"][0] | {"first_pidx": 1, "end_pidx": 4}]},
    "a block too large": lambda form: form | {"block_size": 2},
}


@pytest.mark.parametrize("case", MANIFESTS)
def test_a_manifest_that_is_none_is_refused(store, case):
    path = store.folder / "manifest.json"
    path.write_text(json.dumps(MANIFESTS[case](json.loads(path.read_text()))))
    with pytest.raises(InputError, match="no store"):
        open_store(store.folder)


@pytest.mark.parametrize("table", TABLES)
def test_a_file_with_rows_too_few_or_none_is_found_when_the_store_is_opened(store, table):
    path = table_path(store.folder, table, 0)
    pq.write_table(pq.read_table(path).slice(1), path)
    with pytest.raises(InputError, match="not whole"):
        open_store(store.folder)
    path.unlink()
    with pytest.raises(InputError, match="not whole"):
        open_store(store.folder)


@pytest.mark.parametrize("table", TABLES)
def test_a_file_with_other_values_is_found_by_its_digest(store, table):
    verify_store(store)
    path = table_path(store.folder, table, 0)
    frame = pq.read_table(path)
    place = frame.column_names.index({"persons": "entry", "spells": "start", "months": "hours"}[table])
    column = frame.column(place)
    changed = pa.array((column.to_numpy() + 0 * 1).astype(column.type.to_pandas_dtype())[::-1].copy(), column.type)
    pq.write_table(frame.set_column(place, frame.column_names[place], changed), path)
    with pytest.raises(InputError, match="not whole") as caught:
        verify_store(open_store(store.folder))
    assert caught.value.where.endswith(f"{table}/block-00000.parquet")


def test_a_block_that_was_changed_is_refused_when_it_is_loaded(store):
    path = table_path(store.folder, "spells", 0)
    frame = pq.read_table(path)
    pq.write_table(frame.take(list(reversed(range(frame.num_rows)))), path)
    with pytest.raises(InputError, match="breaks a rule"):
        open_store(store.folder).load(0)


def test_a_store_is_never_written_over_another(store, make_block):
    with pytest.raises(InputError, match="never written over"):
        write_store([(IDS, make_block())], store.folder, known=KNOWN, block_size=3, unused_rows=0)


def test_an_unknown_code_stops_with_its_weeks(tmp_path, make_block):
    with pytest.raises(CodeListError) as caught:
        write_store([(IDS, make_block())], tmp_path / "s", known={730, 651}, block_size=3, unused_rows=0)
    assert (caught.value.code, caught.value.n_weeks, caught.value.first_week) == ("731", 10, "2018-W16")
    with pytest.raises(InputError, match="no store"):
        open_store(tmp_path / "s")


def test_an_identifier_that_stands_twice_stops(tmp_path, make_block):
    twice = np.array(["a", "b", "a"], dtype=object)
    with pytest.raises(SchemaError) as caught:
        write_store([(twice, make_block())], tmp_path / "s", known=KNOWN, block_size=3, unused_rows=0)
    assert (caught.value.rule, caught.value.n_rows) == ("unique", 1)


@pytest.fixture
def registers():
    ids = np.array(["a", "b"], dtype=object)
    code = np.array([[-1, 730, 0, -1, 651, -1], [-1, -1, -1, -1, -1, -1]], dtype=np.int16)
    hours = np.array([[0.0, 160.335, np.nan], [0.001, 0.0, 0.0]])
    return Registers(
        persons=pd.DataFrame({"person_id": ids, "moved_on": pd.to_datetime(["2018-02-05", None])}),
        weeks=WeekPanel(ids, 2505, code),
        employment=EmploymentPanel(ids, 576, hours, np.array([[0.0, 0.4, 5.0], [0.0, 0.0, 0.0]])),
        payments=None,
        activity=None,
        survey=None,
        recognised=(),
        digests=(),
    )


def test_a_panel_keeps_what_is_blank_apart_from_what_is_not_observed(tmp_path, registers):
    block = write_registers(registers, tmp_path / "s", known=KNOWN).load(0)
    assert (block.entry.tolist(), block.exit.tolist()) == ([2506, 2511], [2510, 2511])
    runs = zip(block.codes.start.tolist(), block.codes.end.tolist(), block.codes.code.tolist(), strict=True)
    assert list(runs) == [(2506, 2507, 730), (2508, 2509, -1), (2509, 2510, 651)]
    assert block.moved_on.tolist() == [np.datetime64("2018-02-05").astype(int), NO_DAY]
    assert block.birth.tolist() == [NO_DAY, NO_DAY]
    assert block.months.month.tolist() == [577, 578, 576]
    assert block.months.hours.tolist() == [16034, -1, 1]
    assert block.months.earnings.tolist() == [1, 5, 0]


def test_a_panel_without_employment_has_no_months(tmp_path, registers):
    store = write_registers(replace(registers, employment=None), tmp_path / "s", known=KNOWN, block_size=1)
    assert len(store) == 2
    assert store.manifest.span == Span(2505, 2511, 0, 0)
    assert len(store.load(0).months) == 0


def test_participants_are_found_and_sorted_as_the_store_is(store, make_allocation):
    allocation = make_allocation([1, 0])
    days = np.array(["2018-03-01", "2018-04-02"], dtype="datetime64[D]")
    drawn = replace(allocation, person_id=np.array(["c", "a"], dtype=object), randomised_on=days)
    found = find_participants(store, drawn)
    assert (found.pidx.tolist(), found.arm.tolist(), found.week_zero.tolist()) == ([0, 2], [0, 1], [2518, 2513])
    with pytest.raises(InputError, match="not in the store"):
        find_participants(store, replace(drawn, person_id=np.array(["c", "x"], dtype=object)))
    with pytest.raises(InputError, match="a day that is not known"):
        find_participants(store, replace(drawn, randomised_on=allocation.randomised_on))


def test_no_name_of_a_person_stands_in_a_picture_of_the_store(store, make_block):
    drawn = repr((store, store.load(0), store.load(0).codes, store.load(0).months))
    assert drawn == (
        "(Store(3 persons in 1 blocks), Block(3 persons, Spells(4 spells), Months(2 rows)), Spells(4 spells), "
        "Months(2 rows))"
    )
