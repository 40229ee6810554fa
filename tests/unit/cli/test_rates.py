"""ctieval rates: list, show, check and template, and how each leaves."""

import csv
import io
import json

from ctieval.rates.read import read_rate

READY = """
[trial]
title = "JOBS"
start = 1991-01-01
end = 1993-12-31
arms = { intervention = "Workshop", control = "Booklet" }

[data]
table = "jobs2.csv"
id = "id"
arm = "treat"
intervention = 1
control = 0
source = "JOBS II"

[assignment]
imported = true
design = "complete"

[[outcome]]
name = "work"
column = "work"
unit = "share"
role = "primary"
"""


def test_the_list_holds_what_is_known_and_what_is_not(call):
    code, out, err = call("rates", "list", "--format", "json")
    rows = {row["name"]: row for row in json.loads(out)}
    assert code == 0
    assert (rows["cash_benefit_other"]["first_day"], rows["cash_benefit_other"]["values"]) == ("2013-01-01", 12)
    assert (rows["municipal_tax"]["known"], rows["municipal_tax"]["first_day"]) == ("no", None)
    assert list(rows) == sorted(rows)
    n_known = sum(row["known"] == "yes" for row in rows.values())
    assert f"{n_known} rates are known; {len(rows) - n_known} are asked for" in err


def test_a_trials_own_rates_lie_over_the_shipped(call, undrawn):
    for laid in (undrawn, undrawn / "trial.toml", undrawn / "rates"):
        _, out, _ = call("rates", "list", "--rates", laid, "--format", "csv")
        rows = {row["name"]: row for row in csv.DictReader(io.StringIO(out))}
        assert (rows["programme_cost"]["known"], rows["programme_cost"]["simulated"]) == ("yes", "1")


def test_a_rate_is_shown_with_all_its_values_or_on_one_day(call):
    _, out, _ = call("rates", "show", "cash_benefit_other", "--format", "json")
    assert len(json.loads(out)) == 12
    _, out, _ = call("rates", "show", "cash_benefit_other", "--on", "2018-06-01", "--format", "json")
    (row,) = json.loads(out)
    assert (row["amount"], row["in_force"], row["valid_through"], row["step"]) == (
        11282,
        "2018-01-01",
        "2018-12-31",
        None,
    )
    _, out, _ = call("rates", "show", "refund_share", "--on", "2018-06-01", "--format", "json")
    assert [(row["step"], row["amount"]) for row in json.loads(out)] == [(1, 0.8), (5, 0.4), (27, 0.3), (53, 0.2)]
    _, out, _ = call("rates", "show", "refund_share")
    assert "0.2" in out


def test_what_nobody_knows_leaves_with_its_own_code(call):
    assert call("rates", "show", "cash_benefit_other", "--on", "2025-02-01")[0] == 23
    assert call("rates", "show", "cash_benefit_other", "--on", "2012-02-01")[0] == 22
    assert call("rates", "show", "municipal_tax")[0] == 21
    assert call("rates", "template", "municipal_taxes")[0] == 21


def test_the_rates_of_a_trial_are_checked(call, undrawn):
    code, out, err = call("rates", "check", undrawn, "--format", "json")
    assert code == 0
    standing = {row["name"]: row["standing"] for row in json.loads(out)}
    assert {name for name, each in standing.items() if each != "fills"} == {"equalisation_share"}
    assert standing["equalisation_share"] == "replaces"
    assert standing["municipal_tax_153"] == "fills"
    assert "18 rates read" in err
    plan = undrawn / "trial.toml"
    plan.write_text(plan.read_text(encoding="utf-8").replace('"fm_2021"', '"fm_2091"'), encoding="utf-8")
    assert call("rates", "check", undrawn)[0] == 21


def test_a_trial_without_rates_of_its_own_has_none_to_check(call, undrawn):
    plan = undrawn / "trial.toml"
    text = plan.read_text(encoding="utf-8")
    plan.write_text(
        "".join(line for line in text.splitlines(keepends=True) if not line.startswith("rates = ")), encoding="utf-8"
    )
    code, _, err = call("rates", "check", undrawn)
    assert (code, "0 rates read" in err) == (0, True)


def test_a_misspelt_rate_is_pointed_at_and_a_broken_one_refused(call, undrawn):
    own = undrawn / "rates"
    text = (own / "programme_cost.toml").read_text(encoding="utf-8")
    (own / "program_cost.toml").write_text(text.replace('"programme_cost"', '"program_cost"'), encoding="utf-8")
    code, out, err = call("rates", "check", own)
    assert (code, "unasked" in out) == (0, True)
    assert "no account asks for program_cost; is it programme_cost" in err
    (own / "programme_cost.toml").write_text(text + "note = 1\n", encoding="utf-8")
    assert call("rates", "check", own)[0] == 20


def test_an_abolished_rate_has_no_last_day(call, undrawn):
    own = undrawn / "rates"
    path = own / "study_grant.toml"
    source = 'source = { title = "T", section = "", href = "", retrieved = 2026-01-01 }'
    abolition = f'\n[[value]]\nfrom = 2021-01-01\namount = "none"\n{source}\n'
    path.write_text(path.read_text(encoding="utf-8") + abolition, encoding="utf-8")
    _, out, _ = call("rates", "show", "study_grant", "--rates", own, "--format", "json")
    assert [(row["valid_through"], row["amount"]) for row in json.loads(out)] == [("2020-12-31", 6000), (None, None)]


def test_a_ready_table_has_no_rates(call, tmp_path):
    (tmp_path / "trial.toml").write_text(READY, encoding="utf-8")
    code, _, err = call("rates", "check", tmp_path)
    assert (code, "this trial has no rates" in err) == (10, True)


def test_a_template_is_a_file_to_fill_in(call):
    code, out, _ = call("rates", "template", "municipal_tax")
    assert code == 0
    assert out.startswith("# Kommunens egen udskrivningsprocent")
    answers = {"from": "2018-01-01", "valid_through": "2018-12-31", "amount": "0.25", "retrieved": "2018-01-01"}
    for key, answer in answers.items():
        out = out.replace(f'{key} = "?"', f"{key} = {answer}")
    for key in ("title", "section"):
        out = out.replace(f'{key} = "?"', f'{key} = "Budget"')
    assert read_rate(out, "municipal_tax.toml").values[0].amount == 0.25


def test_the_check_of_a_trial_points_at_a_rate_that_nothing_reads(call, undrawn):
    rates = undrawn / "rates"
    code, out, _ = call("check", undrawn, "--format", "json")
    assert code == 0
    assert not any(row["what"] == "rates" for row in json.loads(out))
    text = (rates / "programme_cost.toml").read_text(encoding="utf-8")
    (rates / "programme_costs.toml").write_text(text.replace('"programme_cost"', '"programme_costs"'), encoding="utf-8")
    code, out, _ = call("check", undrawn, "--format", "json")
    (told,) = (row["found"] for row in json.loads(out) if row["what"] == "rates")
    assert code == 0
    assert told.startswith("programme_costs.toml is read by nothing; did you mean: programme_cost")
