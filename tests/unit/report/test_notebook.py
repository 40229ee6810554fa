import re
import runpy
from pathlib import Path

import pytest

from ctieval.report.notebook import show

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_report.py")))


def bundle(part, lang="da"):
    return show(SAMPLE["sample"](lang), part)._repr_mimebundle_()


def test_a_figure_is_a_picture_that_an_untrusted_notebook_keeps():
    shown = bundle("fig:effects")
    assert "<svg" not in shown["text/html"]
    assert "<style" not in shown["text/html"]
    assert re.search(r'<img src="data:image/svg\+xml;base64,[^"]+" alt="Employment rose', shown["text/html"])
    assert shown["text/plain"] == "Figur\u00a01: Effects with their intervals"


def test_numbering_is_that_of_the_whole_report():
    assert "Bilagsfigur\u00a01" in bundle("fig:flow")["text/html"]
    assert "Tabel\u00a01" in bundle("tab:effects")["text/html"]


def test_a_section_is_shown_with_everything_in_it():
    shown = bundle("sec:effects", "en")
    assert shown["text/plain"] == "1 Effects"
    for words in ("How to read the results", "Table\u00a01", "Figure\u00a01", "Not reported"):
        assert words in shown["text/html"]


def test_an_unknown_part_is_refused_with_those_there_are():
    with pytest.raises(KeyError, match="sec:summary"):
        bundle("fig:nowhere")
