import numpy as np

from ctieval.designs.notices import describe_notices
from ctieval.domain.design import Blocked, Capacity, Matched, WaitingList
from ctieval.domain.wording import Notice


def test_blocks_with_places_for_everybody_are_named(make_entrants):
    entrants = make_entrants(block="aaaabbbcc")
    design = Capacity("town", (("a", 2), ("b", 3), ("", 5)))
    assert describe_notices(design, entrants) == (Notice("W-PLACES-FOR-ALL", "b"), Notice("W-PLACES-FOR-ALL", "c"))
    assert describe_notices(WaitingList(design, 26), entrants) == describe_notices(design, entrants)


def test_covariates_that_tell_nothing_are_named(make_entrants):
    points = np.random.default_rng(1).normal(size=(8, 2))
    columns = np.column_stack([points, points.sum(axis=1), np.full(8, 3.0)])
    design = Matched(("age", "weeks", "both", "year"), 2, 1)
    assert describe_notices(design, make_entrants(covariates=columns)) == (
        Notice("W-COVARIATE-CONSTANT", "year"),
        Notice("W-COVARIATES-REPEAT", "age, weeks, both"),
    )


def test_an_ordinary_draw_needs_no_notice(make_entrants):
    assert describe_notices(Blocked("town", (("", 1),)), make_entrants(block="aabb")) == ()
    points = np.random.default_rng(1).normal(size=(8, 2))
    assert describe_notices(Matched(("age", "weeks"), 2, 1), make_entrants(covariates=points)) == ()
