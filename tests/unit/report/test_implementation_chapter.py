from dataclasses import replace

import pytest

from ctieval.domain.implementation_table import FunnelStep, ImplementationTable
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import HIDDEN
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.implementation import build_implementation
from ctieval.report.count_drawing import CountRow
from ctieval.report.model import Figure, Missing, Table
from ctieval.report.protect import protect

STEPS = (FunnelStep("Meeting", 431, 1.2, 1.5), FunnelStep("Mentor", None, float("nan"), float("nan")))


@pytest.fixture
def chapter(full):
    """Build what was given, from a table, in a language."""

    def build(table, lang="en"):
        evaluation = replace(full, implementation=table)
        return build_implementation(Context(evaluation, load_catalogue(lang))).sections[1].blocks

    return build


def figure_of(blocks):
    return next(block for block in blocks if isinstance(block, Figure))


@pytest.mark.parametrize("lang", ["da", "en"])
def test_the_figure_begins_with_everybody_and_shows_each_step(chapter, lang):
    figure = figure_of(chapter(ImplementationTable(480, STEPS), lang))
    (panel,) = figure.draw.panels
    assert panel.rows[0] == CountRow(panel.rows[0].label, 480, 1.0)
    assert panel.rows[1:] == (CountRow("Meeting", 431, 431 / 480), CountRow("Mentor", HIDDEN, None))
    assert figure.rows[1].cells == ("Meeting", 431, 431 / 480)
    assert "Meeting" in figure.alt
    assert load_catalogue(lang).text("implementation.reach.hidden") in figure.note


def test_the_note_speaks_of_hidden_steps_only_where_there_are_any(chapter):
    figure = figure_of(chapter(ImplementationTable(480, STEPS[:1])))
    assert load_catalogue("en").text("implementation.reach.hidden") not in figure.note


@pytest.mark.parametrize("table", [ImplementationTable(None, STEPS), ImplementationTable(480, STEPS[1:])])
def test_without_a_share_to_show_the_table_stands_alone(chapter, table):
    blocks = chapter(table)
    assert not [block for block in blocks if isinstance(block, Figure)]
    assert [block for block in blocks if isinstance(block, Table)]


def test_without_a_log_it_says_what_is_needed(chapter):
    assert [type(block) for block in chapter(None)] == [Missing]


def test_a_small_step_is_in_no_picture(full):
    steps = (FunnelStep("Meeting", 431, 1.2, 1.5), FunnelStep("Rare", 3, 7.7, 8.8))
    protected = protect(replace(full, implementation=ImplementationTable(480, steps)))
    blocks = build_implementation(Context(protected, load_catalogue("en"))).sections[1].blocks
    assert 3.0 not in figure_of(blocks).draw.numbers
    assert figure_of(blocks).draw.panels[0].rows[-1] == CountRow("Rare", HIDDEN, None)
