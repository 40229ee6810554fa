import re
from datetime import date

import pytest

from ctieval.domain.outcome import Amount, Measure, State
from ctieval.domain.trial import AllocationFile
from ctieval.errors import InputError
from ctieval.protocol.load import load_trial
from ctieval.protocol.templates import TABLES, write_templates
from ctieval.registers.codes import load_code_list


def test_the_plan_that_is_written_can_be_read(tmp_path):
    write_templates(tmp_path / "new")
    trial = load_trial(tmp_path / "new")
    assert [outcome.name for outcome in trial.outcomes] == ["ordinary_job_12m", "benefit_12m", "who5_12m"]


def test_the_tables_have_danish_headings_and_no_rows(tmp_path):
    written = write_templates(tmp_path / "new")
    tables = [path for path in written if path.parent.name == "data"]
    assert {path.stem for path in tables} == set(TABLES)
    for path in tables:
        (heading,) = path.read_text(encoding="utf-8-sig").splitlines()
        assert ";" in heading


def test_nothing_is_replaced(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "persons.csv").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError) as caught:
        write_templates(tmp_path)
    assert caught.value.found == "persons.csv"
    assert (tmp_path / "data" / "persons.csv").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "trial.toml").exists()


def test_the_plan_names_every_state_and_measure(tmp_path):
    write_templates(tmp_path)
    text = (tmp_path / "trial.toml").read_text(encoding="utf-8")
    for value in (*State, *Measure, *Amount):
        assert re.search(rf"\b{value}\b", text), value


def test_the_lines_on_arms_drawn_already_can_be_used_as_they_stand(tmp_path):
    write_templates(tmp_path)
    text = (tmp_path / "trial.toml").read_text(encoding="utf-8")
    before, _, rest = text.partition("\n[assignment]")
    _, marked, drawn = rest.partition("\n# [assignment]")
    lines, _, after = drawn.partition("\n\n")
    plan = before + (marked + lines).replace("\n# ", "\n") + "\n\n" + after
    plan = plan.replace("start = 2023-01-01", "start = 2015-01-01").replace("as_of = 2026-01-05", "as_of = 2018-01-15")
    (tmp_path / "trial.toml").write_text(plan, encoding="utf-8")
    assignment = load_trial(tmp_path).assignment
    assert isinstance(assignment, AllocationFile)
    assert assignment.table.path == tmp_path / "data" / "lodtraekning.csv"
    assert assignment.randomised_on == date(2018, 2, 5)


def test_the_example_of_a_code_list_can_be_used_as_it_stands(tmp_path):
    write_templates(tmp_path)
    example = (tmp_path / "koder-eksempel.txt").rename(tmp_path / "koder.toml")
    assert 870 in load_code_list(example).known


def test_the_lists_open_in_danish_excel_and_notepad(tmp_path):
    for path in write_templates(tmp_path):
        if path.name in {"OVERSKRIFTER.txt", "YDELSESKODER.txt"}:
            content = path.read_bytes()
            assert content.startswith(b"\xef\xbb\xbf")
            assert content.count(b"\n") == content.count(b"\r\n") > 50
