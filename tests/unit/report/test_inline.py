import pytest

from ctieval.report.inline import Span, mark, plain, references, spans


def test_bold_and_references_are_cut_out():
    assert spans(mark("a **b @Fig:c** d @sec:e-1.")) == (
        Span("a "),
        Span("b ", bold=True),
        Span("Fig:c", bold=True, is_reference=True),
        Span(" d "),
        Span("sec:e-1", is_reference=True),
        Span("."),
    )


def test_what_a_user_wrote_marks_nothing():
    assert spans("a **b** @fig:c") == (Span("a **b** @fig:c"),)
    assert references("@fig:c") == ()


def test_references_are_told_in_lower_case():
    assert references(mark("@Tab:a and @fig:b")) == ("tab:a", "fig:b")


def test_an_address_is_no_reference():
    assert references(mark("mail@figur.dk, @fig")) == ()


def test_plain_drops_the_marks_alone():
    assert plain(mark("**a** @fig:b")) == "a fig:b"


def test_a_bold_mark_has_a_partner():
    with pytest.raises(ValueError, match="partner"):
        mark("a **b")
