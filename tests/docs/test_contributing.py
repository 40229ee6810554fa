"""The worked examples of CONTRIBUTING.md are true: its boxes run, and every line that it shows stands in its file."""

import doctest
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
LINES = re.findall(r"^\| `((?:src|tests)/[^`]+)` \| `(.+)` \|$", TEXT, flags=re.MULTILINE)


def test_the_boxes_run():
    result = doctest.testfile(str(ROOT / "CONTRIBUTING.md"), module_relative=False, encoding="utf-8")
    assert result.attempted >= 8
    assert result.failed == 0


def test_each_example_shows_its_lines():
    assert len(LINES) >= 15


@pytest.mark.parametrize(("file", "line"), LINES)
def test_a_line_that_is_shown_stands_in_its_file(file, line):
    assert line in (ROOT / file).read_text(encoding="utf-8")
