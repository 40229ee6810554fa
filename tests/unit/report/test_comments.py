import hashlib
from dataclasses import replace

import pytest

from ctieval.domain.comment import Comment, CommentFile, CommentList, CommentParagraph, Stretch
from ctieval.errors import ProtocolError
from ctieval.report.build import build_council_paper, build_methods_appendix, build_report
from ctieval.report.chapters.comments import CHAPTERS, MOST_LINES, check_comments
from ctieval.report.html import render_html
from ctieval.report.inline import spans
from ctieval.report.model import Box, BoxKind, Para
from ctieval.report.pdf import render_pdf
from ctieval.report.protect import protect
from ctieval.report.publish import publish
from ctieval.report.resolve import walk
from ctieval.report.word.docx import render_docx

HOSTILE = '<script>alert("1")</script> **x** @fig:nowhere {n} \ufdd0'
HEADINGS = ("Resumé", "1 Indledning", "target_group", "  implementation ", "EFFEKTER", "Økonomisk analyse", "appendix")


def file_of(*comments, lang="da"):
    return CommentFile("kommentar.md" if lang == "da" else "comment.md", lang, "ab" * 32, comments)


def comment(heading, text="Vi mener.", line=1):
    return Comment(heading, line, (CommentParagraph((Stretch(text),)),))


def commented(full, *comments, lang="da"):
    trial = replace(full.trial, comments=(file_of(*comments, lang=lang),))
    return protect(replace(full, trial=trial))


def boxes(report):
    found = [
        (chapter.id, block)
        for chapter in report.sections
        for section in walk((chapter,))
        for block in section.blocks
        if isinstance(block, Box) and block.kind is BoxKind.COMMENT
    ]
    assert len(dict(found)) == len(found)
    return dict(found)


def last_blocks(chapter):
    sections = [section for section in walk((chapter,)) if section.id != "lists"]
    return sections[-1].blocks


def test_each_chapter_ends_with_its_comment(full):
    told = [comment(heading, f"Om {heading.strip()}.") for heading in HEADINGS]
    report = build_report(commented(full, *told), "da")
    assert set(boxes(report)) == {chapter.id for chapter in report.sections} == set(CHAPTERS) - {"recommendation"}
    for chapter, heading in zip(report.sections, HEADINGS, strict=True):
        box = last_blocks(chapter)[-1]
        assert box == Box(BoxKind.COMMENT, "Evaluators kommentar", (Para(f"Om {heading.strip()}."),))


def test_a_comment_is_in_the_report_of_its_language_alone(full):
    evaluation = commented(full, comment("Effekter"), lang="en")
    assert boxes(build_report(evaluation, "da")) == {}
    (box,) = boxes(build_report(evaluation, "en")).values()
    assert box.title == "The evaluator\u2019s comment"


def test_nothing_but_bold_is_marked(full):
    blocks = (
        CommentParagraph((Stretch(HOSTILE), Stretch(HOSTILE, bold=True))),
        CommentList(((Stretch("a"),), (Stretch(HOSTILE),))),
    )
    (box,) = boxes(build_report(commented(full, Comment("Effekter", 1, blocks)), "da")).values()
    shown = HOSTILE.removesuffix("\ufdd0")
    plain, bold = spans(box.blocks[0].text)
    assert (plain.text, plain.bold, bold.text, bold.bold) == (shown, False, shown, True)
    assert not any(span.is_reference for item in box.blocks[1].items for span in spans(item))


def test_a_comment_reaches_every_format(full, read_written, tmp_path):
    evaluation = commented(full, comment("Metodebilag", "Blåbærgrød & 1 < 2."))
    for build, render, ending in (
        (build_report, render_html, "html"),
        (build_report, render_docx, "docx"),
        (build_report, render_pdf, "pdf"),
        (build_methods_appendix, render_pdf, "pdf"),
    ):
        path = tmp_path / f"a.{ending}"
        path.write_bytes(render(build(evaluation, "da")))
        text = read_written(path)
        assert "Evaluators kommentar" in text, ending
        assert "Blåbærgrød & 1 < 2." in text.replace("&amp;", "&").replace("&lt;", "<"), ending


def test_a_heading_without_text_has_no_box(full):
    assert boxes(build_report(commented(full, Comment("Effekter", 1, ())), "da")) == {}


def test_the_administration_speaks_in_the_council_paper_alone(full):
    evaluation = commented(full, comment("Indstilling", "Vi indstiller."))
    assert boxes(build_report(evaluation, "da")) == {}
    paper = build_council_paper(evaluation, "da")
    assert list(boxes(paper)) == ["recommendation"]
    assert paper.sections[0].blocks[-1] == Box(BoxKind.COMMENT, "Forvaltningens indstilling", (Para("Vi indstiller."),))


@pytest.mark.parametrize(
    ("comments", "line", "found"),
    [
        ((comment("Peter Petersen", line=7),), 7, "no chapter"),
        ((comment("Effekter"), comment("effects", line=4)), 4, "second comment on effects"),
        ((comment("Indstilling", "a" * (90 * MOST_LINES + 1)),), 1, f"about {MOST_LINES + 1} lines"),
        ((Comment("Indstilling", 1, (CommentList(((Stretch("a"),),) * (MOST_LINES + 1)),)),), 1, "lines"),
    ],
)
def test_a_comment_without_its_place_is_refused(full, comments, line, found):
    with pytest.raises(ProtocolError) as caught:
        check_comments((file_of(*comments),))
    assert caught.value.line == line
    assert found in caught.value.found
    assert "Petersen" not in str(caught.value)
    with pytest.raises(ProtocolError):
        build_report(commented(full, *comments), "da")


def test_as_long_as_it_may_be_is_long_enough():
    check_comments((file_of(comment("Indstilling", "a" * 90 * MOST_LINES)),))


def test_a_trial_with_comments_gives_the_same_bytes_twice(full, tmp_path):
    evaluation = commented(full, comment("Effekter"), comment("Indstilling"))
    first, second = (
        [hashlib.sha256(path.read_bytes()).hexdigest() for path in publish(evaluation, tmp_path / name)]
        for name in ("a", "b")
    )
    assert first == second
