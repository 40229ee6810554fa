import math
from dataclasses import replace
from datetime import date

import pytest

from ctieval.domain.allocation import Declared, Masked
from ctieval.domain.balance_table import (
    Advice,
    BalanceRow,
    BalanceTable,
    BlockRatio,
    Law,
    Omnibus,
    RatioBasis,
    SampleRatio,
    Thresholds,
)
from ctieval.domain.description import ArmLevel
from ctieval.domain.source import Source
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import ABSENT, HIDDEN
from ctieval.report.chapters.appendix.balance import build_balance
from ctieval.report.chapters.baseline import baseline_rows
from ctieval.report.chapters.context import Context
from ctieval.report.inline import plain
from ctieval.report.model import Figure, Para, Table
from ctieval.report.protect import protect

LIMITS = Thresholds(0.05, 0.25, 0.05, 0.95, Source("WWC", "Equivalence", "https://example.org", date(2026, 11, 22)))
NAN = math.nan


def balance_row(described, *, p_value=0.4, usual=0.11):
    difference = described.intervention.mean - described.control.mean
    std = described.std_difference
    return BalanceRow(
        described.name,
        described.level,
        described.arm,
        difference,
        0.0 if usual == 0 else abs(difference) + 0.01,
        p_value,
        std,
        LIMITS.advise(std),
        usual,
        (0.05, 0.4, 0.01),
    )


def with_balance(evaluation, *, omnibus=None, ratio=None, **kwargs):
    """An evaluation with the check of its draw."""
    return replace(
        evaluation,
        balance=BalanceTable(
            rows=tuple(balance_row(each, **kwargs) for each in evaluation.baseline),
            omnibus=omnibus or Omnibus(4.29, 4, 0.513, 0.499, 0.527),
            ratio=ratio or SampleRatio(RatioBasis.FIXED, (BlockRatio("153", (398, 120), (398.0, 120.0), NAN, NAN),)),
            thresholds=LIMITS,
            law=Law.SAMPLED,
            assignments=4999,
            seed=7,
        ),
    )


def context_of(evaluation, lang="en"):
    return Context(protect(evaluation), load_catalogue(lang))


def blocks(evaluation, kind, lang="en"):
    found = [block for block in build_balance(context_of(evaluation, lang)).blocks if isinstance(block, kind)]
    return {block.id: block for block in found} if kind is not Para else [plain(block.text) for block in found]


def hide(evaluation):
    """The same, with a category of three persons among the characteristics."""
    rare = replace(
        evaluation.baseline[3],
        name="rare",
        intervention=ArmLevel(evaluation.baseline[3].intervention.n, 0.00625, NAN, 3),
    )
    return with_balance(replace(evaluation, baseline=(*evaluation.baseline, rare)))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_section_tells_of_the_draw_in_both_languages(full, lang):
    evaluation = with_balance(full)
    assert set(blocks(evaluation, Table, lang)) >= {"balance", "by-chance", "draw-check"}
    assert set(blocks(evaluation, Figure, lang)) == {"love"}
    told = " ".join(blocks(evaluation, Para, lang))
    for word in ("fail", "dumpe", "fejle", "ikke bestået", "violat"):
        assert word not in told.lower()


def test_without_a_check_only_the_table_is_shown(full):
    assert set(blocks(full, Table)) >= {"balance"}
    assert blocks(full, Figure) == {}


def test_the_test_of_all_says_how_it_was_made(full):
    told = " ".join(blocks(with_balance(full), Para))
    assert "no further apart than chance usually sets them" in told
    assert "51.3%" in told
    assert "4,999 draws" in told
    assert "0.513" in told
    exact = with_balance(full, omnibus=Omnibus(4.29, 4, 0.513, NAN, NAN))
    exact = replace(exact, balance=replace(exact.balance, law=Law.ENUMERATED, assignments=252))
    told = " ".join(blocks(exact, Para))
    assert "All 252 possible draws were gone through" in told
    assert "uncertainty from the number of draws" not in told


@pytest.mark.parametrize(
    ("proof", "words"),
    [(None, "The draw can be verified"), (Declared(), "made elsewhere"), (Masked(), "further apart")],
)
def test_arms_far_apart_are_chance_where_the_draw_is_proven(full, proof, words):
    far = with_balance(full, omnibus=Omnibus(14.0, 4, 0.01, 0.007, 0.013))
    far = far if proof is None else replace(far, proof=proof)
    told = " ".join(blocks(far, Para))
    assert words in told
    assert ("made elsewhere" in told) == isinstance(proof, Declared)
    assert ("no fault, but" in told) == (proof is None)


def test_the_figure_draws_what_its_numbers_say(full):
    love = blocks(with_balance(full), Figure)["love"]
    drawn = {row.label: row.difference for row in love.draw.rows if row.difference is not None}
    assert drawn["Woman"] if "Woman" in drawn else drawn["Female"] == full.baseline[1].std_difference
    assert len(drawn) == len(full.baseline)
    assert [row.label for row in love.draw.rows if row.difference is None] == ["Sex (%)"]
    largest = max(full.baseline, key=lambda row: abs(row.std_difference))
    assert f"{abs(largest.std_difference):.2f}" in plain(love.alt)
    assert love.draw.limits == (0.05, 0.25)


def test_what_a_draw_cannot_make_differ_is_left_out_of_the_figure(full):
    evaluation = with_balance(full)
    rows = (replace(evaluation.balance.rows[0], std_error=0.0, p_value=1.0, usual=0.0), *evaluation.balance.rows[1:])
    evaluation = replace(evaluation, balance=replace(evaluation.balance, rows=rows))
    love = blocks(evaluation, Figure)["love"]
    assert not [row for row in love.draw.rows if row.label.startswith("Age")]
    assert love.rows[0].cells[1:] == (ABSENT, ABSENT)
    assert "cannot make a difference" in love.note
    assert blocks(evaluation, Table)["draw-check"].rows[0].cells[-1] is ABSENT
    assert "Counted over the 4 rows" in plain(blocks(evaluation, Table)["by-chance"].note)


def test_counts_stand_beside_what_chance_gives(full):
    rows = blocks(with_balance(full, p_value=0.03), Table)["by-chance"].rows
    assert [row.cells[1] for row in rows] == [5, sum(abs(r.std_difference) > 0.05 for r in full.baseline), 0]
    assert [round(row.cells[2], 2) for row in rows] == [0.25, 2.0, 0.05]
    assert [row.cells[0] for row in rows][1:] == [
        "Standardised difference above 0.05",
        "Standardised difference above 0.25",
    ]


def test_a_hidden_row_is_hidden_in_everything_that_is_said_of_it(full):
    evaluation = hide(full)
    masked = protect(evaluation).balance
    row = masked.rows[-1]
    assert math.isnan(row.p_value)
    assert math.isnan(row.difference)
    assert math.isnan(row.usual)
    assert row.advice is None
    assert math.isnan(masked.omnibus.statistic)
    assert masked.omnibus.p_value == 0.5
    assert row not in masked.compared
    tables, figure = blocks(evaluation, Table), blocks(evaluation, Figure)["love"]
    assert tables["draw-check"].rows[-1].cells[1:] == (HIDDEN, HIDDEN, HIDDEN)
    assert figure.rows[-1].cells[1:] == (HIDDEN, HIDDEN)
    assert len([each for each in figure.draw.rows if each.difference is not None]) == len(full.baseline)
    told = " ".join(blocks(evaluation, Para))
    assert "about 50%" in told
    assert "4.29" not in told


def test_a_small_p_value_is_told_only_as_small_where_a_row_is_hidden(full):
    evaluation = hide(full)
    far = replace(evaluation.balance, omnibus=Omnibus(14.0, 4, 0.012, 0.009, 0.015))
    told = " ".join(blocks(replace(evaluation, balance=far), Para))
    assert "In only under 5% of the draws" in told
    assert "0.012" not in told


def test_nothing_changes_where_nothing_is_hidden(full):
    evaluation = with_balance(full)
    assert repr(protect(evaluation).balance) == repr(evaluation.balance)


def test_numbers_by_block_are_tested_where_chance_gave_them(full):
    ratio = SampleRatio(
        RatioBasis.CHANCE,
        (
            BlockRatio("153", (398, 120), (390.0, 128.0), 0.42, 0.84),
            BlockRatio("550", (132, 110), (121.0, 121.0), 0.16, 0.48),
        ),
    )
    table = blocks(with_balance(full, ratio=ratio), Table)["ratio"]
    assert [row.cells[0] for row in table.rows] == ["Brøndby", "Tønder"]
    assert table.rows[0].cells[1:] == (120, 128.0, 398, 390.0, 0.84)
    assert [column.key for column in table.columns][1:5] == ["drawn_1", "expected_1", "drawn_0", "expected_0"]


def test_numbers_of_a_small_block_are_hidden(full):
    blocks_of = [replace(block, intervention=3) if block.block == "550" else block for block in full.flow.blocks]
    small = replace(full, flow=replace(full.flow, blocks=tuple(blocks_of)))
    ratio = SampleRatio(RatioBasis.CHANCE, (BlockRatio("550", (132, 3), (67.5, 67.5), 0.0, 0.0),))
    row = blocks(with_balance(small, ratio=ratio), Table)["ratio"].rows[0]
    assert row.cells[1:] == (HIDDEN,) * 5


def test_a_number_that_is_not_known_stands_under_its_characteristic(full):
    age = full.baseline[0]
    unknown = replace(
        age,
        level="missing",
        unit="share",
        control=ArmLevel(898, 0.05, NAN, 45),
        intervention=ArmLevel(480, 0.05, NAN, 24),
        std_difference=0.0,
    )
    known = replace(age, control=replace(age.control, n=853), intervention=replace(age.intervention, n=456))
    context = context_of(replace(full, baseline=(known, unknown, *full.baseline[1:])))
    names = [row.cells[0] for row in baseline_rows(context, lambda _: ())]
    assert names[:3] == ["Age (years)", "Unknown (%)", "Sex (%)"] or names[1].endswith("(%)")


@pytest.mark.parametrize(("n_missing", "hidden"), [(24, False), (3, True)])
def test_few_whose_number_is_not_known_are_hidden_with_the_number_known(full, n_missing, hidden):
    age = full.baseline[0]
    arms = {"control": 898, "intervention": 480}
    known = replace(age, **{arm: replace(getattr(age, arm), n=n - n_missing) for arm, n in arms.items()})
    unknown = replace(
        age,
        level="missing",
        unit="share",
        std_difference=0.01,
        **{arm: ArmLevel(n, n_missing / n, NAN, n_missing) for arm, n in arms.items()},
    )
    rows = protect(replace(full, baseline=(known, unknown, *full.baseline[1:]))).baseline
    assert (rows[0].control.n is None) == hidden
    assert (rows[1].control.events is None) == hidden


def test_advice_counts_rows_between_and_beyond_the_limits(full):
    evaluation = with_balance(full)
    rows = [
        replace(row, std_difference=each, advice=LIMITS.advise(each))
        for row, each in zip(evaluation.balance.rows, (0.01, 0.2, -0.2, 0.3, 0.0), strict=True)
    ]
    told = " ".join(blocks(replace(evaluation, balance=replace(evaluation.balance, rows=tuple(rows))), Para))
    assert "Rows between the two limits here: 2. Rows above the upper one: 1." in told
    assert [row.advice for row in rows].count(Advice.SATISFIED) == 2
