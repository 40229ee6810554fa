"""Register extracts of any size, seeded block by block: the first persons are the same however many are drawn.

Not calibrated to the DREAM database: codes, lengths of runs and numbers of jobs are illustrative. A semi-Markov chain
over twelve states per person, of one of four types; within benefits the last digit of the code changes every 12 to 26
weeks, which gives the many short runs of DREAM. Employment lies in the blank stretches.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ctieval.domain.arrays import StrArray
from ctieval.registers.kernels.block import NO_DAY, Block, Months, Participants, Span, Spells
from ctieval.registers.kernels.evidence import month_starts
from ctieval.registers.kernels.intervals import join
from ctieval.registers.store.write import write_store
from ctieval.registers.weeks import months_of_weeks, to_iso_weeks, to_week_number

PERSONS_A_BLOCK = 50_000
END_WEEK = to_week_number(2025, 46) + 1
FIRST_PAID_MONTH = (2008 - 1970) * 12

STATES = ("blank", "ui", "cash", "education_benefit", "sick", "study", "parental", "flex", "pension", "resource")
STATES += ("old_age", "emigrated")
BLANK, UI, CASH, EDUCATION_BENEFIT, SICK, STUDY, PARENTAL, FLEX, PENSION, RESOURCE, OLD_AGE, EMIGRATED = range(12)
BASE_CODE = np.array([0, 111, 730, 720, 890, 651, 881, 771, 783, 810, 998, 997], dtype=np.int16)
SUB_CODES = np.array([1, 5, 9, 9, 1, 1, 1, 1, 1, 9, 1, 1])
MEDIAN_WEEKS = np.array([70, 22, 60, 40, 12, 120, 40, 200, 2000, 110, 2000, 150])
SPREAD = 0.8
TYPES = np.array([0.70, 0.14, 0.09, 0.07])
NEXT = np.array(
    [
        [60, 12, 4, 1, 12, 5, 5, 0.3, 0.2, 0.1, 0, 0.4],
        [30, 45, 8, 1, 12, 1, 3, 0.5, 0.3, 0.2, 0, 0.3],
        [10, 3, 50, 4, 10, 1, 2, 6, 5, 8, 0, 0.2],
        [35, 4, 8, 14, 5, 30, 3, 0.2, 0.1, 0.2, 0, 0.5],
    ]
)
JOB_CHANCE = np.array([0.85, 0.7, 0.25, 0.5])
JOB_HOURS = np.array([150, 130, 60, 70])
HOURLY_PAY = 190
MONTHS_MISSING = 0.02
ARMS, DRAWN_FROM, DRAWN_TO = 2, 200, 400


def span_of(weeks: int) -> Span:
    """The last so many weeks, and the months since 2008 that their Thursdays touch."""
    first = END_WEEK - weeks
    months = months_of_weeks(np.array([first, END_WEEK - 1]))
    return Span(first, END_WEEK, max(int(months[0]), FIRST_PAID_MONTH), int(months[1]) + 1)


def draw_block(number: int, persons: int, span: Span, seed: int = 1) -> Block:
    """One block of persons; fewer persons are the first of more."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, number, span.first_week]))
    n = PERSONS_A_BLOCK
    kind = rng.choice(4, n, p=TYPES)
    born = 7 * span.first_week - rng.integers(0, 75 * 365, n)
    runs = _join_codes(_sub_codes(_chain(rng, kind, born, span), rng))
    entry = np.where(rng.random(n) < 0.1, span.first_week + rng.integers(0, span.end_week - span.first_week, n), 0)
    entry = np.maximum(entry, span.first_week).astype(np.int32)
    months = _employment(rng, kind, runs, span)
    start = np.maximum(runs.start, entry[runs.row])
    codes = Spells(runs.row, start, runs.end, runs.code)
    codes = codes.where((start < runs.end) & (codes.code > 0))
    block = Block(
        pidx=np.arange(number * n, (number + 1) * n, dtype=np.int32),
        entry=entry,
        exit=np.full(n, span.end_week, dtype=np.int32),
        moved_on=np.full(n, NO_DAY, dtype=np.int32),
        birth=born.astype(np.int32),
        codes=codes,
        months=months,
        span=span,
    )
    return block.take(np.arange(min(persons, n), dtype=np.int32))


def draw_blocks(persons: int, weeks: int, seed: int = 1):
    """Blocks with their identifiers, until there are so many persons."""
    for number, first in enumerate(range(0, persons, PERSONS_A_BLOCK)):
        block = draw_block(number, persons - first, span_of(weeks), seed)
        yield identifiers_of(block), block


def identifiers_of(block: Block) -> StrArray:
    """Identifiers of a block's persons."""
    return np.array([f"P{pidx:09d}" for pidx in block.pidx.tolist()], dtype=object)


def draw_participants(persons: int, weeks: int, seed: int = 1, *, trial: int | None = None) -> Participants:
    """Everybody, or a trial of so many, each with an arm and a week of her own."""
    rng = np.random.default_rng(np.random.SeedSequence([seed, 10**6]))
    week_zero = END_WEEK - weeks + rng.integers(weeks // 3, 2 * weeks // 3, persons).astype(np.int32)
    arm = rng.integers(0, ARMS, persons).astype(np.int32)
    pidx = np.arange(persons, dtype=np.int32)
    if trial is not None:
        pidx = np.sort(rng.choice(pidx, trial, replace=False))
    return Participants(pidx, arm[pidx], week_zero[pidx])


def weekly_rates(weeks: int):
    """Illustrative kroner a week by code, new every January: codes, and amounts of shape (codes, weeks)."""
    codes = [111, 115, *range(720, 740), *range(810, 819), 651, 771, 783, 881, 890]
    year, _ = to_iso_weeks(np.arange(END_WEEK - weeks, END_WEEK))
    base = 1500 + 97 * np.arange(len(codes))
    return codes, np.rint(base[:, None] * 1.02 ** (year - 1991)[None, :]).astype(np.int64)


def write_blocks(folder, persons: int, weeks: int):
    """A store, written block by block; any code is known."""
    blocks = draw_blocks(persons, weeks)
    return write_store(blocks, folder, known=range(1, 1000), block_size=PERSONS_A_BLOCK, unused_rows=0)


def write_files(folder, persons: int, weeks: int) -> None:
    """The same persons as they are delivered: a wide file, and a long one of employment."""
    folder.mkdir(parents=True)
    wide = employment = None
    for ids, block in draw_blocks(persons, weeks):
        table, months = _wide(ids, block), _long(ids, block)
        wide = wide or pq.ParquetWriter(folder / "dream.parquet", table.schema, compression="zstd")
        employment = employment or pq.ParquetWriter(folder / "employment.parquet", months.schema, compression="zstd")
        wide.write_table(table)
        employment.write_table(months)
    wide.close()
    employment.close()


def expand(block: Block):
    """Codes by person and week, shape (n, weeks)."""
    span, codes = block.span, block.codes
    dense = np.zeros((len(block), span.end_week - span.first_week), dtype=np.int16)
    length = codes.end - codes.start
    week = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
    dense[np.repeat(codes.row, length), week + np.repeat(codes.start - span.first_week, length)] = np.repeat(
        codes.code, length
    )
    return dense


def _wide(ids, block):
    dense = np.asfortranarray(expand(block))
    years, weeks = to_iso_weeks(np.arange(block.span.first_week, block.span.end_week))
    columns = {
        "person_id": pa.array(ids, pa.string()),
        "birth_date": pa.array(block.birth).cast(pa.date32()),
        "entered_on": pa.array(7 * block.entry).cast(pa.date32()),
    }
    for place, (year, week) in enumerate(zip(years.tolist(), weeks.tolist(), strict=True)):
        columns[f"y_{year % 100:02d}{week:02d}"] = pa.array(dense[:, place], mask=dense[:, place] == 0)
    return pa.table(columns)


def _long(ids, block):
    months = block.months
    day = months.month.astype(np.int64).astype("datetime64[M]").astype("datetime64[D]").astype(np.int32)
    return pa.table(
        {
            "person_id": pa.array(ids, pa.string()).take(pa.array(months.row)),
            "month": pa.array(day).cast(pa.date32()),
            "hours": months.hours / 100,
            "earnings": months.earnings.astype(np.float64),
        }
    )


def _chain(rng, kind, born, span) -> Spells:
    """States of everybody as runs that cover the weeks: each round draws the next run of all who have weeks left."""
    n = len(kind)
    week = np.full(n, span.first_week, dtype=np.int64)
    alive, kinds = np.arange(n), np.cumsum(NEXT / NEXT.sum(axis=1, keepdims=True), axis=1)
    rows, starts, ends, states = [], [], [], []
    while len(alive):
        state = (rng.random(len(alive))[:, None] > kinds[kind[alive]]).sum(axis=1).clip(0, 11)
        age = (7 * week[alive] - born[alive]) / 365.25
        state = np.where(age < 18, BLANK, np.where(age >= 67, OLD_AGE, state))
        weeks = np.rint(MEDIAN_WEEKS[state] * np.exp(SPREAD * rng.standard_normal(len(alive)))).clip(1).astype(np.int64)
        birthday = np.where(age < 18, 18, 67) * 365.25
        until = ((born[alive] + birthday) // 7).astype(np.int64) + 1
        end = np.where((age < 67) & (until > week[alive]), np.minimum(week[alive] + weeks, until), week[alive] + weeks)
        end = np.minimum(end, span.end_week)
        rows.append(alive)
        starts.append(week[alive])
        ends.append(end)
        states.append(state)
        week[alive] = end
        alive = alive[end < span.end_week]
    row = np.concatenate(rows)
    order = np.argsort(row, kind="stable")
    columns = (np.concatenate(each)[order].astype(np.int32) for each in (rows, starts, ends))
    return Spells(*columns, np.concatenate(states)[order].astype(np.int16))


def _sub_codes(runs: Spells, rng) -> Spells:
    """The runs with codes; those of benefits fall into parts with different last digits."""
    length = runs.end - runs.start
    parts = np.where(SUB_CODES[runs.code] > 1, 1 + length // rng.integers(12, 27, len(runs)), 1)
    source = np.repeat(np.arange(len(runs)), parts)
    nth = np.arange(len(source)) - np.repeat(np.cumsum(parts) - parts, parts)
    step = length[source] / parts[source]
    start = runs.start[source] + np.floor(nth * step).astype(np.int32)
    end = np.where(nth == parts[source] - 1, runs.end[source], runs.start[source] + np.floor((nth + 1) * step))
    state = runs.code[source]
    digit = (rng.integers(0, 9, len(source)) % SUB_CODES[state]).astype(np.int16)
    return Spells(runs.row[source], start, end.astype(np.int32), BASE_CODE[state] + digit)


def _join_codes(runs: Spells) -> Spells:
    return join(runs.where(runs.start < runs.end))


def _employment(rng, kind, runs: Spells, span: Span) -> Months:
    """A job in most blank stretches of those of age: hours around a level of its own in every month, few missing."""
    blank = runs.where((runs.code == 0) & (runs.end - runs.start > 4))
    jobs = blank.where(rng.random(len(blank)) < JOB_CHANCE[kind[blank.row]])
    starts = month_starts(np.arange(span.first_month, span.end_month + 1))
    first = np.searchsorted(starts, jobs.start).astype(np.int64)
    count = (np.searchsorted(starts, jobs.end, side="right") - 1 - first).clip(0)
    source = np.repeat(np.arange(len(jobs)), count)
    month = first[source] + np.arange(len(source)) - np.repeat(np.cumsum(count) - count, count) + span.first_month
    level = (JOB_HOURS[kind[jobs.row]] + 15 * rng.standard_normal(len(jobs))).clip(5)
    hours = np.rint(100 * (level[source] + 8 * rng.standard_normal(len(source))).clip(0.5)).astype(np.int32)
    kept = rng.random(len(source)) > MONTHS_MISSING
    earnings = (hours * (HOURLY_PAY / 100)).astype(np.int32)
    return Months(jobs.row[source][kept], month.astype(np.int32)[kept], hours[kept], earnings[kept])
