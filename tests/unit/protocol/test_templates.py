import pytest

from ctieval.errors import InputError
from ctieval.protocol.load import load_trial
from ctieval.protocol.templates import write_templates


def test_the_plan_that_is_written_can_be_read(tmp_path):
    write_templates(tmp_path / "new")
    trial = load_trial(tmp_path / "new")
    assert [outcome.name for outcome in trial.outcomes] == ["ordinary_job_12m", "benefit_12m", "who5_12m"]


def test_the_tables_have_danish_headings_and_no_rows(tmp_path):
    written = write_templates(tmp_path / "new")
    tables = [path for path in written if path.parent.name == "data"]
    assert {path.stem for path in tables} == {"persons", "periods", "employment", "activity", "survey"}
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
