import numpy as np
import pytest

from ctieval.domain.outcome import Amount, AmountOutcome, BetterWhen, FullTime, Measure, State
from ctieval.domain.outcome_table import Status
from ctieval.domain.window import Window
from ctieval.errors import ProtocolError
from ctieval.outcomes.measures import needed_weeks, to_value
from ctieval.outcomes.track import track
from ctieval.registers.kernels.payments import PaidPeriods, PricedWeeks, to_weekly_rates

LOWER = BetterWhen.LOWER
DRAWN = "2018-01-08"


@pytest.fixture
def amount_of(make_outcome):
    """An outcome of an amount over the first four weeks."""

    def made(amount, **changes):
        common = {name: getattr(make_outcome(), name) for name in ("name", "label", "role", "better_when")}
        return AmountOutcome(**{**common, "amount": amount, "window": Window(0, 4), **changes})

    return made


@pytest.fixture
def value_of(follow, make_outcome):
    """The value of a measure of supported jobs for one person with these letters by week: f flexjob, k benefit."""

    def found(measure, weeks, **changes):
        code = [[{"f": 771, "k": 730, "d": 999}[week] for week in weeks]]
        changes = {"window": Window(0, 20), **changes}
        outcome = make_outcome(state=State.SUPPORTED_JOB, measure=measure, **changes)
        table = follow([outcome], code, day=DRAWN)
        return table.values[0, 0] if table.status[0, 0] == Status.OBSERVED else Status(table.status[0, 0])

    return found


@pytest.mark.parametrize(
    ("measure", "needed"),
    [
        (Measure.WEEKS, Window(4, 30)),
        (Measure.EVER, Window(4, 30)),
        (Measure.WEEKS_UNTIL_FIRST, Window(4, 30)),
        (Measure.AT_END, Window(29, 30)),
        (Measure.RETAINED_13, Window(3, 42)),
        (Measure.RETAINED_26, Window(3, 55)),
        (Measure.WEEKS_UNTIL_RETAINED_52, Window(3, 81)),
    ],
)
def test_the_weeks_that_a_measure_needs(measure, needed, make_outcome):
    assert needed_weeks(make_outcome(measure=measure, window=Window(4, 30))) == needed


def test_an_amount_needs_its_window(amount_of):
    assert needed_weeks(amount_of(Amount.EARNINGS)) == Window(0, 4)


def spells(*runs, weeks=34):
    """Weeks from the one before the draw, in a job in the runs of weeks (first, end) counted from the draw."""
    return "".join("f" if any(first <= week < end for first, end in runs) else "k" for week in range(-1, weeks - 1))


@pytest.mark.parametrize(
    ("runs", "retained", "wait"),
    [
        ([(0, 13)], 1.0, 0.0),
        ([(0, 12)], 0.0, 20.0),
        ([(-1, 13)], 0.0, 20.0),
        ([(-1, 32)], 0.0, 20.0),
        ([(-1, 2), (3, 16)], 1.0, 3.0),
        ([(0, 12), (13, 25)], 0.0, 20.0),
        ([(19, 32)], 1.0, 19.0),
        ([(20, 32)], 0.0, 20.0),
        ([(19, 31)], 0.0, 20.0),
        ([(2, 32)], 1.0, 2.0),
        ([], 0.0, 20.0),
    ],
)
def test_retention_is_one_unbroken_spell_that_starts_in_the_window(runs, retained, wait, value_of):
    assert value_of(Measure.RETAINED_13, spells(*runs)) == retained
    assert value_of(Measure.WEEKS_UNTIL_RETAINED_13, spells(*runs), better_when=LOWER) == wait


@pytest.mark.parametrize(("measure", "length"), [(Measure.RETAINED_26, 26), (Measure.RETAINED_52, 52)])
def test_longer_retention_needs_its_own_length(measure, length, value_of):
    found = [value_of(measure, spells((3, 3 + weeks), weeks=80)) for weeks in (length, length - 1)]
    assert found == [1.0, 0.0]


@pytest.mark.parametrize(
    ("runs", "wait"), [([(0, 1)], 0.0), ([(-1, 20)], 0.0), ([(5, 6), (9, 20)], 5.0), ([(20, 25)], 20.0), ([], 20.0)]
)
def test_who_never_enters_a_state_has_waited_the_whole_window(runs, wait, value_of):
    assert value_of(Measure.WEEKS_UNTIL_FIRST, spells(*runs), better_when=LOWER) == wait


def test_the_window_need_not_begin_with_the_draw(value_of):
    later = {"window": Window(4, 14), "better_when": LOWER}
    assert value_of(Measure.WEEKS_UNTIL_FIRST, spells((6, 9)), **later) == 2.0
    assert value_of(Measure.WEEKS_UNTIL_FIRST, spells((2, 9)), **later) == 0.0
    assert value_of(Measure.WEEKS_UNTIL_FIRST, spells((2, 3)), **later) == 10.0


def test_death_is_never_a_short_wait_nor_a_long_one_that_is_good(value_of):
    """Waiting for a job, the dead wait to the end; waiting for what is better late, they have no value."""
    dead = "kkk" + "d" * 31
    assert value_of(Measure.WEEKS_UNTIL_FIRST, dead, better_when=LOWER) == 20.0
    assert value_of(Measure.WEEKS_UNTIL_FIRST, dead) == Status.EXITED


def test_the_state_at_a_week_needs_that_week_alone(value_of):
    assert value_of(Measure.AT_WEEK, spells((7, 8), weeks=9), window=Window(7, 8)) == 1.0
    assert value_of(Measure.AT_WEEK, spells((7, 8), weeks=10), window=Window(8, 9)) == 0.0
    assert value_of(Measure.AT_WEEK, spells((7, 8), weeks=9), window=Window(8, 9)) == Status.FOLLOW_UP_ENDED


def test_transition_is_another_thing_than_retention(value_of):
    short = spells((5, 6))
    assert value_of(Measure.EVER, short) == 1.0
    assert value_of(Measure.RETAINED_13, short) == 0.0
    assert value_of(Measure.WEEKS, short) == 1.0


def test_a_wait_is_in_weeks_and_less_of_it_is_more_of_the_state(make_outcome):
    wait = make_outcome(measure=Measure.WEEKS_UNTIL_FIRST, better_when=LOWER)
    assert (wait.unit, wait.state_is_better) == ("weeks", BetterWhen.HIGHER)
    assert make_outcome(measure=Measure.AT_WEEK).unit == "share"


def test_an_exit_soon_can_be_declared_no_success(follow, make_outcome):
    soon = make_outcome(state=State.EXIT, measure=Measure.WEEKS_UNTIL_FIRST, better_when=LOWER)
    with pytest.raises(ProtocolError, match="never a success"):
        follow([soon], [[730] * 4])


# January 2018 has four Thursdays, March five; the draw is in the second week of January.


def one(table):
    return table.values[0, 0] if table.status[0, 0] == Status.OBSERVED else Status(table.status[0, 0])


@pytest.fixture
def earned(amount_of, make_registers, drawn_on, codes):
    """Earnings of one person with these codes by week from the first of 2018, and these kroner by month."""

    def found(outcome, code, kroner):
        months = np.array([kroner], dtype=np.float64)
        registers = make_registers([code], np.where(months > 0, 10.0, 0.0 * months), months)
        return one(track((outcome,), drawn_on([1], DRAWN), registers, codes))

    return found


@pytest.mark.parametrize(
    ("weeks", "kroner"), [(1, 1000.0), (3, 3000.0), (4, 3000 + 2001 / 4), (7, 3000 + 2001), (8, 3000 + 2001 + 1000 / 5)]
)
def test_a_week_has_its_share_of_the_month_of_its_thursday(weeks, kroner, amount_of, earned):
    outcome = amount_of(Amount.EARNINGS, window=Window(0, weeks))
    assert earned(outcome, [730] * 12, [4000, 2001, 1000, 0]) == kroner


def test_earnings_in_a_month_that_nobody_knows_are_not_observed_for_anybody(amount_of, earned):
    outcome = amount_of(Amount.EARNINGS)
    assert earned(outcome, [730] * 12, [4000, np.nan]) == Status.FOLLOW_UP_ENDED
    assert earned(outcome, [0] * 12, [4000]) == Status.FOLLOW_UP_ENDED


def test_what_is_paid_after_a_death_is_no_gain(amount_of, earned):
    outcome, code = amount_of(Amount.EARNINGS), [730] * 3 + [999] * 9
    assert earned(outcome, code, [4000, 4000]) == 2000.0
    assert earned(amount_of(Amount.EARNINGS, better_when=LOWER), code, [4000, 4000]) == Status.EXITED


def test_hours_are_measured_against_the_full_time_of_the_plan(follow, amount_of):
    outcome = amount_of(Amount.ORDINARY_HOURS_SHARE, full_time=FullTime(160.0, "made up"))
    assert one(follow([outcome], [[730] * 12], hours=40.0, day=DRAWN)) == 0.25
    assert one(follow([outcome], [[0] * 12], hours=200.0, day=DRAWN)) == 1.25
    assert outcome.unit == "proportion"


def test_a_share_of_hours_without_full_time_is_a_fault_of_the_caller(amount_of):
    with pytest.raises(TypeError, match="full-time"):
        to_value(np.zeros(1), amount_of(Amount.ORDINARY_HOURS_SHARE), np.array([2505]))


@pytest.mark.parametrize(
    ("code", "better", "changes"),
    [
        ([730, 771, 771, 730, 737], BetterWhen.HIGHER, 2.0),
        ([730, 730, 730, 730, 730], BetterWhen.HIGHER, 0.0),
        ([771, 730, 731, 730, 730], BetterWhen.HIGHER, 2.0),
        ([730, 730, 771, 999, 999], BetterWhen.HIGHER, 1.0),
        ([730, 730, 771, 999, 999], LOWER, Status.EXITED),
        ([730, 730, 771, 997, 730], BetterWhen.HIGHER, Status.EXITED),
        ([730, 730, 0, 0, 730], BetterWhen.HIGHER, 2.0),
    ],
)
def test_changes_are_counted_within_the_window_and_an_exit_is_none(code, better, changes, follow, amount_of):
    outcome = amount_of(Amount.STATE_CHANGES, better_when=better)
    assert one(follow([outcome], [code], day=DRAWN)) == changes


@pytest.fixture
def paid(amount_of, make_registers, drawn_on, codes):
    """Kroner of benefits of persons with these codes, drawn in the second week of 2018."""

    def found(code, payments):
        outcome = amount_of(Amount.BENEFIT_KRONER, better_when=LOWER)
        return track((outcome,), drawn_on([1] * len(code), DRAWN), make_registers(code), codes, payments=payments)

    return found


def test_kroner_of_a_period_are_spread_over_its_days(paid):
    """Two payments: fifteen days of which twelve lie in the four weeks, and two days that all do."""
    days = np.array(["2018-01-05", "2018-02-01"], dtype="datetime64[D]").astype(np.int64)
    periods = PaidPeriods(np.zeros(2, np.int32), days, days + np.array([15, 2]), np.array([1500.0, 77.0]))
    assert one(paid([[730] * 6], periods)) == 1200 + 77
    assert one(paid([[730] * 4], periods)) == Status.FOLLOW_UP_ENDED


def priced(unknown):
    rates = tuple(to_weekly_rates([730], np.full((1, 12), oere), 2505) for oere in (100_050, 200_000))
    without = to_weekly_rates([890], np.full((1, 12), unknown), 2505)
    return PricedWeeks(np.arange(2, dtype=np.int32), np.array([0, 1]), rates, (without, without))


def test_weeks_are_priced_by_the_group_of_the_person(paid):
    assert paid([[730] * 6, [730, 0, 730, 730, 0, 0]], priced(1)).values[:, 0].tolist() == [4002.0, 4000.0]


@pytest.mark.parametrize(
    ("weeks", "expected"),
    [
        ([730, 890, 730, 730, 0, 0], [Status.NOT_PRICED, Status.NOT_PRICED]),
        ([730, 730, 730, 730, 0, 890], [Status.OBSERVED, Status.OBSERVED]),
        ([730, 890, 730, 730, 997, 0], [Status.OBSERVED, Status.EXITED]),
    ],
)
def test_where_one_benefit_has_no_rate_kroner_are_measured_of_nobody(weeks, expected, paid):
    assert paid([[730] * 6, weeks], priced(1)).status[:, 0].tolist() == expected


def test_kroner_without_what_was_paid_are_refused(paid):
    with pytest.raises(ProtocolError, match="what they paid"):
        paid([[730] * 6], None)
