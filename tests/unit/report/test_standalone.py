import pytest

from ctieval.report.catalogue import load_catalogue
from ctieval.report.cells import Col, Kind, Measured, Row
from ctieval.report.inline import mark, plain, references
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
    SectionKind,
    Table,
)
from ctieval.report.resolve import resolve
from ctieval.report.standalone import to_standalone

BOTH = mark("@Tab:own and @tab:other.")
WORDS = "@Tab:own and table\u00a01 of the evaluation report."


def table(name, text):
    return Table(name, text, (Col("a", "A"), Col("n", "N", Kind.COUNT)), (Row((text, 9)),), text, text, text)


@pytest.fixture(scope="module")
def whole():
    blocks = (
        Para(BOTH),
        Bullets(("a", BOTH)),
        Box(BoxKind.NOTE, "Note", (Para(BOTH), Bullets((BOTH,)))),
        Missing(BOTH, BOTH),
        KeyFigures((KeyFigure(Measured(9.0, Kind.COUNT), BOTH, note=BOTH),)),
        table("own", BOTH),
    )
    inner = Section("inner", "Inner", (Para(mark("@Sec:own, @sec:inner and **@sec:first**.")),))
    own = Section("own", "Own", blocks, (inner,), SectionKind.APPENDIX)
    return Report(Meta("A", "en", "Report"), (Section("first", "First", (table("other", "B"),)), own))


@pytest.fixture(scope="module")
def alone(whole):
    return to_standalone(whole.sections[1:], resolve(whole), load_catalogue("en"))


def test_every_text_names_what_stands_elsewhere_and_still_refers_to_what_does_not(alone):
    (own,) = alone
    para, bullets, box, missing, (key,), shown = (getattr(each, "items", each) for each in own.blocks)
    texts = [para.text, bullets[1], box.blocks[0].text, box.blocks[1].items[0], missing.what, missing.needed]
    texts += [shown.rows[0].cells[0], key.label, key.note, shown.caption, shown.source, shown.n_note, shown.note]
    for text in texts:
        assert plain(text) == WORDS.replace("@Tab:own", "Tab:own")
        assert references(text) == ("tab:own",)


def test_a_chapter_stands_elsewhere_too_and_bold_stays_bold(alone):
    (own,) = alone
    text = own.sections[0].blocks[0].text
    assert references(text) == ("sec:own", "sec:inner")
    assert text.endswith("\ufdd0chapter\u00a01 of the evaluation report\ufdd1.")


def test_what_stands_alone_resolves(whole, alone):
    assert resolve(Report(whole.meta, alone)).unreferenced == ()
    assert to_standalone(alone, resolve(whole), load_catalogue("en")) == alone
