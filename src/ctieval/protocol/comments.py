"""Reads the evaluator's comments, ``kommentar.md`` and ``comment.md`` beside the plan; their place is the report's."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from ctieval.domain.comment import Comment, CommentBlock, CommentFile, CommentList, CommentParagraph, Stretch
from ctieval.domain.wording import Language
from ctieval.errors import ProtocolError

if TYPE_CHECKING:
    from markdown_it.tree import SyntaxTreeNode

COMMENT_FILES: Final[dict[Language, str]] = {"da": "kommentar.md", "en": "comment.md"}

_DAY: Final = r"(?:[06][1-9]|[1278]\d|[39][01])"
"""Day of a CPR number; one of a person without an address in Denmark has 60 added to it."""

_CPR: Final = re.compile(rf"(?<!\d){_DAY}(?:0[1-9]|1[0-2])\d\d\s*[-\u2010-\u2015]?\s*\d{{4}}(?!\d)")
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+\.\w")
_NAMES: Final = {
    "blockquote": "a quotation",
    "bullet_list": "a list inside a list",
    "code_block": "a line indented by four spaces or more",
    "code_inline": "code",
    "em": "text in italics",
    "fence": "code",
    "heading": "a heading inside a list",
    "hr": "a line across the page",
    "html_block": "HTML",
    "html_inline": "HTML",
    "image": "a picture",
    "link": "a link",
    "ordered_list": "a numbered list",
    "paragraph": "a second paragraph in a point of a list",
}
_BREAKS: Final = ("softbreak", "hardbreak")


def read_comments(folder: Path) -> tuple[CommentFile, ...]:
    """Read the comments that lie in the folder of a plan: one file a language, a heading for each chapter.

    Markdown with paragraphs, bullet lists and bold. Anything else is refused, so that a comment looks the same in
    every format. Which chapters there are is no matter of this function.

    Args:
        folder: The folder of the plan.

    Returns:
        The files that are there; none where nobody has commented.

    Raises:
        ProtocolError: If a file is not UTF-8.
        ProtocolError: If a text holds what looks like a CPR number or an e-mail address; it is never shown.
        ProtocolError: If something stands before the first heading, or is no paragraph, bullet list or bold text.
    """
    return tuple(_read(folder / name, lang) for lang, name in COMMENT_FILES.items() if (folder / name).is_file())


def _read(file: Path, lang: Language) -> CommentFile:
    content = file.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _refused(file.name, None, "bytes that are not UTF-8", "text in UTF-8") from None
    for number, line in enumerate(text.splitlines(), start=1):
        _check_personal(line, file.name, number)
    return CommentFile(file.name, lang, hashlib.sha256(content).hexdigest(), tuple(_comments(_parse(text), file.name)))


def _parse(text: str) -> SyntaxTreeNode:
    from markdown_it import MarkdownIt  # noqa: PLC0415 (most trials have no comments)
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415

    return SyntaxTreeNode(MarkdownIt("commonmark").parse(text))


def _comments(tree: SyntaxTreeNode, file: str) -> Iterator[Comment]:
    """Cut a file at its headings."""
    heading: Comment | None = None
    blocks: list[CommentBlock] = []
    for node in tree.children:
        if node.type == "heading":
            if heading is not None:
                yield Comment(heading.heading, heading.line, tuple(blocks))
            name = "".join(stretch.text for stretch in _stretches(node, file))
            heading, blocks = Comment(name, _line(node), ()), []
        elif heading is None:
            raise _refused(file, _line(node), "text before the first heading", "a heading with the name of a chapter")
        else:
            blocks.append(_block(node, file))
    if heading is not None:
        yield Comment(heading.heading, heading.line, tuple(blocks))


def _block(node: SyntaxTreeNode, file: str) -> CommentBlock:
    if node.type == "paragraph":
        return CommentParagraph(_stretches(node, file))
    if node.type == "bullet_list":
        return CommentList(tuple(_point(item, file) for item in node.children))
    raise _unknown(file, _line(node), node.type)


def _point(item: SyntaxTreeNode, file: str) -> tuple[Stretch, ...]:
    """Read a point of a list: one paragraph and nothing under it."""
    if not item.children:
        raise _refused(file, _line(item), "a point without text", "text after each mark of a list")
    text, *others = item.children
    for child in others if text.type == "paragraph" else [text]:
        raise _unknown(file, _line(child), child.type)
    return _stretches(text, file)


def _stretches(holder: SyntaxTreeNode, file: str) -> tuple[Stretch, ...]:
    """Read the text of a paragraph or a heading."""
    found = tuple(stretch for inline in holder.children for stretch in _inline(inline, file, _line(holder)))
    text = "".join(stretch.text for stretch in found)
    _check_personal(text, file, _line(holder))
    if not any(sign.isprintable() and not sign.isspace() for sign in text):
        raise _refused(file, _line(holder), "no sign that can be read", "text")
    return found


def _inline(parent: SyntaxTreeNode, file: str, line: int, *, bold: bool = False) -> Iterator[Stretch]:
    for node in parent.children:
        if node.type in _BREAKS:
            line += 1
            yield Stretch(" ", bold)
        elif node.type == "text":
            yield from (Stretch(node.content, bold),) if node.content else ()
        elif node.type == "strong":
            yield from _inline(node, file, line, bold=True)
            line += sum(inner.type in _BREAKS for inner in node.walk())
        else:
            raise _unknown(file, line, node.type)


def _check_personal(text: str, file: str, line: int) -> None:
    """Refuse what may tell who somebody is."""
    for shape, name in ((_CPR, "what looks like a CPR number"), (_EMAIL, "what looks like an e-mail address")):
        if shape.search(text):
            raise _refused(file, line, f"{name}; it is not shown, since it may be personal", "a text about no person")


def _line(node: SyntaxTreeNode) -> int:
    """Return the line on which a block begins."""
    return 1 if node.map is None else node.map[0] + 1


def _unknown(file: str, line: int, kind: str) -> ProtocolError:
    expected = "paragraphs, bullet lists (- at the start of the line) and **bold**, under headings"
    return _refused(file, line, _NAMES[kind], expected)


def _refused(file: str, line: int | None, found: str, expected: str) -> ProtocolError:
    return ProtocolError(
        file=file,
        key="the comment",
        line=line,
        what="the evaluator's comments cannot be printed as they stand",
        found=found,
        expected=expected,
        do=f"mend {file}, or take it away: the report is made without it too",
    )
