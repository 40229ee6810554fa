import numpy as np
import pandas as pd
import pytest

from ctieval.domain.outcome_table import Status
from ctieval.errors import ProtocolError, SchemaError
from ctieval.outcomes.instruments import load_instrument, read_scores

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
    with pytest.raises(ProtocolError, match="one of: who5"):
        read_scores(make_outcome("instrument", instrument="who-5"), None, PERSONS)


def test_the_bands_of_who5_cover_every_score_once():
    who5 = load_instrument("who5")
    highest = who5.factor * who5.items * who5.highest
    scores = [score for band in who5.bands for score in range(band.low, band.high + 1)]
    assert scores == list(range(highest + 1))
    assert all(band.source.href.startswith("https://") for band in who5.bands)


def test_scores_show_no_person(make_outcome):
    column = read_scores(make_outcome("instrument"), survey_of(("P000000", "12m", [5] * 5)), PERSONS)
    assert repr(column) == "OutcomeColumn(2 persons)"
