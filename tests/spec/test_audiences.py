"""Whom a report is written for, and what the evaluator adds to it, from the command line."""

import hashlib
import json
import zipfile

import pytest

PLAN = """
[trial]
title = "Forsøg"
arms = { intervention = "Indsats", control = "Kontrol" }

[data]
table = "table.csv"
id = "id"
arm = "arm"
intervention = "T"
control = "C"
source = "Register"

[assignment]
imported = true
design = "complete"

[report]
languages = ["da"]

[[outcome]]
name = "weeks"
column = "weeks"
unit = "weeks"
role = "primary"
"""
COMMENT = "# Indstilling\n\nVi indstiller, at **det fortsætter**.\n\n# Effekter\n\n- Jobcentret flyttede.\n"


@pytest.fixture
def trial(tmp_path):
    rows = [f"P{number};{'TC'[number % 2]};{number % 11}" for number in range(60)]
    (tmp_path / "table.csv").write_text("\n".join(["id;arm;weeks", *rows]) + "\n", encoding="utf-8")
    (tmp_path / "trial.toml").write_text(PLAN, encoding="utf-8")
    return tmp_path


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def body(path):
    with zipfile.ZipFile(path) as packed:
        return packed.read("word/document.xml").decode()


def test_the_council_paper_comes_with_the_report(trial, call):
    assert call("report", trial, "--format", "docx,html")[0] == 0
    assert names(trial / "rapport") == ["manifest.json", "rapport.docx", "rapport.html", "sagsfremstilling.docx"]


def test_only_what_is_asked_for_is_written_and_the_manifest_lists_it(trial, call):
    assert call("report", trial, "--audience", "methods,council", "--format", "docx,xlsx")[0] == 0
    written = ["manifest.json", "metodebilag.docx", "metodebilag.xlsx", "sagsfremstilling.docx"]
    assert names(trial / "rapport") == written
    outputs = json.loads((trial / "rapport" / "manifest.json").read_text(encoding="utf-8"))["outputs"]
    assert sorted(outputs) == written[1:]


@pytest.mark.parametrize("asked", [("--audience", "everybody"), ("--audience", "council", "--format", "html")])
def test_a_wrong_question_is_a_usage_error_and_writes_nothing(trial, call, asked):
    assert call("report", trial, *asked)[0] == 2
    assert not (trial / "rapport").exists()


def test_a_comment_is_in_the_files_and_its_digest_in_the_manifest(trial, call):
    (trial / "kommentar.md").write_text(COMMENT, encoding="utf-8")
    assert call("report", trial, "--format", "docx")[0] == 0
    whole, paper = (body(trial / "rapport" / f"{stem}.docx") for stem in ("rapport", "sagsfremstilling"))
    assert "Jobcentret flyttede." in whole
    assert "Jobcentret flyttede." not in paper
    assert "det fortsætter" in paper
    assert "det fortsætter" not in whole
    inputs = json.loads((trial / "rapport" / "manifest.json").read_text(encoding="utf-8"))["provenance"]["inputs"]
    assert ["kommentar.md", hashlib.sha256((trial / "kommentar.md").read_bytes()).hexdigest()] in inputs


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("# Konklusion\n\nJa.\n", "kommentar.md, line 1, the heading"),
        ("# Effekter\n\n1. Ja.\n", "kommentar.md, line 3, the comment"),
    ],
)
@pytest.mark.parametrize("command", ["check", "evaluate", "report"])
def test_a_comment_that_cannot_be_printed_is_one_clear_error(trial, call, command, written, told):
    (trial / "kommentar.md").write_text(written, encoding="utf-8")
    code, out, err = call(command, trial)
    assert code == 13
    assert out == ""
    assert told in err
    assert not (trial / "rapport").exists()
