"""Planted personal values must appear in no message, repr, file or report."""

import re

import numpy as np
import pytest

from ctieval.cli.main import run
from ctieval.evaluate.data import load_allocation, open_data
from ctieval.evaluate.demo import write_demo
from ctieval.evaluate.story import evaluate
from ctieval.protocol.load import load_trial
from ctieval.report.protect import protect

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

[[baseline]]
name = "age"
unit = "years"

[[baseline]]
name = "education"

[[outcome]]
name = "weeks"
column = "weeks"
unit = "weeks"

[[outcome]]
name = "work"
column = "work"
unit = "share"
"""
HEADINGS = ["id", "arm", "age", "education", "weeks", "work", "note"]
CANARIES = {"id": "CANARYID7391", "age": "73917391", "education": "CANARYEDU7391", "weeks": "CANARY7391"}
PLANTED = re.compile(r"CANARY|7391")
EVERY_DOCUMENT = ("report", "--audience", "full,council,methods")


def rows():
    return [
        [
            f"CANARYID{number}",
            "TC"[number % 2],
            str(30 + number % 20),
            "AB"[number % 2],
            str(number % 11),
            "01"[number % 3 == 0],
            "CANARYNOTE",
        ]
        for number in range(60)
    ]


def write_trial(folder, table):
    (folder / "trial.toml").write_text(PLAN, encoding="utf-8")
    text = "\n".join(";".join(row) for row in [HEADINGS, *table]) + "\n"
    (folder / "table.csv").write_text(text, encoding="utf-8")


def said(capsys, *arguments):
    """Everything that a command says, and its exit code."""
    with pytest.raises(SystemExit) as left:
        run([str(each) for each in arguments])
    captured = capsys.readouterr()
    return left.value.code, captured.out + captured.err


@pytest.mark.parametrize("column", ["id", "arm", "age", "education", "weeks", "work"])
@pytest.mark.parametrize("value", ["CANARY7391", "", "31-02-7391", "-7391,5", "7391;7391"])
def test_a_broken_cell_is_never_quoted(tmp_path, capsys, column, value):
    table = rows()
    table[17][HEADINGS.index(column)] = value
    write_trial(tmp_path, table)
    for command in ("check", "evaluate", "report"):
        _, text = said(capsys, command, tmp_path)
        assert not PLANTED.search(text), command


def test_no_person_is_in_what_a_ready_table_says_or_writes(tmp_path, capsys, read_written):
    write_trial(tmp_path, rows())
    for arguments in (("check",), ("evaluate", "--table", "all", "--format", "json"), EVERY_DOCUMENT):
        code, text = said(capsys, arguments[0], tmp_path, *arguments[1:])
        assert code == 0, text
        assert not PLANTED.search(text)
    written = list((tmp_path / "rapport").iterdir())
    assert len(written) == 21
    for path in written:
        text = read_written(path)
        assert "Forsøg" in text, path.name
        assert "CANARY" not in text, path.name


@pytest.mark.parametrize("value", ["010203-7391", "**CANARY7391**@example.org"])
def test_no_person_in_a_comment_is_quoted(tmp_path, capsys, value):
    write_trial(tmp_path, rows())
    (tmp_path / "kommentar.md").write_text(f"# Effekter\n\nSpørg {value}.\n\n# {value}\n", encoding="utf-8")
    for command in ("check", "evaluate", "report"):
        code, text = said(capsys, command, tmp_path)
        assert code == 13
        assert not PLANTED.search(text), command


def test_no_person_is_in_the_repr_of_what_travels(tmp_path):
    write_trial(tmp_path, rows())
    trial = load_trial(tmp_path)
    data = open_data(trial)
    allocation = load_allocation(trial, data)
    evaluation = evaluate(trial, allocation, data)
    for each in (trial, data, allocation, evaluation, evaluation.effects, protect(evaluation)):
        assert not PLANTED.search(repr(each))
        assert not PLANTED.search(str(each))


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    write_demo(folder, seed=7)
    return folder


def test_no_person_of_a_register_trial_is_in_what_its_commands_say_or_write(demo, capsys, read_written):
    ids = open_data(load_trial(demo)).registers.persons["person_id"].tolist()
    shape = re.compile(r"\b(" + "|".join(sorted({re.sub(r"\d", r"\\d", each) for each in ids})) + r")\b")
    assert shape.search(ids[0])
    for arguments in (
        ("check",),
        ("screen",),
        ("screen", "--sensitivity"),
        ("evaluate", "--table", "all", "--format", "json"),
        EVERY_DOCUMENT,
    ):
        code, text = said(capsys, arguments[0], demo, *arguments[1:])
        assert code == 0, text
        assert not shape.search(text)
    code, text = said(capsys, "verify", demo / "allocation.json")
    assert code == 0
    assert not shape.search(text)
    for path in (demo / "rapport").iterdir():
        assert not shape.search(read_written(path)), path.name


def test_no_person_is_in_the_repr_of_registers(demo):
    trial = load_trial(demo)
    data = open_data(trial)
    allocation = load_allocation(trial, data)
    ids = set(np.asarray(allocation.person_id))
    for each in (data, data.registers, data.registers.weeks, data.registers.employment, data.cohort, allocation):
        assert not ids & set(re.findall(r"\w+", repr(each)))
