import re

import pytest

from ctieval.domain.wording import Phrase
from ctieval.report.catalogue import PLACEHOLDER, Catalogue, MissingTextError, load_catalogue
from ctieval.report.cells import Kind
from ctieval.report.fmt import Fmt
from ctieval.report.inline import mark, spans
from ctieval.report.resolve import Series
from ctieval.report.texts import merge_texts, read_texts

TEXTS = {
    "a": "{n} weeks for **{who}**",
    "few.one": "{n} week",
    "few.other": "{n} weeks",
    "p": "on {benefits} for {weeks}",
    "fact.benefits.kontanthjaelp": "social assistance",
}


@pytest.fixture
def words():
    return Catalogue("en", TEXTS, Fmt("en"))


def test_both_languages_have_the_same_keys():
    assert set(read_texts("da")) == set(read_texts("en"))


def test_both_languages_have_the_same_placeholders():
    danish, english = read_texts("da"), read_texts("en")
    different = [
        key for key in danish if set(PLACEHOLDER.findall(danish[key])) != set(PLACEHOLDER.findall(english[key]))
    ]
    assert different == []


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_text_can_be_marked_and_holds_no_broken_placeholder(lang):
    for key, text in read_texts(lang).items():
        mark(text)
        assert not re.search(r"[{}]", PLACEHOLDER.sub("", re.sub(r"@\w+:[\w{}-]+", "", text))), key
        assert text.strip(), key


@pytest.mark.parametrize("lang", ["da", "en"])
def test_every_series_and_kind_has_its_words(lang):
    texts = read_texts(lang)
    for series in Series:
        assert f"reference.{series.value}" in texts
    for kind in set(Kind) - {Kind.TEXT, Kind.COUNT, Kind.RATIO, Kind.P, Kind.CI}:
        assert f"unit.{kind.value}" in texts
        assert f"quantity.{kind.value}.one" in texts


def test_english_holds_no_danish_letters_outside_the_names_of_municipalities():
    danish = [key for key, text in read_texts("en").items() if re.search("[æøåÆØÅ]", text)]
    assert [key for key in danish if not key.startswith("municipality.")] == []


def test_facts_are_put_in_and_their_marks_mark_nothing(words):
    text = words.text("a", n=1200, who="**x** @fig:y")
    assert "".join(span.text for span in spans(text)) == "1,200 weeks for **x** @fig:y"
    assert spans(text)[-1].bold


def test_a_missing_text_or_fact_raises(words):
    with pytest.raises(MissingTextError, match="has no text b"):
        words.text("b")
    with pytest.raises(KeyError, match="needs the fact who"):
        words.text("a", n=1)


def test_one_and_other(words):
    assert words.counted("few", 1) == "1 week"
    assert words.counted("few", 0) == "0 weeks"


def test_a_fact_that_is_a_code_is_worded(words):
    phrase = Phrase("p", (("weeks", 52), ("benefits", "kontanthjaelp")))
    assert words.phrase(phrase) == "on social assistance for 52"
    assert words.phrase(Phrase("p", (("weeks", 1), ("benefits", "other")))) == "on other for 1"


def test_has_tells_without_raising(words):
    assert words.has("a")
    assert not words.has("b")


def test_the_loaded_catalogue_prints_numbers_in_its_language():
    assert load_catalogue("da").text("chart.counted", n=1200) == "n = 1.200"


def test_a_key_stands_in_one_file_alone():
    with pytest.raises(ValueError, match=r"the text a\.b stands twice, again in two\.toml"):
        merge_texts([("one.toml", 'a.b = "x"'), ("two.toml", '[a]\nb = "y"')])


def test_a_text_is_a_text():
    with pytest.raises(ValueError, match="a is not a text"):
        merge_texts([("one.toml", "a = 3")])
