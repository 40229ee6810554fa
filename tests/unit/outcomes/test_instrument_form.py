import pytest

from ctieval.domain.instrument import Scoring
from ctieval.errors import ProtocolError
from ctieval.outcomes.instrument_form import read_instrument

FORM = """
name = "mood"
title = { da = "Humør", en = "Mood" }
items = 4
range = [1, 5]
reverse = [4, 2]
score = "sum"
minimum_answered = 3
better_when = "lower"
source = { title = "The municipality's own", retrieved = 2026-11-22 }

[[band]]
name = "good"
label = { da = "Godt", en = "Good" }
low = 4
high = 10

[[band]]
name = "bad"
label = "Bad"
low = 11
high = 20
source = { title = "A manual", section = "p. 4", href = "https://example.org", retrieved = 2026-11-22 }
"""


def test_everything_that_is_declared_is_read():
    mood = read_instrument(FORM, "mood.toml")
    assert (mood.name, mood.title.da, mood.items, mood.lowest, mood.highest) == ("mood", "Humør", 4, 1, 5)
    assert (mood.reverse, mood.scoring, mood.minimum_answered, mood.better_when) == ((2, 4), Scoring.SUM, 3, "lower")
    assert mood.score_range == (4.0, 20.0)
    assert mood.scores == tuple(float(score) for score in range(4, 21))
    assert [(band.name, band.label.da, band.low, band.high) for band in mood.bands] == [
        ("good", "Godt", 4.0, 10.0),
        ("bad", "Bad", 11.0, 20.0),
    ]
    assert mood.bands[0].source is None
    assert mood.bands[1].source.section == "p. 4"


def test_reverse_and_bands_may_be_left_out():
    short = "\n".join(line for line in FORM.partition("[[band]]")[0].splitlines() if not line.startswith("reverse"))
    mood = read_instrument(short, "mood.toml")
    assert mood.reverse == mood.bands == ()


@pytest.mark.parametrize(
    ("line", "instead", "key", "said"),
    [
        ("items = 4", "items = 4\nitmes = 4", "itmes", "perhaps items"),
        ("items = 4", "", "items", "a whole number"),
        ("items = 4", "items = 0", "items", "at least 1"),
        ("items = 4", "items = true", "items", "a whole number"),
        ('name = "mood"', 'name = "moods"', "name", "mood"),
        ("range = [1, 5]", "range = [5, 1]", "range", "two whole numbers"),
        ("range = [1, 5]", "range = [1, 3, 5]", "range", "two whole numbers"),
        ("reverse = [4, 2]", "reverse = [5]", "reverse", "from 1 to 4"),
        ("reverse = [4, 2]", "reverse = [2, 2]", "reverse", "different items"),
        ('score = "sum"', 'score = "median"', "score", "sum, mean, percent"),
        ("minimum_answered = 3", "minimum_answered = 5", "minimum_answered", "at most 4"),
        ("minimum_answered = 3", "", "minimum_answered", "a whole number"),
        ('better_when = "lower"', 'better_when = "up"', "better_when", "higher, lower"),
        (
            ', retrieved = 2026-11-22 }\n\n[[band]]\nname = "good"',
            ' }\n\n[[band]]\nname = "good"',
            "source.retrieved",
            "a date",
        ),
        ('title = "A manual"', 'title = ""', "band[2].source.title", "a text"),
        ('en = "Good"', 'uk = "Good"', "band[1].label.uk", "one of"),
        ("low = 11", "low = 12", "band", "from 4 to 20"),
        ("low = 11", "low = 10", "band[2]", "follow each other"),
        ("low = 4", "low = 5", "band", "from 4 to 20"),
        ("high = 20", "high = 21", "band", "from 4 to 20"),
        ('name = "bad"', 'name = "good"', "band", "a name of its own"),
        ("low = 4", 'low = "4"', "band[1].low", "a number"),
        ("items = 4", "items = ", "the syntax", "TOML"),
    ],
)
def test_what_is_wrong_is_said_with_the_key_to_mend(line, instead, key, said):
    assert line in FORM
    with pytest.raises(ProtocolError) as caught:
        read_instrument(FORM.replace(line, instead, 1), "mood.toml")
    error = caught.value
    assert (error.file, error.key) == ("mood.toml", key)
    assert said in error.expected
    assert all((error.found, error.do))


def test_a_gap_is_named_by_the_first_score_in_it():
    with pytest.raises(ProtocolError, match="no band holds the score 11"):
        read_instrument(FORM.replace("low = 11", "low = 13"), "mood.toml")


def test_bands_of_a_mean_may_leave_no_room_for_a_score_between():
    mean = FORM.replace('score = "sum"', 'score = "mean"').replace("low = 4\nhigh = 10", "low = 1\nhigh = 2.5")
    read_instrument(mean.replace("low = 11\nhigh = 20", "low = 2.75\nhigh = 5"), "mood.toml")
    with pytest.raises(ProtocolError, match=r"no band holds the score 2\.75"):
        read_instrument(mean.replace("low = 11\nhigh = 20", "low = 3\nhigh = 5"), "mood.toml")
