"""ctieval claim: audit and template."""

import csv
import io
import json

import pytest


def test_the_example_is_audited_in_danish(call):
    code, out, err = call("claim", "audit")
    assert code == 0
    assert "højst 3.800" in out
    assert "IKKE ÅRSAGSSAMMENHÆNG" in err
    assert "[2] Act on the municipalities' financing" in err
    assert "Ikke dokumenteret, og hvad der skal til: Hvad indsatsen kostede: [programme]" in err


def test_exact_numbers_are_for_machines(call):
    code, out, _ = call("claim", "audit", "--basis", "gross", "--would-have-left", "0.4", "--format", "json")
    rows = {(row["reading"], row["step"]): row for row in json.loads(out)}
    assert code == 0
    refund = rows["gross", "refund"]
    assert (refund["left_low"], refund["left_high"]) == (pytest.approx(0.456e6), pytest.approx(1.824e6))
    assert (refund["state_low"], refund["state_high"]) == (pytest.approx(0.456e6), pytest.approx(1.824e6))
    assert rows["gross", "counterfactual"]["standing"] == "given"
    assert rows["gross", "programme_cost"]["left_low"] is None
    assert rows["", "control_group"]["standing"] == "not_documented"
    assert {row["causal"] for row in rows.values()} == {0}


def test_csv_has_the_same_columns_in_every_row(call):
    code, out, _ = call("claim", "audit", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(out)))
    assert code == 0
    assert len(rows) == 4 + 2 * (7 + 1) + 2
    assert rows[-1]["step"] == "after_equalisation"


def test_a_claim_of_ones_own(call, tmp_path):
    path = tmp_path / "claim.toml"
    assert call("claim", "template", path)[0] == 0
    text = path.read_text(encoding="utf-8").replace('basis = "not_stated"', 'basis = "net_of_refund"')
    known = "[background]\ncontrol_group = true\nparticipants = 120\n[ladder]\nweek = 53\n[programme]\ncost = 1500000\n"
    share = '[counterfactual]\nwould_have_left = 0.4\nsource = { title = "T", retrieved = 2026-01-01 }\n'
    path.write_text(text + known + share, encoding="utf-8")
    code, out, err = call("claim", "audit", path, "--lang", "en", "--cost", "1000000")
    assert code == 0
    assert "1,280" in out
    assert "taken off" in out
    assert "yes" in out
    assert "Causal: what would have come anyway was measured in a control group." in err


def test_own_rates_are_laid_over(call, tmp_path):
    rate = """name = "municipal_tax"
description = "Made up"
unit = "share"
[[value]]
from = 2020-01-01
valid_through = 2030-01-01
amount = 0.25
source = { title = "T", section = "", href = "", retrieved = 2026-01-01 }
"""
    (tmp_path / "municipal_tax.toml").write_text(rate, encoding="utf-8")
    code, out, _ = call("claim", "audit", "--rates", tmp_path, "--format", "json")
    found = {row["step"]: row for row in json.loads(out) if row["reading"] == "gross"}
    assert code == 0
    assert (found["own_tax"]["standing"], found["own_tax"]["number_low"]) == ("rate_book", 0.25)


def test_errors_leave_by_their_code(call, tmp_path):
    assert call("claim", "audit", tmp_path / "none.toml")[0] == 10
    (tmp_path / "bad.toml").write_text("[claim]\n", encoding="utf-8")
    code, _, err = call("claim", "audit", tmp_path / "bad.toml")
    assert code == 13
    assert "the claim lacks a key" in err
    (tmp_path / "there.toml").write_text("", encoding="utf-8")
    assert call("claim", "template", tmp_path / "there.toml")[0] == 10


def test_the_example_can_be_written(call, tmp_path):
    code, out, _ = call("claim", "template", tmp_path / "broendby.toml", "--example")
    assert code == 0
    assert (tmp_path / "broendby.toml").exists()
    assert out.strip() == str(tmp_path / "broendby.toml")
