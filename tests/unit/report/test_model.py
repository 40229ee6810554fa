import dataclasses
import runpy
from pathlib import Path

import pytest

from ctieval.report.cells import Kind, Measured, Row
from ctieval.report.model import (
    Box,
    BoxKind,
    Bullets,
    KeyFigure,
    KeyFigures,
    Meta,
    Missing,
    Para,
    Report,
    Section,
)

SAMPLE = runpy.run_path(str(Path(__file__).with_name("sample_report.py")))


@pytest.mark.parametrize("name", ["caption", "source", "n_note"])
@pytest.mark.parametrize("empty", ["", "  "])
@pytest.mark.parametrize("block", ["effect_table", "forest"])
def test_tables_and_figures_need_caption_source_and_n(block, name, empty):
    with pytest.raises(ValueError, match=name):
        dataclasses.replace(SAMPLE[block](), **{name: empty})


def test_a_figure_needs_an_alternative_text():
    with pytest.raises(ValueError, match="alt"):
        dataclasses.replace(SAMPLE["forest"](), alt=" ")


def test_a_figure_draws_no_number_that_its_rows_do_not_hold():
    figure = SAMPLE["flow"]()
    with pytest.raises(ValueError, match="does not stand in its rows"):
        dataclasses.replace(figure, rows=(Row(("Looked up", 2346)),))


@pytest.mark.parametrize("name", ["", "Upper", "a b", "-a", "a:b"])
def test_an_id_is_a_short_name(name):
    with pytest.raises(ValueError, match="an id is"):
        dataclasses.replace(SAMPLE["effect_table"](), id=name)
    with pytest.raises(ValueError, match="an id is"):
        Section(name, "Title", (Para("text"),))


def test_a_key_figure_says_how_sure_it_is():
    with pytest.raises(ValueError, match="note"):
        KeyFigure(Measured(3, Kind.COUNT), "Persons")


def test_at_most_four_key_figures_stand_side_by_side():
    figure = KeyFigure(Measured(3, Kind.COUNT), "Persons", note="counted")
    with pytest.raises(ValueError, match="not 5"):
        KeyFigures((figure,) * 5)
    with pytest.raises(ValueError, match="not 0"):
        KeyFigures(())


@pytest.mark.parametrize(
    "make",
    [
        lambda: Para(" "),
        lambda: Bullets(()),
        lambda: Bullets(("a", "")),
        lambda: Box(BoxKind.NOTE, "", (Para("a"),)),
        lambda: Box(BoxKind.NOTE, "a", ()),
        lambda: Missing("", "a"),
        lambda: Missing("a", ""),
        lambda: Section("a", "A"),
        lambda: Section("a", " ", (Para("a"),)),
        lambda: Meta("", "da", "Report"),
        lambda: Meta("A", "da", ""),
        lambda: Report(Meta("A", "da", "Report"), ()),
    ],
)
def test_nothing_is_empty(make):
    with pytest.raises(ValueError, match=r"needs|points|nothing"):
        make()
