import pytest

from ctieval.domain.wording import Label
from ctieval.errors import ProtocolError
from ctieval.protocol.lines import KeyLines, to_key_lines
from ctieval.protocol.table_reader import TableReader


def reader(**values):
    return TableReader(values, file="trial.toml", name="data", lines=KeyLines({"data": 3}))


WRONG = {
    "an empty text": ("text", "", {}),
    "a number for a text": ("text", 3, {}),
    "true for a cell value": ("cell_value", True, {}),
    "a number with decimals for a cell value": ("cell_value", 1.5, {}),
    "true for a whole number": ("integer", True, {"minimum": 0}),
    "a number below the least": ("integer", 2, {"minimum": 3}),
    "a text for true or false": ("flag", "yes", {"default": False}),
    "a text for a date": ("day", "2018-01-01", {}),
    "a number for a label": ("label", 3, {}),
    "a text for a list": ("texts", "da", {"default": ()}),
    "a list of numbers for texts": ("texts", [1], {"default": ()}),
    "three numbers for a window": ("window", [0, 1, 2], {}),
    "texts for a window": ("window", ["0", "52"], {}),
    "a zero share": ("quotas", 0.0, {}),
    "a negative count": ("quotas", -3, {}),
    "true for a count": ("quotas", True, {}),
    "no share at all": ("quotas", "a third", {}),
    "a division by nothing": ("quotas", "1/0", {}),
    "a text for a table": ("table", "x", {}),
    "a table for a list of tables": ("tables", {"a": 1}, {}),
}


@pytest.mark.parametrize("name", WRONG)
def test_a_value_of_the_wrong_kind_names_key_and_line(name):
    method, value, arguments = WRONG[name]
    with pytest.raises(ProtocolError, match="wrong kind") as caught:
        getattr(reader(key=value), method)("key", **arguments)
    assert (caught.value.key, caught.value.line) == ("data.key", 3)


def test_a_label_in_two_languages():
    assert reader(key={"da": "Uger", "en": "Weeks"}).label("key") == Label("Uger", "Weeks")


def test_a_label_refuses_a_third_language():
    with pytest.raises(ProtocolError, match="nobody reads") as caught:
        reader(key={"da": "Uger", "en": "Weeks", "de": "Wochen"}).label("key")
    assert caught.value.key == "data.key.de"


def test_an_absent_key_is_none_where_it_may_be_and_an_error_where_not():
    assert reader().optional_text("key") is None
    assert reader().optional_day("key") is None
    with pytest.raises(ProtocolError, match="lacks a key"):
        reader().text("key")


def test_lines_are_found_in_tables_and_lists_of_tables():
    lines = to_key_lines('a = 1\n[t]\n"b" = 2\n[[o]]\nc = 3\n[[o]]\nc = 4\n')
    assert [lines.find(key) for key in ("a", "t.b", "o[1].c", "o[2].c", "o", "o[2].missing", "missing")] == [
        1,
        3,
        5,
        7,
        4,
        6,
        None,
    ]
