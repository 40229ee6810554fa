"""Tables that no trial should have: the exact answer, or one error that says what to do, for each method."""

import math

import numpy as np
import pandas as pd
import pytest

from ctieval.effects.analyses import Method
from ctieval.errors import CtievalError, DesignError, EstimationError, SchemaError
from ctieval.evaluate.frame import Analysis, estimate_frame

METHODS = {
    "difference": Analysis(),
    "adjusted": Analysis(Method.ADJUSTED, covariates=("age",)),
    "standardized": Analysis(Method.STANDARDIZED, covariates=("age",)),
    "cace": Analysis(Method.CACE, take_up="took"),
}


def table(n=24, **columns):
    arm = np.arange(n) % 2
    made = pd.DataFrame(
        {
            "work": ((np.arange(n) * 7 + arm) % 5 < 2).astype(int),
            "arm": arm,
            "place": np.where(np.arange(n) < n // 2, "A", "B"),
            "age": 30 + np.arange(n) * 5 % 11,
            "took": arm * (np.arange(n) % 3 > 0),
        }
    )
    return made.assign(**columns)


def effect(frame, method, **options):
    return estimate_frame(frame, "work", arm="arm", analysis=METHODS[method], **options).rows[0]


def facts(row):
    return (row.estimate, row.std_error, row.df, row.n)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("as_written", [
    lambda frame: frame.set_axis([7] * len(frame)),
    lambda frame: frame.astype({"work": "Int64", "arm": "Int8", "age": "Float64", "took": "boolean"}),
    lambda frame: frame.astype({"arm": "category", "place": "category"}),
    lambda frame: frame.assign(arm=frame["arm"].astype("string"), work=frame["work"].astype(bool)),
    lambda frame: frame.assign(place=frame["place"].astype("object")),
    lambda frame: frame.sample(frac=1, random_state=3),
], ids=["one index for all", "nullable", "categories", "texts and yes/no", "objects", "shuffled"])  # fmt: skip
def test_how_a_column_is_stored_changes_nothing(method, as_written):
    frame = table()
    given = as_written(frame)
    before = given.copy(deep=True)
    assert facts(effect(given, method)) == pytest.approx(facts(effect(frame, method)), rel=1e-12)
    pd.testing.assert_frame_equal(given, before)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_and_one_person_are_one_error(method):
    for rows in (0, 1):
        with pytest.raises(CtievalError) as caught:
            effect(table().head(rows), method)
        assert caught.value.do


@pytest.mark.parametrize("method", METHODS)
def test_one_person_in_an_arm_is_one_error(method):
    frame = table(8, arm=[1] + [0] * 7, took=[1] + [0] * 7)
    with pytest.raises(EstimationError) as caught:
        effect(frame, method)
    assert caught.value.do


@pytest.mark.parametrize("method", ["difference", "adjusted", "standardized"])
@pytest.mark.parametrize("same", [0, 1])
def test_an_outcome_that_is_the_same_for_all_has_no_effect_and_no_interval(method, same):
    row = effect(table(work=same), method)
    assert (row.estimate, row.std_error, row.n) == (0.0, 0.0, 24)
    assert math.isnan(row.conf_low)
    assert math.isnan(row.p_value)


def test_an_outcome_that_is_the_same_for_all_has_no_effect_on_compliers():
    row = effect(table(work=1), "cace")
    assert (row.estimate, row.std_error) == (0.0, 0.0)


@pytest.mark.parametrize("method", METHODS)
def test_a_block_in_which_all_were_drawn_is_one_error_that_names_it(method):
    frame = table()
    frame.loc[frame["place"] == "B", "arm"] = 1
    with pytest.raises(DesignError) as caught:
        effect(frame, method, block="place")
    assert caught.value.where == "block B"
    assert "merge the block" in caught.value.do


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("column", ["work", "age", "took"])
def test_an_infinite_value_is_one_error_where_the_column_is_used(method, column):
    used = {"work", *METHODS[method].covariates, METHODS[method].take_up}
    frame = table().astype({column: float})
    frame.loc[3, column] = np.inf
    if column not in used:
        assert effect(frame, method).n == 24
        return
    with pytest.raises((SchemaError, EstimationError)) as caught:
        effect(frame, method)
    assert "finite" in caught.value.expected


@pytest.mark.parametrize("method", ["adjusted", "standardized"])
def test_a_covariate_that_is_the_arm_is_left_out_and_named(method):
    frame = table()
    found = estimate_frame(frame.assign(age=frame["arm"]), "work", arm="arm", analysis=METHODS[method])
    plain = effect(frame, "difference")
    assert found.rows[0].estimate == pytest.approx(plain.estimate, rel=1e-9)
    assert ("W-COVARIATE-LEFT-OUT", "age") in {(notice.code, notice.subject) for notice in found.warnings}


def test_taking_part_exactly_as_drawn_gives_the_effect_of_the_draw():
    frame = table()
    found, plain = effect(frame.assign(took=frame["arm"]), "cace"), effect(frame, "difference")
    assert (found.estimate, found.std_error) == pytest.approx((plain.estimate, plain.std_error), rel=1e-12)


def test_taking_part_that_the_draw_did_not_change_is_one_error():
    with pytest.raises(EstimationError) as caught:
        effect(table(took=1), "cace")
    assert caught.value.do


@pytest.mark.parametrize("method", METHODS)
def test_no_message_holds_a_value_of_a_person(method):
    frame = table().astype({"work": float})
    frame.loc[5, "work"] = 31415926.5
    frame.loc[5, "arm"] = 27182
    with pytest.raises(CtievalError) as caught:
        effect(frame.head(6), method)
    assert "31415926" not in str(caught.value)
    assert "27182" not in str(caught.value)


@pytest.mark.parametrize("method", METHODS)
def test_missing_outcomes_are_counted_out_and_nobody_is_left_out_for_a_gap_elsewhere(method):
    frame = table().astype({"work": float, "age": float})
    frame.loc[[2, 5], "work"] = np.nan
    frame.loc[[7, 9], "age"] = np.nan
    assert effect(frame, method).n == 22


def test_gaps_in_a_covariate_are_named():
    frame = table().astype({"age": float})
    frame.loc[[7, 9], "age"] = np.nan
    found = estimate_frame(frame, "work", arm="arm", analysis=METHODS["adjusted"])
    assert ("W-COVARIATE-FILLED", "age") in {(notice.code, notice.subject) for notice in found.warnings}


@pytest.mark.parametrize("words", [("start", "end"), ("a", "b"), ("same", "same")])
def test_words_that_are_neither_yes_nor_no_do_not_say_who_took_part(words):
    frame = table()
    with pytest.raises(SchemaError) as caught:
        effect(frame.assign(took=frame["took"].map(dict(enumerate(words)))), "cace")
    assert "1 for who took part" in caught.value.expected


@pytest.mark.parametrize("as_written", [
    lambda took: took.astype(str),
    lambda took: took.astype(bool).astype(object),
    lambda took: took.map({0: "nej", 1: "ja"}),
    lambda took: took.astype(float).astype(str),
])  # fmt: skip
def test_yes_and_one_are_taking_part_however_they_are_written(as_written):
    frame = table()
    assert facts(effect(frame.assign(took=as_written(frame["took"])), "cace")) == facts(effect(frame, "cace"))


def test_a_gap_in_take_up_is_never_taken_for_not_taking_part():
    frame = table()
    gappy = frame.astype({"took": str}).assign(took=lambda each: each["took"].where(each.index > 3, ""))
    assert effect(gappy, "cace").n == 20
    with pytest.raises(SchemaError):
        effect(frame.assign(took=np.nan), "cace")


def test_persons_without_a_cluster_are_no_cluster_of_their_own():
    frame = table().assign(team=lambda each: each["arm"].map({0: "c", 1: "t"}) + (each.index % 3).astype(str))
    frame.loc[frame["team"] == "t1", "team"] = None
    with pytest.raises(SchemaError) as caught:
        effect(frame, "difference", cluster="team")
    assert caught.value.n_rows == 4


@pytest.mark.parametrize("method", [Method.ADJUSTED, Method.STANDARDIZED])
def test_nothing_is_adjusted_for_the_outcome_itself(method):
    with pytest.raises(EstimationError) as caught:
        estimate_frame(table(), "work", arm="arm", analysis=Analysis(method, covariates=("age", "work")))
    assert caught.value.do == "leave it out of the covariates"
