"""A claim is read from its file strictly, and the shipped forms can be read."""

import re

import pytest

from ctieval.domain.claim import Background, Basis, Standing
from ctieval.errors import InputError, ProtocolError
from ctieval.protocol.claim import EXAMPLE, load_claim, load_example, write_claim_form

LEAST = """
[claim]
title = "A claim"
on = 2023-01-25
saving = 1000
basis = "gross"
source = { title = "A page", retrieved = 2026-01-01 }
"""


@pytest.fixture
def read(tmp_path):
    """A function that reads a claim from the least text and more of it."""

    def load(more="", old="", new=""):
        path = tmp_path / "claim.toml"
        path.write_text((LEAST.replace(old, new) if old else LEAST) + more, encoding="utf-8")
        return load_claim(path)

    return load


def test_the_least_claim_has_nothing_but_its_amount(read):
    found = read()
    assert (found.saving.low, found.basis, found.saving.standing) == (1000, Basis.GROSS, Standing.STATED)
    assert (found.would_have_left, found.programme_cost, found.control_group, found.background) == (None,) * 3 + ((),)


def test_a_section_has_its_own_standing(read):
    source = 'source = { title = "T", retrieved = 2026-01-01'
    found = read(
        f"[counterfactual]\nwould_have_left = [0.3, 0.5]\n{source}, illustrative = true }}\n"
        f"[programme]\ncost = 20\n{source} }}\n[tax]\nmunicipal = 0.25\n"
    )
    assert (found.would_have_left.low, found.would_have_left.high) == (0.3, 0.5)
    assert found.would_have_left.standing is Standing.ILLUSTRATIVE
    assert found.programme_cost.standing is Standing.SOURCED
    assert (found.municipal_tax.standing, found.municipal_tax.source) == (Standing.GIVEN, None)
    assert found.average_tax is None


def test_the_background_is_the_claims_own(read):
    found = read("[background]\ncontrol_group = false\nself_supporting = 0.3\nperiod_months = 12\n")
    assert found.control_group.low == 0
    assert [each for each, _ in found.background] == [Background.SELF_SUPPORTING, Background.PERIOD_MONTHS]


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("saving = 1000", "saving = -1", "claim.saving"),
        ("saving = 1000", "saving = inf", "claim.saving"),
        ("saving = 1000", 'saving = "3.8 mio."', "claim.saving"),
        ("saving = 1000", "saving = [2, 1]", "claim.saving"),
        ("saving = 1000", "saving = [1]", "claim.saving"),
        ("saving = 1000", "saving = true", "claim.saving"),
        ("saving = 1000", "", "claim.saving"),
        ('basis = "gross"', 'basis = "brutto"', "claim.basis"),
        ("on = 2023-01-25", 'on = "januar"', "claim.on"),
        ('title = "A page", ', "", "claim.source.title"),
        ('basis = "gross"', 'basis = "gross"\nprice = 1', "claim.price"),
    ],
)
def test_what_cannot_be_read_names_the_key(read, old, new, key):
    with pytest.raises(ProtocolError) as caught:
        read(old=old, new=new)
    assert caught.value.key == key
    assert "plan" not in caught.value.what
    assert "the claim" in caught.value.what


@pytest.mark.parametrize(
    ("more", "key"),
    [
        ("[counterfactual]\nwould_have_left = 40\n", "counterfactual.would_have_left"),
        ("[ladder]\nweek = 0\n", "ladder.week"),
        ("[programme]\nprice = 1\n", "programme.price"),
        ("[program]\ncost = 1\n", "program"),
        ("[background]\nperiod = 12\n", "background.period"),
        ("[tax]\nsource = 1\n", "tax.source"),
    ],
)
def test_a_section_is_read_as_strictly(read, more, key):
    with pytest.raises(ProtocolError) as caught:
        read(more)
    assert caught.value.key == key


def test_a_file_that_is_not_there_or_no_toml(tmp_path):
    with pytest.raises(InputError) as caught:
        load_claim(tmp_path / "none.toml")
    assert "ctieval claim template" in caught.value.do
    (tmp_path / "bad.toml").write_text("saving = 3.800.000", encoding="utf-8")
    with pytest.raises(ProtocolError) as caught:
        load_claim(tmp_path / "bad.toml")
    assert caught.value.what == "the claim is not TOML"


def test_the_form_can_be_read_as_it_stands_and_filled_in(tmp_path):
    path = write_claim_form(tmp_path / "claim.toml")
    assert load_claim(path).would_have_left is None
    text = path.read_text(encoding="utf-8")
    lines = re.sub(r"(?m)^# (?=\[\w+\]$|\w+ = )", "", text).replace('title = ""', 'title = "T"')
    path.write_text(lines, encoding="utf-8")
    filled = load_claim(path)
    assert (filled.would_have_left.low, filled.ladder_week.low, filled.programme_cost.low) == (0.4, 53, 1_500_000)
    assert (filled.municipal_tax.low, filled.control_group.low, len(filled.background)) == (0.25, 0, 3)


def test_no_file_is_replaced(tmp_path):
    path = write_claim_form(tmp_path / "claim.toml", form=EXAMPLE)
    assert load_claim(path) == load_example()
    with pytest.raises(InputError):
        write_claim_form(path)
