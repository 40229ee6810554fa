import json
import shutil

import pytest

from ctieval.cli.main import run


def said(capsys, *arguments):
    with pytest.raises(SystemExit) as left:
        run([str(each) for each in arguments])
    captured = capsys.readouterr()
    return left.value.code, captured.out, captured.err


def test_a_municipality_has_a_report_of_its_own_in_a_folder_of_its_own(own_copy, capsys):
    code, out, err = said(capsys, "report", own_copy, "--municipality", "Tønder", "--format", "html")
    assert code == 0, err
    own = own_copy / "rapport" / "toender"
    assert {path.name for path in own.iterdir()} == {"rapport.html", "report.html", "manifest.json"}
    assert str(own / "rapport.html") in out
    assert "Tønder Kommune" in (own / "rapport.html").read_text("utf-8")
    assert json.loads((own / "manifest.json").read_text("utf-8"))["municipality"] == "550"
    assert "evaluating each of 5 municipalities" in err
    assert not list((own_copy / "rapport").glob("*.html"))


def test_a_municipality_that_did_not_take_part_is_an_input_error(drawn, capsys):
    code, _, err = said(capsys, "report", drawn, "--municipality", "Odense")
    assert code == 10
    assert "153 Brøndby" in err


@pytest.fixture
def own_copy(drawn, tmp_path):
    """A copy of the drawn trial, to be written in."""
    return shutil.copytree(drawn, tmp_path / "copy")
