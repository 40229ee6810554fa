import numpy as np
import pandas as pd
import pytest

from ctieval.domain.instrument import Scoring
from ctieval.domain.outcome_table import Status
from ctieval.errors import InputError, ProtocolError, SchemaError
from ctieval.outcomes.instruments import find_instrument, load_instruments, read_scores, score_answers

PERSONS = np.array(["P000000", "P000001"], dtype=object)


def survey_of(*waves):
    """Answers of persons to the five items: (person, wave, answers)."""
    rows = [
        (person, wave, "who5", item, answer)
        for person, wave, answers in waves
        for item, answer in enumerate(answers, start=1)
    ]
    frame = pd.DataFrame(rows, columns=["person_id", "wave", "instrument", "item", "answer"])
    return frame.astype({"answer": "Int64"})


def test_who5_is_the_sum_of_five_answers_times_four(make_outcome):
    survey = survey_of(("P000000", "12m", [0, 1, 2, 3, 4]), ("P000001", "12m", [5] * 5))
    column = read_scores(make_outcome("instrument"), survey, PERSONS)
    np.testing.assert_equal(column.values, [40.0, 100.0])
    assert column.status.tolist() == [Status.OBSERVED] * 2
    assert np.isnan(column.baseline).all()


@pytest.mark.parametrize("answers", [[5, 5, 5, 5, None], [5, 5, 5, 5], [None] * 5, []])
def test_a_score_needs_every_answer(answers, make_outcome):
    survey = survey_of(("P000000", "12m", answers), ("P000001", "12m", [0] * 5))
    column = read_scores(make_outcome("instrument"), survey, PERSONS)
    assert column.status.tolist() == [Status.NO_ANSWER, Status.OBSERVED]
    np.testing.assert_equal(column.values, [np.nan, 0.0])


def test_waves_and_instruments_are_kept_apart(make_outcome):
    other = survey_of(("P000000", "12m", [9] * 7)).assign(instrument="gse")
    survey = pd.concat([other, survey_of(("P000000", "start", [1] * 5), ("P000000", "12m", [2] * 5))])
    column = read_scores(make_outcome("instrument", baseline_wave="start"), survey, PERSONS)
    np.testing.assert_equal(column.values, [40.0, np.nan])
    np.testing.assert_equal(column.baseline, [20.0, np.nan])


def test_answers_of_others_are_left_alone(make_outcome):
    column = read_scores(make_outcome("instrument"), survey_of(("P9", "12m", [5] * 5)), PERSONS)
    assert column.status.tolist() == [Status.NO_ANSWER] * 2


def test_without_a_survey_nobody_has_answered(make_outcome):
    assert read_scores(make_outcome("instrument"), None, PERSONS).status.tolist() == [Status.NO_ANSWER] * 2


@pytest.mark.parametrize(
    ("column", "value", "rule", "row"), [("answer", 6, "answer in range", 4), ("item", 7, "item of the instrument", 4)]
)
def test_what_the_instrument_does_not_know_is_an_error(column, value, rule, row, make_outcome):
    survey = survey_of(("P000000", "12m", [1, 2, 3, 4, 5]))
    survey.loc[2, column] = value
    with pytest.raises(SchemaError) as caught:
        read_scores(make_outcome("instrument"), survey, PERSONS)
    error = caught.value
    assert (error.table, error.column, error.rule, error.n_rows, error.first_row) == ("survey", column, rule, 1, row)
    assert "P000000" not in str(error)


def test_an_item_answered_twice_is_an_error(make_outcome):
    survey = pd.concat([survey_of(("P000000", "12m", [1] * 5))] * 2, ignore_index=True)
    with pytest.raises(SchemaError) as caught:
        read_scores(make_outcome("instrument"), survey, PERSONS)
    assert (caught.value.rule, caught.value.n_rows, caught.value.first_row) == ("unique", 5, 7)


def test_an_unknown_instrument_is_an_error_that_names_the_known(make_outcome):
    with pytest.raises(ProtocolError, match="one of: cantril, gse, who5"):
        read_scores(make_outcome("instrument", instrument="who-5"), None, PERSONS)


@pytest.mark.parametrize("instrument", load_instruments(), ids=lambda each: each.name)
def test_the_bands_that_are_shipped_cover_every_score_once(instrument):
    for score in instrument.scores:
        assert sum(band.low <= score <= band.high for band in instrument.bands) == bool(instrument.bands)
    assert all(source.href.startswith("http") for source in (instrument.source, *(b.source for b in instrument.bands)))


def test_the_instruments_that_are_shipped_score_as_their_sources_say():
    cantril, gse, who5 = load_instruments()
    assert (cantril.items, cantril.score_range) == (1, (0.0, 10.0))
    assert (gse.items, gse.score_range, gse.items - gse.minimum_answered) == (10, (10.0, 40.0), 3)
    assert who5.scores == tuple(4.0 * raw for raw in range(26))


def test_an_open_item_counts_as_the_mean_of_the_others_where_the_instrument_says_so():
    gse = find_instrument("gse")
    answers = np.array([[3.0] * 10, [4.0] * 7 + [np.nan] * 3, [4.0] * 6 + [np.nan] * 4, [1.0, 2.0] * 4 + [np.nan] * 2])
    np.testing.assert_equal(score_answers(answers, gse), [30.0, 40.0, np.nan, 15.0])


def test_the_three_ways_to_score(make_instrument):
    answers = np.array([[1.0, 5.0], [2.0, np.nan]])
    by = {each: score_answers(answers, make_instrument(scoring=each, minimum_answered=1)) for each in Scoring}
    np.testing.assert_allclose(by[Scoring.SUM], [6.0, 4.0])
    np.testing.assert_allclose(by[Scoring.MEAN], [3.0, 2.0])
    np.testing.assert_allclose(by[Scoring.PERCENT], [50.0, 25.0])


def test_reversed_items_are_turned(make_instrument, make_outcome):
    survey = survey_of(("P000000", "12m", [1, 5]), ("P000001", "12m", [5, 5])).assign(instrument="own")
    own = make_instrument(reverse=(2,))
    column = read_scores(make_outcome("instrument", instrument="own"), survey, PERSONS, (own,))
    np.testing.assert_equal(column.values, [2.0, 6.0])


def test_an_answer_that_only_another_range_allows_is_an_error_without_a_value(make_instrument, make_outcome):
    survey = survey_of(("P000000", "12m", [1, 6])).assign(instrument="own")
    with pytest.raises(SchemaError, match="a whole number from 1 to 5 for own") as caught:
        read_scores(make_outcome("instrument", instrument="own"), survey, PERSONS, (make_instrument(),))
    assert "values are not shown" in caught.value.found


OWN = """
name = "{name}"
title = "Own"
items = 2
range = [0, 3]
score = "sum"
minimum_answered = 2
better_when = "higher"
source = {{ title = "Own", retrieved = 2026-11-22 }}
"""


def test_a_trial_lays_its_own_instruments_over_the_shipped(tmp_path):
    for name in ("own", "who5"):
        (tmp_path / f"{name}.toml").write_text(OWN.format(name=name), encoding="utf-8")
    found = load_instruments(tmp_path)
    assert [each.name for each in found] == ["cantril", "gse", "own", "who5"]
    assert find_instrument("who5", found).score_range == (0.0, 6.0)
    assert find_instrument("who5").score_range == (0.0, 100.0)


def test_a_folder_that_is_not_there_and_a_file_that_is_not_text_are_errors(tmp_path):
    with pytest.raises(InputError, match="no such folder"):
        load_instruments(tmp_path / "instruments")
    (tmp_path / "own.toml").write_bytes(b'name = "\xf8"')
    with pytest.raises(InputError, match="not UTF-8"):
        load_instruments(tmp_path)


def test_scores_show_no_person(make_outcome):
    column = read_scores(make_outcome("instrument"), survey_of(("P000000", "12m", [5] * 5)), PERSONS)
    assert repr(column) == "OutcomeColumn(2 persons)"
