"""The catalogues: both languages say the same things, and every code of the library has its sentence."""

import ast
import re
from pathlib import Path

import pytest

import ctieval
from ctieval.domain.cost_benefit import Account, PaymentBasis, View
from ctieval.domain.criterion import ActivityReady, GapRule, InRegister, MinimumAge, MinimumUnemployment
from ctieval.domain.outcome import RETAINED_WEEKS, Amount, BetterWhen, Measure, MeasuredIn, Role, State
from ctieval.domain.outcome_table import Status
from ctieval.domain.posting import Entry
from ctieval.domain.sensitivity import Varied
from ctieval.domain.state_paths import PATH_CURVES, PATH_STATES
from ctieval.domain.units import RateUnit
from ctieval.rates.load import load_rates
from ctieval.report.catalogue import PLACEHOLDER
from ctieval.report.findings import Finding
from ctieval.report.inline import mark
from ctieval.report.municipalities import municipality_names
from ctieval.report.texts import read_texts

SRC = Path(ctieval.__file__).parent
LANGUAGES = ("da", "en")
RULES = "criterion.minimum_unemployment."
COUNTED = [*(each for each in Measure if each not in RETAINED_WEEKS), "retained", "weeks_until_retained"]


def texts_of(lang):
    """Texts of the chapters, without the words of the page itself."""
    return {
        key: text
        for key, text in read_texts(lang).items()
        if not key.startswith(("label.", "reference.", "unit.", "quantity.", "chart."))
    }


def literals(pattern):
    """Text literals of the library that match a pattern, the report and docstrings apart."""
    found = set()
    for path in SRC.rglob("*.py"):
        if "report" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and re.fullmatch(pattern, node.value):
                found.add(node.value)
    return found


def missing_inputs():
    """First arguments of every MissingInput of the library; a placeholder stands for any name."""
    for path in SRC.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "MissingInput":
                yield node.args[0]


def test_both_languages_have_the_same_keys():
    assert read_texts("da").keys() == read_texts("en").keys()


@pytest.mark.parametrize("key", sorted(read_texts("da")))
def test_both_languages_ask_for_the_same_facts_and_references(key):
    da, en = (read_texts(lang)[key] for lang in LANGUAGES)
    assert set(PLACEHOLDER.findall(da)) == set(PLACEHOLDER.findall(en))
    assert _references(da) == _references(en)
    assert da.strip()
    assert en.strip()
    assert mark(da)
    assert mark(en)


def _references(text):
    return sorted(found.lower() for found in re.findall(r"@(?:fig|tab|sec):[\w{}-]+", text, flags=re.IGNORECASE))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nobody_types_a_number(lang):
    typed = {
        key: text
        for key, text in texts_of(lang).items()
        if re.search(r"\d", text.replace("SHA-256", "")) and not key.startswith(f"{RULES}28_days")
    }
    assert typed == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_ends_in_a_space_or_doubles_one(lang):
    assert {key: text for key, text in texts_of(lang).items() if text != " ".join(text.split(" ")).strip()} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_reference_that_begins_a_sentence_begins_with_a_capital(lang):
    lower = re.compile(r"(?:^|[.?!] )@(?:tab|fig|sec):")
    assert {key: text for key, text in texts_of(lang).items() if lower.search(text)} == {}


def test_english_texts_have_no_danish_letters():
    assert {key: text for key, text in texts_of("en").items() if re.search("[æøåÆØÅ]", text)} == {}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_coded_notice_has_its_sentence(lang):
    codes = literals(r"W-[A-Z0-9-]+")
    assert len(codes) > 8
    assert {code for code in codes if f"notice.{code}" not in read_texts(lang)} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_missing_input_has_its_words(lang):
    keys = read_texts(lang).keys()
    plain = {arg.value for arg in missing_inputs() if isinstance(arg, ast.Constant)}
    assert {"screening", "economics.refund"} <= plain
    assert {what for what in plain if not {f"missing.{what}.what", f"missing.{what}.needed"} <= keys} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_method_has_its_words(lang):
    methods = literals(r"[a-z_]+_satterthwaite|constant_per_person_drawn")
    assert len(methods) >= 3
    keys = read_texts(lang).keys()
    assert {m for m in methods if not {f"method.{m}", f"method_name.{m}"} <= keys} == set()
    assert {e for e in literals(r"ate_[a-z]+") if f"estimand.{e}" not in keys} == set()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_criterion_has_its_words(lang):
    spells = (MinimumUnemployment(52, rule, "kontanthjaelp") for rule in GapRule)
    criteria = (InRegister(), MinimumAge(30), ActivityReady(), *spells)
    for criterion in criteria:
        key = criterion.phrase.key
        assert key in read_texts(lang)
        assert f"excluded.{key}" in read_texts(lang)
        assert f"excluded.not_assessable.{key.removeprefix('criterion.')}" in read_texts(lang)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    ("prefix", "names"),
    [
        ("finding", [each.value for each in Finding]),
        ("headline", [each.value for each in Finding]),
        ("net", [each.value for each in Finding]),
        ("summary.list", [each.value for each in Finding]),
        ("role", [each.value for each in Role]),
        ("roles", [each.value for each in Role]),
        ("measured_in", [each.value for each in MeasuredIn]),
        ("better_when", [each.value for each in BetterWhen]),
        ("account", [each.value for each in Account]),
        ("payer", [each.value for each in Account]),
        ("view", [each.value for each in View]),
        ("line", [each.value for each in Entry]),
        ("economy.basis", [each.value for each in PaymentBasis]),
        ("rate_unit", [each.name.lower() for each in RateUnit]),
        ("state", [*PATH_STATES, *(each for each, _ in PATH_CURVES)]),
        ("definition", list(State)),
        ("measure", [*COUNTED, *Amount]),
        ("counted", [*COUNTED, *Amount]),
        ("state", list(State)),
        ("lost_exited", list(BetterWhen)),
        ("appendix.sensitivity.group", list(Varied)),
        ("appendix.sensitivity.gap_rule", list(GapRule)),
        ("fact.benefit", [each.name for each in load_rates().benefits.benefits]),
        ("lost", [each.name.lower() for each in Status if each is not Status.OBSERVED]),
    ],
)
def test_every_member_of_a_closed_list_has_its_words(lang, prefix, names):
    assert [name for name in names if f"{prefix}.{name}" not in read_texts(lang)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_an_undecided_effect_is_never_worded_as_none(lang):
    none = {"da": r"ingen (effekt|virkning|forskel)|ikke nogen effekt|uden effekt", "en": r"\bno (effect|difference)"}
    undecided = [text for key, text in texts_of(lang).items() if key.endswith("inconclusive")]
    assert len(undecided) >= 4
    assert [text for text in undecided if re.search(none[lang], text, flags=re.IGNORECASE)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_one_arm_experienced_is_never_called_an_effect(lang):
    said = {key: text for key, text in texts_of(lang).items() if key.startswith("effects.experienced.")}
    calling = {key for key, text in said.items() if re.search("effe[ck]t", text)}
    assert calling == {"effects.experienced.box"}


def test_there_are_98_municipalities_by_number():
    names = municipality_names()
    assert len(names) == len(set(names.values())) == 98
    assert all(re.fullmatch(r"\d{3}", number) for number in names)
    known = {"153": "Brøndby", "260": "Halsnæs", "461": "Odense", "550": "Tønder", "846": "Mariagerfjord"}
    assert known.items() <= names.items()
