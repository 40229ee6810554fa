"""Rate files: what is refused, and that the message names the file and the key."""

from datetime import date

import pytest

from ctieval.domain.units import RateUnit
from ctieval.errors import RateError
from ctieval.rates.benefit import Financing
from ctieval.rates.rate import Abolition, Amount, Payer, Schedule
from ctieval.rates.read import read_benefits, read_rate

SOURCE = 'source = { title = "Order", section = "s. 1", href = "https://example.org", retrieved = 2026-01-01 }'

DAYS = "from = 2018-01-01\nvalid_through = 2018-12-31"


def rate_text(*values: str, head: str = 'unit = "dkk/month"') -> str:
    entries = "".join(f"\n[[value]]\n{value}" for value in values)
    return f'name = "x"\ndescription = "An x"\n{head}\n{entries}'


def amount(day: str, number: object, until: str = "2020-12-31") -> str:
    return f"from = {day}\nvalid_through = {until}\namount = {number}\n{SOURCE}"


def abolished(day: str) -> str:
    return f'from = {day}\namount = "none"\n{SOURCE}'


def test_a_rate_is_read_as_it_stands():
    rate = read_rate(
        rate_text(
            amount("2018-01-01", 100, until="2018-12-31"),
            abolished("2019-01-01"),
            head='unit = "dkk/week"\npayer = "municipality"',
        ),
        "x.toml",
    )
    assert (rate.name, rate.unit, rate.payer) == ("x", RateUnit.DKK_PER_WEEK, Payer.MUNICIPALITY)
    assert rate.valid_through == date.max
    assert [type(value) for value in rate.values] == [Amount, Abolition]
    assert rate.values[0].source.retrieved == date(2026, 1, 1)
    assert rate.covers == "2018-01-01 to 2018-12-31"


def test_a_rate_may_hold_for_a_day_and_come_back_after_it_was_abolished():
    text = rate_text(amount("2018-01-01", 1, until="2018-01-01"), abolished("2018-01-02"), amount("2020-01-01", 2))
    rate = read_rate(text, "x.toml")
    assert rate.covers == "2018-01-01 to 2018-01-01; 2020-01-01 to 2020-12-31"
    assert rate.valid_through == date(2020, 12, 31)


def test_a_schedule_is_read_as_it_stands():
    steps = f"{DAYS}\nsteps = [{{ start = 1, amount = 0.8 }}, {{ start = 5, amount = 0.4 }}]\n{SOURCE}"
    rate = read_rate(rate_text(steps, head='unit = "share"'), "x.toml")
    (value,) = rate.values
    assert isinstance(value, Schedule)
    assert [(step.start, step.amount) for step in value.steps] == [(1, 0.8), (5, 0.4)]


def test_marks_of_a_source_are_carried():
    marked = amount("2018-01-01", 1).replace("}", ", secondary = true, simulated = true }")
    (value,) = read_rate(rate_text(marked), "x.toml").values
    assert value.source.secondary
    assert value.source.simulated


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        pytest.param(rate_text(amount("2018-01-01", 1), head='unit = "kr"'), "x.toml, unit", "kr", id="unit"),
        pytest.param(
            rate_text(amount("2018-01-01", 1), head='unit = "dkk"\npayer = "king"'), "x.toml, payer", "king", id="payer"
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1), head='unit = "dkk"\nuprating = "cpi"'),
            "x.toml",
            "unknown key uprating",
            id="unknown key",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1) + "\nnote = 1"), "x.toml, value[1]", "unknown key note", id="deep key"
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1).replace('section = "s. 1"', 'page = "1"')),
            "x.toml, value[1].source",
            "unknown key page",
            id="key of a source",
        ),
        pytest.param(
            rate_text("from = 2018-01-01\nvalid_through = 2018-12-31\namount = 1"),
            "x.toml, value[1]",
            "no key source",
            id="no source",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1).replace("valid_through = 2020-12-31\n", "")),
            "x.toml, value[1]",
            "no key valid_through",
            id="nobody says until when it was verified",
        ),
        pytest.param(
            rate_text(abolished("2018-01-01").replace("amount", "valid_through = 2018-12-31\namount")),
            "x.toml, value[1]",
            "unknown key valid_through",
            id="an abolition lasts",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1).replace('"Order"', '" "')),
            "x.toml, value[1].source.title",
            "nothing",
            id="source without a title",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", '"?"')), "x.toml, value[1].amount", "to be filled in", id="place keeper"
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1).replace(", retrieved = 2026-01-01", "")),
            "x.toml, value[1].source",
            "no key retrieved",
            id="source without a day",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1).replace("from = 2018-01-01\n", "")),
            "x.toml, value[1]",
            "no key from",
            id="no first day",
        ),
        pytest.param(
            rate_text(amount('"2018-01-01"', 1)), "x.toml, value[1].from", "a str", id="day in quotation marks"
        ),
        pytest.param(
            rate_text(amount("2018-01-01T00:00:00", 1)), "x.toml, value[1].from", "a datetime", id="day with a clock"
        ),
        pytest.param(rate_text(amount("2018-01-01", "true")), "x.toml, value[1].amount", "a bool", id="truth"),
        pytest.param(rate_text(amount("2018-01-01", -1)), "x.toml, value[1].amount", "-1", id="negative"),
        pytest.param(rate_text(amount("2018-01-01", "nan")), "x.toml, value[1].amount", "nan", id="not a number"),
        pytest.param(rate_text(amount("2018-01-01", "inf")), "x.toml, value[1].amount", "inf", id="infinite"),
        pytest.param(rate_text(amount("2018-01-01", '"free"')), "x.toml, value[1].amount", "free", id="word"),
        pytest.param(
            rate_text(amount("2018-01-01", 1.2), head='unit = "share"'),
            "x.toml, value[1].amount",
            "1.2",
            id="share over 1",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1), amount("2018-01-01", 2)),
            "x.toml, value[2].from",
            "2018-01-01 twice",
            id="day twice",
        ),
        pytest.param(
            rate_text(amount("2019-01-01", 1), amount("2018-01-01", 2)),
            "x.toml, value[2].from",
            "2018-01-01 after 2019-01-01",
            id="days not in order",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1, until="2017-12-31")),
            "x.toml, value[1].valid_through",
            "2017-12-31",
            id="verified before it starts",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1, until="2018-12-31"), amount("2019-02-01", 2)),
            "x.toml, value[2].from",
            "2019-02-01, a gap: the value before it is valid through 2018-12-31",
            id="gap",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1, until="2019-01-31"), amount("2019-01-01", 2)),
            "x.toml, value[2].from",
            "an overlap",
            id="overlap",
        ),
        pytest.param(rate_text() + "value = []", "x.toml", "no value", id="no value"),
        pytest.param(rate_text() + "value = [1]", "x.toml, value[1]", "a int", id="value that is no table"),
        pytest.param(rate_text(f"{DAYS}\nsteps = []\n{SOURCE}"), "x.toml, value[1].steps", "[]", id="no steps"),
        pytest.param(
            rate_text(f"{DAYS}\nsteps = [{{ start = 5, amount = 1 }}, {{ start = 1, amount = 2 }}]\n{SOURCE}"),
            "x.toml, value[1].steps",
            "[5, 1]",
            id="steps not in order",
        ),
        pytest.param(
            rate_text(f"{DAYS}\nsteps = [{{ week = 5, amount = 1 }}]\n{SOURCE}"),
            "x.toml, value[1].steps[1]",
            "unknown key week",
            id="key of a step",
        ),
        pytest.param(
            rate_text(amount("2018-01-01", 1)).replace('name = "x"', 'name = "y"'), "x.toml", "the name y", id="name"
        ),
        pytest.param(rate_text(amount("2018-31-01", 1)), "x.toml", "line", id="day and month swapped"),
        pytest.param(rate_text(amount("2018-01-01", 1)) + "\namount = 2", "x.toml", "overwrite", id="key twice"),
    ],
)
def test_a_broken_rate_file_is_refused(text: str, where: str, found: str):
    with pytest.raises(RateError) as refused:
        read_rate(text, "x.toml")
    assert refused.value.where == where
    assert found in refused.value.found


BENEFIT = f"""
[[benefit]]
name = "b"
description = "A benefit"
codes = ["730-731", "733"]
provider = "p"
other = "o"
financing = "refund_ladder"
{SOURCE}
"""


def test_benefits_are_read_as_they_stand():
    table = read_benefits('without_benefit = ["0", "121-123"]' + BENEFIT, "benefits.toml")
    (benefit,) = table.benefits
    assert table.without_benefit == {0, 121, 122, 123}
    assert benefit.codes == {730, 731, 733}
    assert (benefit.provider, benefit.other, benefit.financing) == ("p", "o", Financing.REFUND_LADDER)


def test_an_overlay_replaces_a_benefit_by_name_and_adds_others():
    base = read_benefits('without_benefit = ["0"]' + BENEFIT, "benefits.toml")
    own = BENEFIT.replace('"o"', '"own"') + BENEFIT.replace('"b"', '"c"').replace('"730-731", "733"', '"521"')
    table = read_benefits(own, "benefits.toml", base)
    assert [(each.name, each.other) for each in table.benefits] == [("b", "own"), ("c", "o")]
    assert table.without_benefit == {0}
    assert read_benefits('without_benefit = ["0", "5"]', "benefits.toml", base).without_benefit == {0, 5}


@pytest.mark.parametrize(
    ("text", "where", "found"),
    [
        (BENEFIT, "benefits.toml", "no key without_benefit"),
        ('without_benefit = ["730"]' + BENEFIT, "benefits.toml", "the code 730 in without_benefit and in b"),
        ('without_benefit = ["a"]', "benefits.toml, without_benefit", "no code"),
        ("without_benefit = [730]", "benefits.toml, without_benefit", "no code"),
        (
            "without_benefit = []" + BENEFIT.replace("refund_ladder", "lottery"),
            "benefits.toml, benefit[1].financing",
            "lottery",
        ),
        (
            "without_benefit = []" + BENEFIT.replace("other", "others"),
            "benefits.toml, benefit[1]",
            "unknown key others",
        ),
        ("without_benefit = []" + BENEFIT.replace(SOURCE, ""), "benefits.toml, benefit[1]", "no key source"),
    ],
)
def test_a_broken_table_of_benefits_is_refused(text: str, where: str, found: str):
    with pytest.raises(RateError) as refused:
        read_benefits(text, "benefits.toml")
    assert refused.value.where == where
    assert found in refused.value.found
