"""Sets what the evaluator wrote of her own at the end of the chapter that it is about, in a box of its own."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final, get_args

from ctieval.domain.comment import Comment, CommentBlock, CommentFile, CommentParagraph, Stretch
from ctieval.domain.wording import Language
from ctieval.errors import ProtocolError
from ctieval.report.catalogue import load_catalogue
from ctieval.report.chapters.context import Context
from ctieval.report.inline import embolden, plain
from ctieval.report.model import Block, Box, BoxKind, Bullets, Para, Section

RECOMMENDATION: Final = "recommendation"
CHAPTERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "summary": "summary.title",
        "introduction": "introduction.title",
        "target-group": "target_group.title",
        "implementation": "implementation.title",
        "effects": "effects.title",
        "economy": "economy.title",
        "appendix": "appendix.title",
        RECOMMENDATION: "council.recommendation.title",
    }
)
"""Key of the title of each chapter that can be commented on; the recommendation is the council paper's."""

MOST_LINES: Final = 14
"""Lines of a recommendation, so that the council paper keeps to two pages."""

_SIGNS_A_LINE: Final = 90
_NUMBER: Final = re.compile(r"^[\d.]+\s+")
_LAST: Final = "lists"
"""The list of figures and tables, after which nothing stands."""


def check_comments(files: tuple[CommentFile, ...]) -> None:
    """Check that every comment has its chapter.

    Args:
        files: The comments.

    Raises:
        ProtocolError: If a heading names no chapter, by its id or its title in either language.
        ProtocolError: If two headings of a file name the same chapter.
        ProtocolError: If a recommendation is too long for the council paper.
    """
    for file in files:
        _place(file)


def add_comments(context: Context, chapters: tuple[Section, ...]) -> tuple[Section, ...]:
    """Return chapters with the comments on them, each at the end of its chapter.

    Args:
        context: The evaluation.
        chapters: The chapters.

    Raises:
        ProtocolError: As ``check_comments`` raises.
    """
    found = ((chapter, build_comment(context, chapter.id, context.text("comment.title"))) for chapter in chapters)
    return tuple(chapter if box is None else _end_with(chapter, box) for chapter, box in found)


def build_comment(context: Context, chapter: str, title: str) -> Box | None:
    """Build the box of the comment on a chapter, or None where nobody has commented on it.

    Args:
        context: The evaluation.
        chapter: Id of the chapter.
        title: Heading of the box.
    """
    for file in context.evaluation.trial.comments:
        if file.lang == context.words.lang and chapter in (placed := _place(file)):
            return Box(BoxKind.COMMENT, title, tuple(_to_block(block) for block in placed[chapter].blocks))
    return None


def _place(file: CommentFile) -> Mapping[str, Comment]:
    """Return the comments that say something, by chapter."""
    names = _names()
    placed: dict[str, Comment] = {}
    for comment in file.comments:
        chapter = names.get(_folded(comment.heading))
        if chapter is None:
            raise _misplaced(file, comment, found="a heading that is no chapter of the report")
        if chapter in placed:
            raise _misplaced(file, comment, found=f"a second comment on {chapter}")
        if chapter == RECOMMENDATION:
            _check_length(file, comment)
        placed[chapter] = comment
    return {chapter: comment for chapter, comment in placed.items() if comment.blocks}


def _names() -> Mapping[str, str]:
    """Return the chapter of every name that a heading may have."""
    words = [load_catalogue(lang) for lang in get_args(Language)]
    titles = {_folded(each.text(key)): chapter for chapter, key in CHAPTERS.items() for each in words}
    return {**titles, **{_folded(chapter): chapter for chapter in CHAPTERS}}


def _folded(name: str) -> str:
    return " ".join(_NUMBER.sub("", name.strip()).casefold().replace("-", " ").replace("_", " ").split())


def _misplaced(file: CommentFile, comment: Comment, *, found: str) -> ProtocolError:
    words = load_catalogue(file.lang)
    return ProtocolError(
        file=file.name,
        key="the heading",
        line=comment.line,
        what="a comment has no chapter of its own",
        found=found,
        expected="one heading for each chapter at most, among "
        + ", ".join(words.text(key) for key in CHAPTERS.values()),
        do="write the title of the chapter, or its id: " + ", ".join(CHAPTERS),
    )


def _check_length(file: CommentFile, comment: Comment) -> None:
    texts = [text for block in comment.blocks for text in _texts(block)]
    lines = sum(math.ceil(sum(len(stretch.text) for stretch in text) / _SIGNS_A_LINE) for text in texts)
    if lines > MOST_LINES:
        raise ProtocolError(
            file=file.name,
            key="the heading",
            line=comment.line,
            what="the recommendation is too long for a council paper of two pages",
            found=f"about {lines} lines under it",
            expected=f"at most {MOST_LINES} lines of {_SIGNS_A_LINE} signs",
            do="write it shorter, or add to it in the Word file",
        )


def _texts(block: CommentBlock) -> tuple[tuple[Stretch, ...], ...]:
    return (block.stretches,) if isinstance(block, CommentParagraph) else block.items


def _end_with(section: Section, box: Block) -> Section:
    """Return a section that ends with a block; its last subsection carries it, before a list of figures and tables."""
    if not section.sections:
        return replace(section, blocks=(*section.blocks, box))
    sections = list(section.sections)
    place = -2 if sections[-1].id == _LAST else -1
    sections[place] = _end_with(sections[place], box)
    return replace(section, sections=tuple(sections))


def _to_block(block: CommentBlock) -> Para | Bullets:
    texts = tuple(_to_text(text) for text in _texts(block))
    return Para(*texts) if isinstance(block, CommentParagraph) else Bullets(texts)


def _to_text(stretches: tuple[Stretch, ...]) -> str:
    """Return text in which nothing is marked but what was bold."""
    return "".join(embolden(each.text) if each.bold else plain(each.text) for each in stretches)
