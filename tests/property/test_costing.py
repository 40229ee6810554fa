"""Costs by ingredients: linear in prices, blind to the order of rows, and the same however a contact is cut in two."""

from datetime import date
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctieval.domain.claim import Basis, Claim, Known, Span, Standing
from ctieval.domain.costing import CostPart
from ctieval.domain.registers import Registers, WeekPanel
from ctieval.domain.trial import EconomicsPlan
from ctieval.domain.wording import Label
from ctieval.economics.claim.audit import audit_claim
from ctieval.economics.costing.build import build_person_costs
from ctieval.rates.load import load_rates
from ctieval.registers.check import check_table
from ctieval.registers.schemas import load_schema

BOOK = load_rates(None)
PLAN = EconomicsPlan(("municipality",), 52, 2018, "fm_2021")
IDS = np.array([f"p{i}" for i in range(6)], dtype=object)
ALLOCATION = SimpleNamespace(
    person_id=IDS, arm=np.array([0, 0, 0, 1, 1, 1]), randomised_on=np.full(6, np.datetime64("2018-01-01"))
)
DRIVERS = ("contact_min", "indirect_min", "session", "participant", "site_month", "fixed")
ROWS = st.lists(
    st.tuples(st.integers(0, 5), st.integers(0, 360), st.integers(0, 240), st.integers(0, 120)), min_size=1, max_size=12
)
PRICES = st.lists(st.integers(1, 1000), min_size=len(DRIVERS), max_size=len(DRIVERS))


def to_log(rows):
    frame = pd.DataFrame(rows, columns=["person", "day", "minutes", "minutes_indirect"])
    dates = np.datetime64("2018-01-01") + frame["day"].to_numpy()
    return frame.assign(person_id=IDS[frame["person"]], date=dates, activity="x")


def cost(log, prices, scope="T"):
    table = pd.DataFrame(
        [
            {
                "id": driver, "label_da": driver, "arm_scope": scope, "payer": "municipality", "driver": driver,
                "unit_price": price, "price_year": 2018, "phase": "run", "category": "operation", "source": "s",
                "grade": "A",
            }
            for driver, price in zip(DRIVERS, prices, strict=True)
        ]
    )  # fmt: skip
    registers = Registers(
        persons=pd.DataFrame({"person_id": IDS, "municipality": ["153", "550"] * 3}),
        weeks=WeekPanel(IDS, 0, np.zeros((6, 1), dtype=np.int16)),
        employment=None,
        payments=None,
        activity=log if scope == "T" else None,
        survey=None,
        recognised=(),
        digests=(),
        usual_services=None if scope == "T" else log,
        ingredients=check_table(table, load_schema("ingredients")),
    )
    return build_person_costs(PLAN, ALLOCATION, registers, BOOK)


@settings(deadline=None, max_examples=25)
@given(rows=ROWS, prices=PRICES, factor=st.integers(2, 5))
def test_costs_scale_with_prices_and_add_up(rows, prices, factor):
    log = to_log(rows)
    once, more = cost(log, prices), cost(log, [factor * price for price in prices])
    assert more.programme == pytest.approx(factor * once.programme)
    whole = next(each for each in once.costing.sums if each.category is None and each.part is CostPart.PROGRAMME)
    by_arm = [once.programme[ALLOCATION.arm == arm].sum() for arm in (0, 1)]
    assert [whole.control.total, whole.intervention.total] == pytest.approx(by_arm)
    assert sum(each.control.total + each.intervention.total for each in once.costing.ingredients) == pytest.approx(
        once.programme.sum()
    )


@settings(deadline=None, max_examples=25)
@given(rows=ROWS, prices=PRICES, seed=st.integers(0, 9))
def test_the_order_of_the_rows_does_not_matter(rows, prices, seed):
    log = to_log(rows)
    turned = log.sample(frac=1, random_state=seed).reset_index(drop=True)
    assert cost(turned, prices).programme == pytest.approx(cost(log, prices).programme)


@settings(deadline=None, max_examples=25)
@given(rows=ROWS, prices=PRICES)
def test_what_two_meet_about_is_shared_by_them(rows, prices):
    """A contact of one person is two contacts of half of it each."""
    log = to_log(rows)
    halves = pd.concat([log, log], ignore_index=True).assign(n_participants=2)
    assert cost(halves, prices).programme == pytest.approx(cost(log, prices).programme)


@settings(deadline=None, max_examples=25)
@given(rows=ROWS, prices=PRICES)
def test_the_same_log_costs_the_same_as_usual_services(rows, prices):
    log = to_log(rows)
    programme, usual = cost(log, prices), cost(log, prices, scope="both")
    assert usual.costing.gross is not any(row[0] < 3 for row in rows)
    if not usual.costing.gross:
        assert usual.usual_services == pytest.approx(programme.programme)


def known(ends):
    return None if ends is None else Known(min(ends), max(ends), Standing.GIVEN, None)


SHARES = st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1))


@settings(deadline=None, max_examples=60)
@given(
    left=SHARES,
    cost_=st.none() | st.tuples(st.floats(0, 1e6), st.floats(0, 1e6)),
    tax=SHARES,
    average=SHARES,
    week=st.none() | st.tuples(st.integers(1, 200), st.integers(1, 200)),
    at=st.tuples(*[st.floats(0, 1)] * 5),
)
def test_the_range_of_a_claim_holds_every_case_in_it(left, cost_, tax, average, week, at):
    """One case between the ends of what is known lies between the ends of every step, under either reading."""
    numbers = {"would_have_left": left, "programme_cost": cost_, "municipal_tax": tax, "average_tax": average}
    given_ = {name: known(ends) for name, ends in numbers.items()}
    claim = Claim(
        title=Label("x", "x"),
        on=date(2021, 6, 1),
        saving=known((1e6, 1e6)),
        basis=Basis.NOT_STATED,
        ladder_week=known(week),
        **given_,
    )
    one = {
        name: each and known((each.low + place * (each.high - each.low),) * 2)
        for (name, each), place in zip(given_.items(), at[:4], strict=True)
    }
    chosen = None if week is None else known((min(week), min(week)))
    case = Claim(claim.title, claim.on, claim.saving, Basis.NOT_STATED, ladder_week=chosen, **one)
    for wide, narrow in zip(audit_claim(claim, BOOK).readings, audit_claim(case, BOOK).readings, strict=True):
        for outer, inner in zip(wide.steps, narrow.steps, strict=True):
            assert holds(outer.municipality, inner.municipality)


def holds(outer: Span, inner: Span) -> bool:
    low = outer.low is None or (inner.low is not None and outer.low <= inner.low + 1e-6)
    return low and (outer.high is None or (inner.high is not None and outer.high >= inner.high - 1e-6))
