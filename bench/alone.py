"""Work in a process of its own, which says how long it took and how much memory it needed at the most.

The peak is that of the process and of all that it started (Java and Python workers of Spark), looked at ten times a
second; for one process alone it is what the system wrote down. A process that is started inherits nothing of it.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from pathlib import Path

import generator
import numpy as np
import psutil
import pyarrow.parquet as pq
from asked import end_to_end, everything, ingest, question
from plain import Plain
from rows import Row, at_most

from ctieval.registers.executors.results import combine, write_tables
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.executors.spark import run_spark
from ctieval.registers.kernels.follow import follow
from ctieval.registers.store.manifest import TABLES, table_path
from ctieval.registers.store.open import open_store

NATIONAL_WEEKS, SPARK_WEEKS = 1789, 600
GIGA = 1e9


def memory(files: Path, scratch: Path, persons: int, weeks: int) -> list[Row]:
    """Peak memory of ours, and how it grows with four times the persons (B9)."""
    store, ours, plain = (
        run_alone(work, files, scratch / f"alone-{work}", persons, weeks)["gigabytes"]
        for work in ("store", "ours", "naive")
    )
    return [
        at_most("B1", "peak memory, wide Parquet -> store", store, 0.6, " GB"),
        at_most("B8", f"peak memory, wide Parquet -> all tables (naive {plain:.1f} GB)", ours, 0.6, " GB"),
        growth(files, scratch, persons, weeks),
    ]


def growth(files: Path, scratch: Path, persons: int, weeks: int) -> Row:
    """The same blocks, four times as many, their tables written out and not kept."""
    generator.write_files(scratch / "more", 4 * persons, weeks)
    size, peaks = min(generator.PERSONS_A_BLOCK, max(persons // 2, 1)), []
    for source, n in ((files, persons), (scratch / "more", 4 * persons)):
        ingest(source, scratch / f"store-{n}", weeks, block_size=size)
        peaks.append(run_alone("written", scratch / f"store-{n}", scratch / f"tables-{n}", n, weeks)["gigabytes"])
    return at_most(
        "B9", f"memory at {4 * persons:,} over {persons:,} persons", 100 * (peaks[1] / peaks[0] - 1), 25, " %"
    )


def national(scratch: Path, persons: int) -> list[Row]:
    """The whole register against reading its blocks, by turns in one process (B10)."""
    store = scratch / "national"
    generator.write_blocks(store, persons, NATIONAL_WEEKS)
    found = run_alone("national", store, scratch, persons, NATIONAL_WEEKS)
    size, working, reading = f"{persons:,} x {NATIONAL_WEEKS:,} weeks", found["working"], found["reading"]
    return [
        at_most("B10", f"{size} ({working:.1f} s) over reading ({reading:.1f} s)", working / reading, 10, "x"),
        at_most("B10", f"{size}, peak memory", found["gigabytes"], 2.5, " GB"),
    ]


def spark(scratch: Path, persons: int) -> list[Row]:
    """The same kernel on a local Spark with two workers, the start of Java included, against the serial run (B12)."""
    store = scratch / "spark"
    generator.write_blocks(store, persons, SPARK_WEEKS)
    found = run_alone("spark", store, scratch, persons, SPARK_WEEKS)
    what = f"Spark local[2], {persons:,} x {SPARK_WEEKS} weeks, as serial"
    return [
        at_most("B12", what, found["working"], 90, " s"),
        at_most("B12", "peak memory of Java and all workers", found["gigabytes"], 8, " GB"),
    ]


def run_alone(work: str, *arguments: object) -> dict[str, float]:
    """Start a piece of work, and watch it."""
    command = [sys.executable, __file__, work, *map(str, arguments)]
    peak = 0.0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        watched = psutil.Process(process.pid)
        while process.poll() is None:
            peak = max(peak, _resident(watched))
            time.sleep(0.1)
        said = process.stdout.read()
    if process.returncode:
        raise SystemExit(f"{work} failed")
    found = json.loads(said.splitlines()[-1])
    return {**found, "gigabytes": max(found["gigabytes"], peak)}


def _resident(process: psutil.Process) -> float:
    """Gigabytes of a process and all that it started."""
    total = 0
    for each in (process, *_children(process)):
        try:
            total += each.memory_info().rss
        except psutil.Error:
            continue
    return total / GIGA


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children(recursive=True)
    except psutil.Error:
        return []


def work_national(store: Path, _: Path, persons: int, weeks: int) -> dict[str, float]:
    """Every block read, as it lies on the disk, and then done; the two are timed apart."""
    blocks, asked, reading = open_store(store), question(persons, weeks), 0.0

    def results():
        nonlocal reading
        for number in range(len(blocks)):
            begin = time.perf_counter()
            for table in TABLES:
                pq.read_table(table_path(store, table, number))
            reading += time.perf_counter() - begin
            yield everything(blocks.load(number), asked)

    begin = time.perf_counter()
    combine(results())
    return {"reading": reading, "working": time.perf_counter() - begin - reading}


def work_spark(store: Path, _: Path, persons: int, weeks: int) -> dict[str, float]:
    os.environ |= {"SPARK_LOCAL_IP": "127.0.0.1", "PYSPARK_PYTHON": sys.executable}
    from pyspark.sql import SparkSession  # noqa: PLC0415

    blocks, asked = open_store(store), question(persons, weeks)
    settings = {"spark.ui.showConsoleProgress": "false", "spark.log.level": "ERROR", "spark.driver.memory": "3g"}
    begin = time.perf_counter()
    session = SparkSession.builder.master("local[2]").config(map=settings).getOrCreate()
    found = combine(run_spark(follow, blocks, asked, session=session))
    seconds = time.perf_counter() - begin
    session.stop()
    for ours, theirs in zip(found, combine(run_serial(follow, blocks, asked)), strict=True):
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name])
    return {"working": seconds}


def work_ours(files: Path, store: Path, persons: int, weeks: int) -> None:
    end_to_end(files, store, persons, weeks)


def work_store(files: Path, store: Path, _: int, weeks: int) -> None:
    ingest(files, store, weeks, paid=False)


def work_naive(files: Path, _: Path, persons: int, weeks: int) -> None:
    Plain(files, persons, weeks).everything()


def work_written(store: Path, tables: Path, persons: int, weeks: int) -> None:
    write_tables(run_serial(everything, open_store(store), question(persons, weeks)), tables)


def peak_gigabytes() -> float:
    """What the system wrote down; 0 where it does not."""
    status = Path("/proc/self/status")
    return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) * 1024 / GIGA if status.exists() else 0.0


def main() -> None:
    work, source, scratch, persons, weeks = sys.argv[1:]
    found = globals()[f"work_{work}"](Path(source), Path(scratch), int(persons), int(weeks)) or {}
    print(json.dumps({**found, "gigabytes": peak_gigabytes()}))


if __name__ == "__main__":
    main()
