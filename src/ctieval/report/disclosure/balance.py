"""Takes what is hidden in the baseline table out of the check of the draw as well."""

from __future__ import annotations

import math
from dataclasses import replace

from ctieval.domain.balance_table import BalanceRow, BalanceTable, BlockRatio, Omnibus
from ctieval.domain.description import BaselineRow
from ctieval.domain.evaluation import Evaluation
from ctieval.report.disclosure.counts import Verdict
from ctieval.report.disclosure.gather import in_block
from ctieval.report.disclosure.results import mask_baseline

_NAN = math.nan


def mask_balance(evaluation: Evaluation, verdict: Verdict) -> BalanceTable | None:
    """Return the check of the draw with what is hidden taken out.

    Of a row whose numbers of persons are hidden, nothing is left but the standardised difference that the baseline
    table shows. The test of all rests on hidden rows too: its distance would tell of them to all its digits, so that
    it goes, and its p-value is rounded to one digit.
    """
    balance = evaluation.balance
    if balance is None:
        return None
    masked = mask_baseline(evaluation, verdict)
    rows = tuple(
        row if after == before else _row(row, after, balance)
        for row, before, after in zip(balance.rows, evaluation.baseline, masked, strict=True)
    )
    return replace(
        balance,
        rows=rows,
        omnibus=balance.omnibus if rows == balance.rows else _omnibus(balance.omnibus),
        ratio=replace(balance.ratio, blocks=tuple(_block(block, verdict) for block in balance.ratio.blocks)),
    )


def _row(row: BalanceRow, shown: BaselineRow, balance: BalanceTable) -> BalanceRow:
    return replace(
        row,
        difference=_NAN,
        std_error=_NAN,
        p_value=_NAN,
        std_difference=shown.std_difference,
        advice=balance.thresholds.advise(shown.std_difference),
        usual=_NAN,
        chances=(_NAN, _NAN, _NAN),
    )


def _omnibus(omnibus: Omnibus) -> Omnibus:
    return replace(omnibus, statistic=_NAN, p_value=round(omnibus.p_value, 1), p_low=_NAN, p_high=_NAN)


def _block(block: BlockRatio, verdict: Verdict) -> BlockRatio:
    hidden = [verdict.hides(in_block(block.block, arm)) for arm in range(len(block.drawn))]
    if not any(hidden):
        return block
    nothing = (None,) * len(block.drawn)
    return replace(block, drawn=nothing, expected=(_NAN,) * len(nothing), p_value=_NAN, p_holm=_NAN)
