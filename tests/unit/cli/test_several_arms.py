"""A trial of several interventions from its draw to its report: every contrast, and nothing said that is not known."""

import json
import re

import pytest

DRAWN = '{ "153" = [60, 60], "260" = [40, 40], "550" = [55, 55], "846" = [40, 45], "849" = [40, 45] }'


@pytest.fixture
def trial(call, undrawn):
    plan = undrawn / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    arms = 'arms = { intervention = ["Samtaler", "Mentor"], control = "Kontrolgruppe" }'
    text = re.sub(r"^arms = \{.*\}$", arms, text, flags=re.MULTILINE)
    plan.write_text(re.sub(r"^drawn = \{.*\}$", f"drawn = {DRAWN}", text, flags=re.MULTILINE), encoding="utf-8")
    code, _, err = call("assign", undrawn)
    assert code == 0, err
    return undrawn


def test_every_contrast_stands_in_the_tables_and_the_report_says_what_it_leaves_out(call, trial):
    code, out, err = call("evaluate", trial, "--table", "all", "--format", "json")
    assert code == 0, err
    tables = json.loads(out)
    rows = tables["effects"]
    assert {row["contrast"] for row in rows} == {"Samtaler - Kontrolgruppe", "Mentor - Kontrolgruppe"}
    outcomes = [row["outcome"] for row in rows]
    assert outcomes == sorted(outcomes, key=outcomes.index)
    assert all(outcomes.count(name) == 2 for name in set(outcomes))
    described = {row["outcome"]: row for row in tables["levels"] if row["arm"] == "intervention"}
    control = {row["outcome"]: row for row in tables["levels"] if row["arm"] == "control"}
    first = next(row for row in rows if row["contrast"].startswith("Samtaler"))
    level = described[first["outcome"]]["mean"] - control[first["outcome"]]["mean"]
    assert first["n_treated"] == described[first["outcome"]]["n"]
    assert (
        abs(level - first["estimate"]) < 0.1
    )  # blocks weigh by everybody in the effect, by the two arms in the levels
    assert "W-SEVERAL-INTERVENTIONS" in err
    assert "W-COHORT-CHANGED" not in err
    code, out, err = call("evaluate", trial)
    assert code == 0, err
    assert "contrast" in out.splitlines()[1]


def test_the_report_names_each_contrast_and_hides_no_gap(call, trial):
    code, _, err = call("report", trial, "--format", "html")
    assert code == 0, err
    page = (trial / "rapport" / "report.html").read_text(encoding="utf-8")
    assert page.count("(Mentor - Kontrolgruppe)") > 10
    assert "this version does not describe Mentor" in page
    assert "keeps no account of several interventions" in page
    drawn = re.findall(r"235 persons", page)
    assert drawn
    danish = (trial / "rapport" / "rapport.html").read_text(encoding="utf-8")
    assert "Denne version beskriver ikke Mentor" in danish
