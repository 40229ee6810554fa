"""What the evaluator has to say of her own about a chapter; who reads it, and where it is printed, is elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from ctieval.domain.wording import Language


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of text that looks the same throughout.

    Attributes:
        text: The text, to be printed as it stands.
        bold: True where it is bold.
    """

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class CommentParagraph:
    """A paragraph of a comment.

    Attributes:
        stretches: Its text.
    """

    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class CommentList:
    """A list in a comment.

    Attributes:
        items: The text of each point.
    """

    items: tuple[tuple[Stretch, ...], ...]


CommentBlock: TypeAlias = CommentParagraph | CommentList


@dataclass(frozen=True, slots=True)
class Comment:
    """What is said about one chapter.

    Attributes:
        heading: The chapter as its writer names it.
        line: Line of the heading in the file, counted from 1.
        blocks: What is said; empty under a heading that nobody has written under yet.
    """

    heading: str
    line: int
    blocks: tuple[CommentBlock, ...]


@dataclass(frozen=True, slots=True)
class CommentFile:
    """The comments of one language.

    Attributes:
        name: Name of the file.
        lang: Language of the reports that they go into.
        digest: SHA-256 of the file.
        comments: The comments, in the order of the file.
    """

    name: str
    lang: Language
    digest: str
    comments: tuple[Comment, ...]
