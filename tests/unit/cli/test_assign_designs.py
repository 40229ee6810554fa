"""Draws of other designs than the simulated trial's own, from its plan to its record and its results."""

import csv
import io
import json
import re

import pytest

PLANNED = 'block = "municipality"\ndrawn = { "153" = 120, "260" = 80, "550" = 110, "846" = 85, "849" = 85 }\n'


@pytest.fixture
def planned(undrawn):
    """The trial with another table of assignment."""

    def plan(assignment, *, arms=None):
        path = undrawn / "trial.toml"
        text = path.read_text(encoding="utf-8").replace(PLANNED, assignment + "\n")
        path.write_text(re.sub(r"arms = \{.*\}", f"arms = {arms}", text) if arms else text, encoding="utf-8")
        return undrawn

    return plan


def rows_of(out):
    return list(csv.DictReader(io.StringIO(out)))


def test_three_arms_are_drawn_verified_and_estimated(call, planned):
    trial = planned(
        'block = "municipality"\ndrawn = ["1/4", 0.3]',
        arms='{ intervention = ["Forløb", "Kursus"], control = "Kontrol" }',
    )
    code, out, err = call("assign", trial, "--drawn-by", "K. Jensen", "--format", "csv")
    assert code == 0, err
    for row in rows_of(out):
        numbers = {arm: int(row[arm]) for arm in ("control", "intervention", "Kursus")}
        n = sum(numbers.values())
        shares = {"control": 0.45, "intervention": 0.25, "Kursus": 0.3}
        assert all(abs(numbers[arm] - n * share) < 1 for arm, share in shares.items())
    record = json.loads((trial / "allocation.json").read_bytes())["record"]
    assert record["arms"] == {"0": "Kontrol", "1": "Forløb", "2": "Kursus"}
    assert record["drawn_by"] == "K. Jensen"
    assert record["drawn_at"].endswith("+00:00")
    assert call("verify", trial / "allocation.json", "--trial", trial)[0] == 0
    code, out, err = call("evaluate", trial, "--format", "csv")
    assert code == 0, err
    assert {row["contrast"] for row in rows_of(out)} == {"Forløb - Kontrol", "Kursus - Kontrol"}
    assert "W-SEVERAL-INTERVENTIONS" in err


def test_pairs_are_drawn_and_told_together(call, planned):
    trial = planned('design = "matched"\ncovariates = ["age_years", "benefit_weeks_52", "provider"]\ndrawn = 1')
    code, out, err = call("check", trial, "--format", "csv")
    assert code == 0, err
    assert "eligible" in out
    code, out, err = call("assign", trial, "--format", "csv")
    assert code == 0, err
    (row,) = rows_of(out)
    assert abs(int(row["control"]) - int(row["intervention"])) <= 1
    code, out, _ = call("verify", trial / "allocation.json", "--trial", trial, "--format", "csv")
    assert code == 0
    assert {row["check"]: row["holds"] for row in rows_of(out)}["matching"] == "yes"
    code, out, err = call("evaluate", trial, "--format", "csv")
    assert code == 0, err
    assert {row["method"] for row in rows_of(out)} == {"hybrid_difference_pashley_miratrix_satterthwaite"}
    code, _, err = call("report", trial, "--out", trial / "rapport")
    assert code == 0, err


def test_places_are_drawn_and_a_municipality_with_places_for_all_is_told(call, planned):
    trial = planned(
        'design = "waiting_list"\ndraw = "capacity"\nweeks = 104\nblock = "municipality"\n'
        'places = { "153" = 120, "260" = 80, "550" = 900, "846" = 85, "849" = 85 }'
    )
    code, out, err = call("assign", trial, "--format", "csv")
    assert code == 0, err
    assert {row["block"]: row["control"] for row in rows_of(out)}["550"] == "0"
    assert "W-PLACES-FOR-ALL: 550" in err
    code, out, err = call("evaluate", trial, "--format", "json")
    assert code == 0, err
    first = json.loads(out)[0]
    assert first["method"] == "blocked_difference_neyman_satterthwaite"
    assert first["n_treated"] <= 120 + 80 + 85 + 85
    assert call("report", trial, "--format", "html")[0] == 0
    (page,) = trial.rglob("rapport.html")
    assert "Alle deltagere får tilbudt indsatsen" in page.read_text(encoding="utf-8")


def test_whole_job_centres_are_drawn(call, planned):
    trial = planned('design = "clustered"\ncluster = "unit"\ndrawn = 6')
    (persons,) = (trial / "data").glob("person*.csv")
    heading, *rows = persons.read_text(encoding="utf-8-sig").splitlines()
    rows = [f"{row};Team {number % 12}" for number, row in enumerate(rows)]
    persons.write_text("\n".join([f"{heading};Enhed", *rows]) + "\n", encoding="utf-8")
    code, _, err = call("assign", trial)
    assert code == 0, err
    drawn = json.loads((trial / "allocation.json").read_bytes())["record"]["persons"]
    arms = {(each["cluster"], each["arm"]) for each in drawn}
    assert len(arms) == 12
    assert sum(arm for _, arm in arms) == 6
    code, out, err = call("evaluate", trial, "--format", "csv")
    assert code == 0, err
    assert {row["method"] for row in rows_of(out)} == {"clustered_difference_cr2_satterthwaite"}
    code, _, err = call("report", trial, "--out", trial / "rapport")
    assert code == 0, err
