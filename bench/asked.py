"""What is reckoned in every way: the rules, the criteria, the windows, and the files turned into a store."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import generator
import numpy as np

from ctieval.domain.criterion import GapRule
from ctieval.domain.window import Window
from ctieval.registers.executors.results import combine
from ctieval.registers.executors.serial import run_serial
from ctieval.registers.kernels.block import Block, Result
from ctieval.registers.kernels.first_spell import FirstSpell, UnderWay
from ctieval.registers.kernels.follow import FollowUp, follow
from ctieval.registers.kernels.look_up import LookUp, latest_birthday, look_up
from ctieval.registers.kernels.overlay import StateRules
from ctieval.registers.kernels.payments import to_weekly_rates
from ctieval.registers.store.open import Store
from ctieval.registers.store.wide import Employment, WideColumns, write_wide

JOB, SUPPORTED, EDUCATION, BENEFIT, SELF_SUPPORT, UNDECIDED, EXIT = 1, 2, 3, 4, 5, 6, 7
WINDOWS = np.array([[0, 13], [0, 26], [0, 52], [0, 104], [0, 156]])
PAID_WINDOWS = np.array([[0, 52], [0, 104]])
LENGTHS = (1, 13, 26, 52)
PATH = Window(-52, 156)
AS_OF = date(2021, 3, 1)
COLUMNS = WideColumns("person_id", birth_date="birth_date", entered_on="entered_on")


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


def question(persons: int, weeks: int) -> FollowUp:
    """Everybody followed from a week of her own."""
    codes, amount = generator.weekly_rates(weeks)
    return FollowUp(
        drawn=generator.draw_participants(persons, weeks),
        n_arms=generator.ARMS,
        rules=rules(),
        windows=WINDOWS,
        first_spell=FirstSpell(JOB, LENGTHS, Window(0, 2000), UnderWay.CUT),
        path=PATH,
        paid_windows=PAID_WINDOWS,
        rates=to_weekly_rates(codes, amount, generator.END_WEEK - weeks),
    )


def everything(block: Block, asked: FollowUp) -> Result:
    """One pass over a block that gives every table and every sum."""
    table, sums = follow(block, asked)
    looked, counts = look_up(block, criteria())
    own = np.searchsorted(looked["pidx"], table["pidx"])
    return {**table, "eligible": looked["eligible"][own]}, {**sums, **counts}


def ingest(
    files: Path, store: Path, weeks: int, *, paid: bool = True, block_size: int = generator.PERSONS_A_BLOCK
) -> Store:
    """The wide file as a store, with the months of employment or without."""
    span = generator.span_of(weeks)
    months = Employment(files / "employment.parquet", span.first_month, span.end_month) if paid else None
    wide = files / "dream.parquet"
    return write_wide(wide, store, columns=COLUMNS, known=range(1, 1000), employment=months, block_size=block_size)


def end_to_end(files: Path, store: Path, persons: int, weeks: int) -> Result:
    """From the files to every table and every sum."""
    return combine(run_serial(everything, ingest(files, store, weeks), question(persons, weeks)))
