import tomllib

import pytest

from ctieval.domain.dream_columns import DreamColumns, FullTime
from ctieval.errors import ProtocolError
from ctieval.protocol.dream import read_dream_columns
from ctieval.protocol.lines import KeyLines
from ctieval.protocol.table_reader import TableReader

WHOLE = """
full_time = { degree = 1, hours = 160.33 }
[headings]
birth_date = "foedt"
municipality = "nykom2018"
[meanings.visitation]
3 = "activity_ready"
[meanings.municipality]
"Sø" = "153"
"""


def read(text):
    return read_dream_columns(
        TableReader(tomllib.loads(text), file="trial.toml", name="data.dream", lines=KeyLines(text))
    )


def test_nothing_is_declared_where_the_plan_says_nothing():
    assert read("") == DreamColumns({}, {}, None)


def test_headings_meanings_and_full_time_are_read():
    assert read(WHOLE) == DreamColumns(
        headings={"birth_date": "foedt", "municipality": "nykom2018"},
        meanings={"visitation": {"3": "activity_ready"}, "municipality": {"Sø": "153"}},
        full_time=FullTime(degree=1, hours=160.33),
    )


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("headings = { birthdate = 'x' }", "data.dream.headings.birthdate"),
        ("meanings = { seks = { 1 = 'male' } }", "data.dream.meanings.seks"),
        ("meanings = { sex = { 1 = 'mand' } }", "data.dream.meanings.sex.1"),
        ("full_time = { degree = 1 }", "data.dream.full_time.hours"),
        ("full_time = { degree = 0, hours = 160 }", "data.dream.full_time.degree"),
        ("full_time = { degree = 1, hours = 160, weeks = 4 }", "data.dream.full_time.weeks"),
        ("grad = 1", "data.dream.grad"),
    ],
)
def test_what_nobody_reads_is_refused(text, key):
    with pytest.raises(ProtocolError) as caught:
        read(text)
    assert caught.value.key == key
