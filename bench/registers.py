"""The register engine measured against plain pandas, in the same run: python bench/registers.py --size 20000.

Ratios, never seconds: a machine shared with others changes its speed within the hour. Each measure is the best of
three, ours and the naive one by turns; every whole number is compared before it counts (B11). Peak memory is that of a
process of its own. B10, the whole register, and B12, Spark, run with --national and --spark.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import generator
import naive_registers as naive
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from ctieval.domain.criterion import GapRule
from ctieval.domain.window import Window
from ctieval.registers.executors.results import combine, write_tables
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.executors.spark import run_spark
from ctieval.registers.kernels.first_spell import FirstSpell, UnderWay, find_first_spell
from ctieval.registers.kernels.follow import FollowUp, follow
from ctieval.registers.kernels.look_up import LookUp, latest_birthday, look_up
from ctieval.registers.kernels.overlay import StateRules, overlay
from ctieval.registers.kernels.paths import count_paths, sum_paths
from ctieval.registers.kernels.payments import sum_payments, to_weekly_rates
from ctieval.registers.kernels.windows import count_weeks
from ctieval.registers.store.open import open_store
from ctieval.registers.store.wide import Employment, WideColumns, write_wide

JOB, SUPPORTED, EDUCATION, BENEFIT, SELF_SUPPORT, UNDECIDED, EXIT = 1, 2, 3, 4, 5, 6, 7
WINDOWS = np.array([[0, 13], [0, 26], [0, 52], [0, 104], [0, 156]])
PAID_WINDOWS = np.array([[0, 52], [0, 104]])
LENGTHS = (1, 13, 26, 52)
PATH = Window(-52, 156)
COLUMNS = WideColumns("person_id", birth_date="birth_date", entered_on="entered_on")
AS_OF = date(2021, 3, 1)
TARGETS = {"B1": 15, "B2": 8, "B3": 20, "B4": 40, "B5": 30, "B6": 40, "B7": 20, "B8": 15}
WORK = {
    "B1": "wide Parquet -> store",
    "B2": "K1 states",
    "B3": "K2 eligibility",
    "B4": "K3 windows",
    "B5": "K4 first spell",
    "B6": "K5 payments",
    "B7": "K6 paths",
    "B8": "wide Parquet -> all tables",
}


def rules() -> StateRules:
    table = np.full(1001, BENEFIT, dtype=np.int16)
    table[[0, 651, 771, 997, 998]] = UNDECIDED, EDUCATION, SUPPORTED, EXIT, EXIT
    table[-1] = 0
    return StateRules(table, JOB, SELF_SUPPORT, UNDECIDED, 0, 8, 9, least_hours=2000, least_earnings=None)


def criteria() -> LookUp:
    benefits, ready, gone = (np.zeros(1001, dtype=np.bool_) for _ in range(3))
    benefits[[*range(111, 120), *range(720, 740), *range(810, 819)]] = True
    ready[730:740] = True
    gone[[997, 999]] = True
    return LookUp(
        day=(AS_OF - date(1970, 1, 1)).days,
        born_by=latest_birthday(AS_OF, 30),
        benefits=benefits,
        ready=ready,
        gone=gone,
        least_weeks=52,
        gap_rule=GapRule.DAYS_28,
        longest_gap_weeks=4,
        most_hours=1000,
    )


def question(persons: int, weeks: int, trial: int | None = None) -> FollowUp:
    codes, amount = generator.weekly_rates(weeks)
    return FollowUp(
        drawn=generator.draw_participants(persons, weeks, trial=trial),
        n_arms=generator.ARMS,
        rules=rules(),
        windows=WINDOWS,
        first_spell=FirstSpell(JOB, LENGTHS, Window(0, 2000), UnderWay.CUT),
        path=PATH,
        paid_windows=PAID_WINDOWS,
        rates=to_weekly_rates(codes, amount, generator.END_WEEK - weeks),
    )


def everything(block, asked):
    """One pass over a block that gives every table and every sum."""
    table, sums = follow(block, asked)
    looked, counts = look_up(block, criteria())
    own = np.searchsorted(looked["pidx"], table["pidx"])
    return {**table, "eligible": looked["eligible"][own]}, {**sums, **counts}


@dataclass
class Race:
    """Best seconds of ours and of the naive way, by id."""

    best: dict[str, list[float]] = field(default_factory=dict)

    def run(self, name: str, ours, theirs):
        results = []
        for place, work in enumerate((ours, theirs)):
            begin = time.perf_counter()
            results.append(work())
            seconds = time.perf_counter() - begin
            best = self.best.setdefault(name, [np.inf, np.inf])
            best[place] = min(best[place], seconds)
        return results


class Plain:
    """The naive way over the files, step by step."""

    def __init__(self, folder: Path, weeks: int, asked: FollowUp):
        self.folder, self.weeks, self.asked = folder, weeks, asked
        codes, amount = generator.weekly_rates(weeks)
        week = np.arange(generator.END_WEEK - weeks, generator.END_WEEK)
        self.rates = pd.DataFrame(
            {
                "code": np.repeat(np.array(codes, dtype=np.int16), weeks),
                "week": np.tile(week, len(codes)).astype(np.int32),
                "amount": amount.ravel(),
            }
        )
        drawn = asked.drawn
        self.drawn = pd.DataFrame({"person": drawn.pidx, "arm": drawn.arm, "week_zero": drawn.week_zero})

    def read_long(self) -> pd.DataFrame:
        wide = pd.read_parquet(self.folder / "dream.parquet")
        self.persons = pd.DataFrame(
            {
                "birth": pd.to_datetime(wide["birth_date"]).astype("datetime64[s]").astype("int64") // 86400,
                "entry": (pd.to_datetime(wide["entered_on"]).astype("datetime64[s]").astype("int64") // 86400 + 3) // 7,
            }
        )
        self.ids = pd.Series(np.arange(len(wide)), index=wide["person_id"])
        return naive.melt(wide)

    def read_months(self) -> pd.DataFrame:
        rows = pd.read_parquet(self.folder / "employment.parquet")
        day = pd.to_datetime(rows["month"])
        return pd.DataFrame(
            {
                "person": rows["person_id"].map(self.ids),
                "month": (day.dt.year - 1970) * 12 + day.dt.month - 1,
                "hours": (rows["hours"] * 100).round().astype("int64"),
                "earnings": rows["earnings"],
            }
        )

    def states(self, long, months):
        paid = months.assign(earnings=0)
        return naive.overlay(long, self.persons["entry"], paid, _Thresholds(rules()))

    def everything(self):
        self.long = self.read_long()
        self.months = self.read_months()
        self.state_rows = self.states(self.long, self.months)
        return [step() for step in self.steps().values()]

    def steps(self):
        drawn, rates = self.drawn, self.rates
        return {
            "B3": lambda: naive.eligible(self.long, self.persons, self.months, criteria()),
            "B4": lambda: naive.windows(self.state_rows, drawn, WINDOWS.tolist(), rules().n_states),
            "B5": lambda: naive.first_spell(self.state_rows, drawn, JOB, LENGTHS),
            "B6": lambda: naive.payments(self.long, drawn, rates, PAID_WINDOWS.tolist()),
            "B7": lambda: naive.means(self.state_rows, self.long, drawn, rates, (PATH.start, PATH.end)),
        }


class _Thresholds:
    """The rules with a threshold of earnings that nobody reaches, since the naive way asks for both."""

    def __init__(self, known: StateRules):
        self.known, self.least_earnings = known, 1

    def __getattr__(self, name):
        return getattr(self.known, name)


def ingest(folder: Path, out: Path, weeks: int, *, paid: bool, block_size: int = generator.PERSONS_A_BLOCK):
    span = generator.span_of(weeks)
    months = Employment(folder / "employment.parquet", span.first_month, span.end_month) if paid else None
    return write_wide(
        folder / "dream.parquet",
        out,
        columns=COLUMNS,
        known=range(1, 1000),
        employment=months,
        block_size=block_size,
    )


def end_to_end(folder: Path, out: Path, persons: int, weeks: int):
    return combine(run_serial(everything, ingest(folder, out, weeks, paid=True), question(persons, weeks)))


def compare(found, theirs) -> None:
    """B11: every whole number the same."""
    table, sums = found
    eligible, weeks, first, paid, (counts, moments) = theirs
    np.testing.assert_array_equal(table["eligible"] == 1, eligible.to_numpy())
    np.testing.assert_array_equal(table["weeks"], weeks)
    np.testing.assert_array_equal(table["first_spell"], first.fillna(32767).to_numpy().astype(np.int16))
    np.testing.assert_array_equal(table["paid"], paid)
    dense = np.zeros_like(sums["in_state"])
    arm, state, week = (counts.index.get_level_values(level).to_numpy() for level in range(3))
    dense[arm, state, week - PATH.start] = counts.to_numpy()
    np.testing.assert_array_equal(sums["in_state"], dense)
    for name, column in (("paid", "amount"), ("paid_squared", "squared")):
        dense = np.zeros_like(sums[name])
        arm, week = (moments.index.get_level_values(level).to_numpy() for level in range(2))
        dense[arm, week - PATH.start] = moments[column].to_numpy()
        np.testing.assert_array_equal(sums[name], dense)


def race(folder: Path, scratch: Path, persons: int, weeks: int, repeat: int):
    """Every step, ours and the naive one by turns; the bytes that ours must touch are returned too."""
    heat, asked = Race(), question(persons, weeks)
    plain = Plain(folder, weeks, asked)
    touched = {}
    for turn in range(repeat):
        _, plain.long = heat.run(
            "B1", lambda turn=turn: ingest(folder, scratch / f"b1-{turn}", weeks, paid=False), plain.read_long
        )
        store = ingest(folder, scratch / f"b2-{turn}", weeks, paid=True)
        plain.months = plain.read_months()
        blocks = [store.load(number) for number in range(len(store))]
        parts = [asked.drawn.within(block) for block in blocks]
        runs, plain.state_rows = heat.run(
            "B2",
            lambda blocks=blocks: [overlay(block, asked.rules) for block in blocks],
            lambda: plain.states(plain.long, plain.months),
        )
        ours = kernels(blocks, parts, runs, asked)
        for name, step in plain.steps().items():
            heat.run(name, ours[name], step)
        touched = bytes_touched(blocks, runs, persons, asked)
        found, theirs = heat.run(
            "B8", lambda turn=turn: end_to_end(folder, scratch / f"b8-{turn}", persons, weeks), plain.everything
        )
        compare(found, theirs)
        del plain.long, plain.state_rows
    return heat, touched


def kernels(blocks, parts, runs, asked):
    """The kernels of ours over blocks in memory, by id."""
    n_states, arms, rates = asked.rules.n_states, asked.n_arms, asked.rates
    held = [(block, drawn, drawn.week_zero, each) for (block, drawn), each in zip(parts, runs, strict=True)]
    return {
        "B3": lambda: [look_up(block, criteria()) for block in blocks],
        "B4": lambda: [count_weeks(each, zero, WINDOWS, n_states) for _, _, zero, each in held],
        "B5": lambda: [find_first_spell(each, zero, asked.first_spell) for _, _, zero, each in held],
        "B6": lambda: [sum_payments(block.codes, zero, PAID_WINDOWS, rates) for block, _, zero, _ in held],
        "B7": lambda: [
            (
                count_paths(each, drawn, PATH, n_arms=arms, n_states=n_states),
                sum_paths(block.codes, drawn, PATH, rates, n_arms=arms),
            )
            for block, drawn, _, each in held
        ],
    }


def bytes_touched(blocks, runs, persons, asked) -> float:
    """Bytes of the arrays that the six kernels must read and write once, in memory."""
    codes = sum(14 * len(block.codes) for block in blocks)
    months = sum(16 * len(block.months) for block in blocks)
    states = sum(14 * len(each) for each in runs)
    tables = persons * (4 * len(WINDOWS) * asked.rules.n_states + 2 * len(LENGTHS) + 8 * len(PAID_WINDOWS) + 12)
    return (codes + months + states) + codes + states + states + codes + (states + codes) + tables


def bandwidth() -> float:
    """Bytes a second that one core reads, best of five."""
    cells = np.ones(1 << 25)
    best = np.inf
    for _ in range(5):
        begin = time.perf_counter()
        cells.sum()
        best = min(best, time.perf_counter() - begin)
    return cells.nbytes / best


def calibrate() -> float:
    begin = time.perf_counter()
    total = 0
    for number in range(3_000_000):
        total += number & 7
    return time.perf_counter() - begin


def peak_gigabytes() -> float:
    """Peak memory of this process alone; ``ru_maxrss`` would begin with that of the process which started it."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.search(r"VmHWM:\s+(\d+)", status.read_text())[1]) * 1024 / 1e9
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9


def alone(work: str, *numbers: object) -> dict:
    """Run one piece of work in a process of its own: seconds and peak memory."""
    command = [sys.executable, __file__, "--alone", work, *map(str, numbers)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout.splitlines()[-1])


def run_alone(work: str, folder: Path, scratch: Path, persons: int, weeks: int) -> None:
    """What a process of its own does: it prints its seconds and its peak memory."""
    begin = time.perf_counter()
    match work:
        case "ours":
            end_to_end(folder, scratch, persons, weeks)
        case "ingest":
            ingest(folder, scratch, weeks, paid=False)
        case "naive":
            Plain(folder, weeks, question(persons, weeks)).everything()
        case "written":
            write_tables(run_serial(everything, open_store(folder), question(persons, weeks)), scratch)
        case "national":
            combine(run_serial(everything, open_store(folder), question(persons, weeks)))
        case "read":
            for path in sorted(folder.rglob("*.parquet")):
                pq.read_table(path)
        case "generate":
            generator.write_blocks(folder, persons, weeks)
    peak = peak_gigabytes()
    sys.stdout.write(json.dumps({"seconds": time.perf_counter() - begin, "gigabytes": peak}) + "\n")


def memory(folder: Path, scratch: Path, persons: int, weeks: int) -> list[tuple]:
    """Peak memory of ours, and how it grows with four times the persons."""
    ours, plain = (alone(work, folder, scratch / f"m-{work}", persons, weeks) for work in ("ours", "naive"))
    loaded = alone("ingest", folder, scratch / "m-ingest", persons, weeks)
    more = scratch / "more"
    generator.write_files(more, 4 * persons, weeks)
    size = min(generator.PERSONS_A_BLOCK, max(persons // 2, 1))
    peaks = []
    for source, n in ((folder, persons), (more, 4 * persons)):
        store = scratch / f"store-{n}"
        ingest(source, store, weeks, paid=True, block_size=size)
        peaks.append(alone("written", store, scratch / f"tables-{n}", n, weeks)["gigabytes"])
    growth = peaks[1] / peaks[0] - 1
    return [
        ("B1m", "peak GB, store", f"{loaded['gigabytes']:.2f}", "<= 0.6", loaded["gigabytes"] <= 0.6),
        (
            "B8m",
            f"peak GB, all (naive {plain['gigabytes']:.1f})",
            f"{ours['gigabytes']:.2f}",
            "<= 0.6",
            ours["gigabytes"] <= 0.6,
        ),
        ("B9", f"peak at {4 * persons:,} over {persons:,}", f"{growth:+.0%}", "<= +25%", growth <= 0.25),
    ]


def national(scratch: Path, persons: int, weeks: int) -> tuple:
    """B10: the whole register in its own process, against reading its blocks in the same run."""
    store = scratch / "national"
    alone("generate", store, scratch, persons, weeks)
    read = alone("read", store, scratch, persons, weeks)
    all_of_it = alone("national", store, scratch, persons, weeks)
    ratio = all_of_it["seconds"] / read["seconds"]
    work = f"{persons:,} x {weeks}: {all_of_it['seconds']:.0f} s, {all_of_it['gigabytes']:.2f} GB, over reading"
    good = ratio <= 10 and all_of_it["gigabytes"] <= 2.5
    return ("B10", work, f"{ratio:.1f}x", "<= 10x, 2.5 GB", good)


def spark(scratch: Path, persons: int, weeks: int) -> tuple:
    """B12: the same kernel on a local Spark, against the serial run."""
    from pyspark.sql import SparkSession  # noqa: PLC0415

    store = generator.write_blocks(scratch / "spark", persons, weeks)
    asked = question(persons, weeks)
    session = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false").getOrCreate()
    begin = time.perf_counter()
    found = combine(run_spark(follow, store, asked, session=session))
    seconds = time.perf_counter() - begin
    session.stop()
    expected = combine(run_serial(follow, store, asked))
    for ours, theirs in zip(found, expected, strict=True):
        for name in theirs:
            np.testing.assert_array_equal(ours[name], theirs[name])
    return ("B12", f"Spark local[2], {persons:,} x {weeks}, identical", f"{seconds:.0f} s", "<= 90 s", seconds <= 90)


def measure(arguments, folder: Path) -> list[tuple]:
    persons, weeks = arguments.size, arguments.weeks
    files = folder / "files"
    generator.write_files(files, persons, weeks)
    print(f"{persons:,} persons x {weeks} weeks; a loop of 3e6: {calibrate():.3f} s")
    heat, touched = race(files, folder, persons, weeks, arguments.repeat)
    rows = []
    for name, (ours, theirs) in sorted(heat.best.items()):
        work = f"{WORK[name]} ({ours:.3f} s against {theirs:.2f} s)"
        rows.append((name, work, f"{theirs / ours:.0f}x", f">= {TARGETS[name]}x", theirs / ours >= TARGETS[name]))
    rows.append(("B11", "every whole number as in plain pandas", "same", "same", True))
    speed = bandwidth()
    limit = touched / speed
    ratio = sum(heat.best[name][0] for name in ("B2", "B3", "B4", "B5", "B6", "B7")) / limit
    rows.append(
        ("B13", f"all kernels over reading at {speed / 1e9:.0f} GB/s", f"{ratio:.0f}x", "<= 200x", ratio <= 200)
    )
    if arguments.memory:
        rows += memory(files, folder, persons, weeks)
    if arguments.national:
        rows.append(national(folder, arguments.national, 1789))
    if arguments.spark:
        rows.append(spark(folder, arguments.spark, weeks))
    print(f"a loop of 3e6: {calibrate():.3f} s")
    return rows


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=20_000, help="persons; the targets are those at 100,000")
    parser.add_argument("--weeks", type=int, default=600)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--no-memory", dest="memory", action="store_false", help="leave B9 and peak memory out")
    parser.add_argument("--national", type=int, default=0, metavar="PERSONS", help="B10, such as 5000000")
    parser.add_argument("--spark", type=int, default=0, metavar="PERSONS", help="B12, such as 1000000")
    parser.add_argument("--alone", nargs=5, metavar=("WORK", "FOLDER", "SCRATCH", "PERSONS", "WEEKS"))
    arguments = parser.parse_args()
    if arguments.alone:
        work, folder, scratch, persons, weeks = arguments.alone
        run_alone(work, Path(folder), Path(scratch), int(persons), int(weeks))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        rows = measure(arguments, Path(folder))
    for name, work, found, target, good in rows:
        print(f"{name:4} {work:55} {found:>8}  {target:14} {'ok' if good else 'NOT MET'}")
    return 0 if all(row[-1] for row in rows) else 1


if __name__ == "__main__":
    sys.exit(main())
