"""A kernel run over the blocks on a Spark cluster, where the data live; the numbers are those of every other way.

Needs the extra ``spark`` (pyspark 4.0 or later) and Java. The store lies where every executor can read it, and ctieval
is installed there. A block is held whole by one Python worker, so the size of the blocks bounds the memory. Start it
with ``spark-submit --master <cluster> script.py``; ``PYSPARK_PYTHON`` names the Python of the executors where it is not
the first ``python3`` there.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from ctieval.domain.registers import NOT_OBSERVED
from ctieval.errors import InputError
from ctieval.registers.executors.results import Kernel
from ctieval.registers.kernels.block import NO_DAY, Block, Months, Result, Span, Spells
from ctieval.registers.store.arrow import ArrowTable
from ctieval.registers.store.open import Store

_PERSON = NOT_OBSERVED - 1
_PERSONS = ("pidx", "entry as start", "exit as end", f"cast({_PERSON} as smallint) as code")
_DAYS = tuple(f"coalesce(unix_date({name}), {NO_DAY}) as {name}" for name in ("moved_on", "birth"))


def run_spark(kernel: Kernel, store: Store, params: object, *, session: object = None) -> Iterator[Result]:
    """Run a kernel over every block on Spark.

    Persons and spells of a block, as rows of one table, are brought together with its months (``cogroup``), and the
    kernel is applied to them in Arrow.

    Args:
        kernel: A block function that the executors can import.
        store: The store.
        params: The second argument of the kernel.
        session: A ``SparkSession``; None for the active one, or else a new one.

    Yields:
        What each block gives, in order.

    Raises:
        InputError: If pyspark is not installed.
    """
    spark: Any = session or _start()
    tables = {name: spark.read.parquet(str(store.folder / name)) for name in ("persons", "spells", "months")}
    persons = tables["persons"].selectExpr(*_PERSONS, *_DAYS)
    both = persons.unionByName(tables["spells"], allowMissingColumns=True)
    number = f"cast(pidx div {store.manifest.block_size} as int) as block"
    left, right = (frame.selectExpr(number, "*").groupBy("block") for frame in (both, tables["months"]))
    apply = _on_tables(kernel, params, store.manifest.span)
    found = left.cogroup(right).applyInArrow(apply, schema="first int, result binary").toArrow()
    yield from (_unpack(cell) for cell in found.sort_by("first").column("result").to_pylist())


def _start() -> object:
    """The active Spark session, or a new one."""
    try:
        from pyspark.sql import SparkSession  # noqa: PLC0415  # pyright: ignore[reportMissingImports]
    except ImportError:
        raise InputError(
            what="Spark cannot be started",
            where="the executor spark",
            found="no package pyspark",
            expected="pyspark 4.0 or later, and Java",
            do='install the extra with pip install "ctieval[spark]", or run the kernel with run_serial',
        ) from None
    return SparkSession.builder.getOrCreate()


def _on_tables(kernel: Kernel, params: object, span: Span) -> Callable[[ArrowTable, ArrowTable], object]:
    """The kernel as a function of the two tables of a block; Spark gives their rows in any order."""

    def apply(both: ArrowTable, months: ArrowTable) -> object:
        block = _to_block(both, months, span)
        return pa.table({"first": block.pidx[:1], "result": [_pack(kernel(block, params))]})

    return apply


def _to_block(both: ArrowTable, months: ArrowTable, span: Span) -> Block:
    """One block of the rows of its persons, its spells and its months."""
    rows, paid = _sorted(both, "start"), _sorted(months, "month")
    person = rows["code"] == _PERSON
    pidx, entry, leave, moved_on, birth = (rows[name][person] for name in ("pidx", "start", "end", "moved_on", "birth"))
    row, start, end, code = (rows[name][~person] for name in ("pidx", "start", "end", "code"))
    codes = Spells(row - pidx[0], start, end, code.astype(np.int16))
    of_month = Months(paid["pidx"] - pidx[0], paid["month"], paid["hours"], paid["earnings"])
    return Block(pidx, entry, leave, moved_on, birth, codes, of_month, span)


def _sorted(table: ArrowTable, then: str) -> dict[str, npt.NDArray[np.int32]]:
    """Columns as 32-bit numbers, in the order of the persons and then of one column."""
    columns = {
        name: table.column(name).cast(pa.int32()).fill_null(NO_DAY).to_numpy().astype(np.int32)
        for name in table.column_names
    }
    order = np.lexsort((columns[then], columns["pidx"]))
    return {name: column[order] for name, column in columns.items()}


def _pack(result: Result) -> bytes:
    """A result as bytes that hold arrays alone."""
    buffer = io.BytesIO()
    table, sums = (
        {f"{mark}{name}": array for name, array in part.items()} for mark, part in zip("ts", result, strict=True)
    )
    np.savez(buffer, allow_pickle=False, **{**table, **sums})
    return buffer.getvalue()


def _unpack(cell: bytes) -> Result:
    with np.load(io.BytesIO(cell)) as arrays:
        found = {name: arrays[name] for name in arrays.files}
    table = {name[1:]: array for name, array in found.items() if name[0] == "t"}
    return table, {name[1:]: array for name, array in found.items() if name[0] == "s"}
