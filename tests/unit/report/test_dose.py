"""The figure of contacts: the same counts as the table of take-up, and none where they are hidden."""

from dataclasses import replace

from ctieval.domain.compliance_table import ComplianceTable, TakeUpRow, TakeUpStep
from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import HIDDEN
from ctieval.report.chapters.context import Context
from ctieval.report.chapters.dose import build_dose
from ctieval.report.model import Figure


def steps(*counts):
    return tuple(TakeUpRow(TakeUpStep.LOGGED, contacts, 0, n, False) for contacts, n in counts)


def figures(full, rows, drawn=(898, 480)):
    table = ComplianceTable(None, drawn, rows, False, None, 0.0, ())
    context = Context(replace(full, compliance=table), load_catalogue("da"))
    return [block for block in build_dose(context) if isinstance(block, Figure)]


def test_every_step_has_its_share_of_those_drawn(full):
    taking_part = TakeUpRow(TakeUpStep.ACTIVITY, 1, 0, 300, True)
    (figure,) = figures(full, (*steps((1, 360), (5, 240), (10, None)), taking_part))
    assert [row.cells for row in figure.rows] == [
        ("Mindst én registreret kontakt", 360, 0.75),
        ("Mindst 5 registrerede kontakter", 240, 0.5),
        ("Mindst 10 registrerede kontakter", HIDDEN, HIDDEN),
    ]
    assert "75" in figure.alt
    assert "50" in figure.alt


def test_there_is_no_figure_of_a_single_number_or_of_numbers_that_are_hidden(full):
    assert figures(full, steps((1, 360), (5, None))) == []
    assert figures(full, steps((1, 360), (5, 240)), drawn=(898, None)) == []
    assert [*build_dose(Context(replace(full, compliance=None), load_catalogue("da")))] == []
