import io

import pytest
import typer

from ctieval.cli import report_files
from ctieval.cli.report_files import (
    ALL_FORMATS,
    USUAL_AUDIENCES,
    list_files,
    read_audiences,
    read_formats,
    tell_steps,
)
from ctieval.report.publish import ReportFormat

WIPED = "\x1b[2K"
"""What clears the line that the cursor is on."""


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_all_formats_are_the_default():
    assert ALL_FORMATS == "html,pdf,docx,xlsx"


@pytest.mark.parametrize("text", ["", "htm", "html;pdf", "html,", "all"])
def test_a_format_that_is_none_is_a_usage_error(text):
    with pytest.raises(typer.BadParameter, match="html,pdf,docx,xlsx"):
        read_formats(text)


def test_the_report_and_the_council_paper_are_the_default():
    assert USUAL_AUDIENCES == "full,council"


@pytest.mark.parametrize("text", ["", "council;full", "council,", "everybody"])
def test_an_audience_that_is_none_is_a_usage_error(text):
    with pytest.raises(typer.BadParameter, match="full,council,methods"):
        read_audiences(text, tuple(ReportFormat))


def test_a_council_paper_alone_needs_a_format_for_print():
    with pytest.raises(typer.BadParameter, match="pdf or docx"):
        read_audiences("council", (ReportFormat.HTML, ReportFormat.XLSX))
    assert len(read_audiences("council,methods", (ReportFormat.HTML,))) == 2


def test_the_first_file_is_opened_only_when_asked(tmp_path, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(report_files.webbrowser, "open", opened.append)
    paths = (tmp_path / "rapport.html", tmp_path / "rapport.pdf")
    list_files(paths, show_first=False)
    assert opened == []
    list_files(paths, show_first=True)
    assert opened == [paths[0].as_uri()]
    assert capsys.readouterr().out.split() == [str(path) for path in paths * 2]


def test_steps_are_lines_where_standard_error_is_no_terminal(capsys):
    with tell_steps("working") as tell:
        tell("writing [a]")
    assert capsys.readouterr().err == "writing [a]\n"


def test_steps_are_one_line_that_moves_on_a_terminal(monkeypatch, capsys):
    screen = Terminal()
    monkeypatch.setattr("sys.stderr", screen)
    with tell_steps("working") as tell:
        tell("writing [a]")
    assert "writing [a]" in screen.getvalue()
    assert screen.getvalue().endswith(WIPED)
    assert capsys.readouterr().out == ""
