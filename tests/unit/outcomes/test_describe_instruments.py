import numpy as np
import pandas as pd
import pytest

from ctieval.domain.instrument import Band
from ctieval.domain.instrument_table import Absent
from ctieval.domain.outcome import MeasuredIn
from ctieval.domain.wording import Label
from ctieval.errors import ProtocolError
from ctieval.outcomes.describe_instruments import describe_instruments, load_advice, notices_of_instruments
from ctieval.outcomes.instruments import read_scores
from ctieval.outcomes.table import build_table


def survey_of(instrument, waves):
    """Answers in each wave, one row of answers a person; None for a person without any."""
    rows = [
        (f"P{person:06d}", wave, instrument, item, answer)
        for wave, answers in waves.items()
        for person, given in enumerate(answers)
        for item, answer in enumerate(given or [], start=1)
    ]
    frame = pd.DataFrame(rows, columns=["person_id", "wave", "instrument", "item", "answer"])
    return frame.astype({"answer": "Int64"})


@pytest.fixture
def describe(make_allocation, make_outcome):
    """Describe one outcome of an instrument, from the answers in each wave."""

    def described(waves, arm, *, instruments=(), block=None, instrument="who5", **outcome):
        survey, allocation = survey_of(instrument, waves), make_allocation(arm, block)
        asked = make_outcome("instrument", instrument=instrument, **outcome)
        column = read_scores(asked, survey, allocation.person_id, instruments)
        return describe_instruments(build_table((asked,), allocation, (column,)), allocation, survey, instruments)

    return described


def test_scores_are_counted_by_band_and_end(describe):
    answers = [[0] * 5, [1] * 5, [1, 1, 2, 2, 3], [2, 2, 3, 3, 3], [5] * 5, [5, 5, 5, 5, None], None]
    (row,) = describe({"12m": answers}, [1] * 7).waves
    assert (row.instrument, row.wave, row.at_start, row.arm) == ("who5", "12m", False, 1)
    assert (row.level.n, row.unscored, row.bands, row.floor, row.ceiling) == (5, 2, (2, 1, 2), 1, 1)
    assert row.level.mean == pytest.approx(np.mean([0, 20, 36, 52, 100]), rel=1e-12)
    assert row.level.std == pytest.approx(np.std([0, 20, 36, 52, 100], ddof=1), rel=1e-12)
    assert (row.reliability.n, row.reliability.alpha_absent) == (5, Absent.FEW_PERSONS)


def test_both_waves_and_both_arms_are_described_where_both_were_asked(describe):
    waves = {"start": [[1] * 5, [2] * 5, [3] * 5, None], "12m": [[2] * 5, [4] * 5, None, [1] * 5]}
    table = describe(waves, [1, 1, 0, 0], baseline_wave="start", measured_in=MeasuredIn.BOTH)
    assert [(row.wave, row.at_start, row.arm, row.level.n, row.unscored, row.level.mean) for row in table.waves] == [
        ("start", True, 1, 2, 0, 30.0),
        ("start", True, 0, 1, 1, 60.0),
        ("12m", False, 1, 2, 0, 60.0),
        ("12m", False, 0, 1, 1, 20.0),
    ]
    treated, control = table.changes
    assert (treated.arm, treated.n, treated.before, treated.after, treated.change) == (1, 2, 30.0, 60.0, 30.0)
    assert (control.arm, control.n) == (0, 0)


def test_an_arm_that_was_not_asked_is_not_described(describe):
    table = describe({"start": [[1] * 5] * 2, "12m": [[2] * 5] * 2}, [1, 0], baseline_wave="start")
    assert {row.arm for row in table.waves} == {1}
    assert table.changes == ()


def test_means_of_both_arms_weigh_the_blocks_alike(describe):
    """As in the table of effects: three of four were drawn in one block, one of four in the other."""
    waves = {"12m": [[1] * 5] * 4 + [[3] * 5] * 4}
    arm, block = [1, 1, 1, 0, 1, 0, 0, 0], list("AAAABBBB")
    table = describe(waves, arm, block=block, measured_in=MeasuredIn.BOTH)
    assert [row.level.mean for row in table.waves] == pytest.approx([40.0, 40.0], rel=1e-12)


def test_a_filled_in_score_between_two_bands_belongs_to_the_lower(describe, make_instrument):
    """Four of five answered with the sum 7 make 8.75, which no complete answers make."""
    bands = (Band("low", Label("", ""), 5, 8), Band("high", Label("", ""), 9, 25))
    own = make_instrument(items=5, minimum_answered=4, bands=bands)
    answers = [[2, 2, 2, 1, None], [2, 2, 2, 2, 1], [2, 2, 2, 2, None]]
    (row,) = describe({"12m": answers}, [1] * 3, instrument="own", instruments=(own,)).waves
    assert row.bands == (1, 2)


def test_an_instrument_without_bands_has_none(describe):
    (row,) = describe({"12m": [[7], [0], [10]]}, [1] * 3, instrument="cantril").waves
    assert (row.bands, row.floor, row.ceiling) == ((), 1, 1)
    assert row.reliability.alpha_absent is Absent.FEW_ITEMS


def test_alpha_is_over_complete_answers_where_scores_are_not(describe):
    rng = np.random.default_rng(0)
    answers = (rng.integers(1, 3, (30, 1)) + rng.integers(0, 3, (30, 10))).clip(1, 4).tolist()
    answers[0][0] = answers[1][0] = None
    (row,) = describe({"12m": answers}, [1] * 30, instrument="gse").waves
    assert (row.level.n, row.reliability.n) == (30, 28)
    assert 0 < row.reliability.alpha <= 1


def test_without_a_survey_or_an_instrument_nothing_is_described(make_allocation, make_outcome):
    allocation = make_allocation([1])
    column = read_scores(make_outcome("instrument"), None, allocation.person_id)
    for outcome, survey in ((make_outcome("instrument"), None), (make_outcome("column"), survey_of("who5", {}))):
        assert describe_instruments(build_table((outcome,), allocation, (column,)), allocation, survey) is None
    assert notices_of_instruments(None) == ()


def test_an_unknown_instrument_is_an_error(describe):
    with pytest.raises(ProtocolError):
        describe({"12m": [[1]]}, [1], instrument="mood")


def test_a_heywood_case_is_noticed_once(describe, make_instrument):
    """Two items hang together through the first alone, and more closely than one factor allows."""
    rng = np.random.default_rng(3)
    first = rng.integers(1, 6, 40)
    flip = rng.random((40, 2)) < 0.25
    others = np.where(flip, rng.integers(1, 6, (40, 2)), first[:, None])
    others[:20, 0] = first[:20]
    others[20:, 1] = first[20:]
    answers = np.column_stack([first, others]).tolist()
    own = make_instrument(items=3, minimum_answered=3)
    waves = {"start": answers, "12m": answers}
    table = describe(waves, [1] * 40, instrument="own", instruments=(own,), baseline_wave="start")
    assert [row.reliability.omega_absent for row in table.waves] == [Absent.HEYWOOD] * 2
    assert [(each.code, each.subject) for each in notices_of_instruments(table)] == [("W-OMEGA-HEYWOOD", "own")]


def test_the_advice_has_its_source():
    advice = load_advice()
    assert 0 < advice.extreme_share < 1
    assert advice.source.href.startswith("https://")
    assert advice.fewest_complete >= 10


def test_the_table_holds_no_person(describe):
    assert "P0000" not in repr(describe({"12m": [[1] * 5] * 3}, [1, 1, 0]))


def test_where_both_were_asked_those_who_could_not_have_been_controls_are_left_out(describe):
    """Everybody in the second block was drawn, so that nobody there can be compared."""
    waves = {"12m": [[1] * 5, [1] * 5, [3] * 5, [3] * 5]}
    arm, block = [1, 0, 1, 1], list("AABB")
    treated, control = describe(waves, arm, block=block, measured_in=MeasuredIn.BOTH).waves
    assert (treated.level.n, sum(treated.bands), treated.level.mean, control.level.mean) == (1, 1, 20.0, 20.0)
    (alone,) = describe(waves, arm, block=block).waves
    assert (alone.level.n, sum(alone.bands), alone.unscored) == (3, 3, 0)
