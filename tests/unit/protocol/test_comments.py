import hashlib

import pytest

from ctieval.domain.comment import CommentList, CommentParagraph, Stretch
from ctieval.errors import ProtocolError
from ctieval.protocol.comments import read_comments

TOLD = """# Resumé

Et afsnit over
to linjer med **fed skrift**.

- Første **punkt**
- Andet punkt

## effects

1 < 2 & *stjerner* er \\*ikke\\* en liste.
"""


def read(folder, text, name="kommentar.md"):
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_comments(folder)


def refused(folder, text):
    with pytest.raises(ProtocolError) as caught:
        read(folder, text)
    return caught.value


def test_nobody_needs_to_comment(tmp_path):
    assert read_comments(tmp_path) == ()


def test_paragraphs_lists_and_bold_are_read(tmp_path):
    (file,) = read(tmp_path, TOLD.replace("*stjerner* er ", ""))
    assert (file.name, file.lang) == ("kommentar.md", "da")
    assert file.digest == hashlib.sha256((tmp_path / "kommentar.md").read_bytes()).hexdigest()
    first, second = file.comments
    assert (first.heading, first.line, second.heading, second.line) == ("Resumé", 1, "effects", 9)
    paragraph, points = first.blocks
    assert paragraph == CommentParagraph(
        (
            Stretch("Et afsnit over"),
            Stretch(" "),
            Stretch("to linjer med "),
            Stretch("fed skrift", bold=True),
            Stretch("."),
        )
    )
    assert points == CommentList(
        ((Stretch("Første "), Stretch("punkt", bold=True)), (Stretch("Andet punkt"),)),
    )
    (text,) = second.blocks
    assert "".join(stretch.text for stretch in text.stretches) == "1 < 2 & *ikke* en liste."


def test_each_language_has_its_file(tmp_path):
    read(tmp_path, "# Resumé\n\nKort.\n")
    found = read(tmp_path, "# Summary\n\nShort.\n", "comment.md")
    assert [(file.name, file.lang) for file in found] == [("kommentar.md", "da"), ("comment.md", "en")]


def test_a_byte_order_mark_is_no_text(tmp_path):
    (file,) = read(tmp_path, b"\xef\xbb\xbf# Resum\xc3\xa9\n\nKort.\n")
    assert file.comments[0].heading == "Resumé"


def test_a_heading_without_text_is_a_comment_without_text(tmp_path):
    (file,) = read(tmp_path, "# Resumé\n\n# Effekter\n")
    assert [comment.blocks for comment in file.comments] == [(), ()]


@pytest.mark.parametrize(
    ("written", "line", "found"),
    [
        ("Tekst først.\n", 1, "before the first heading"),
        ("# A\n\nEn\nog *to*.\n", 4, "italics"),
        ("# A\n\n**fed\nog** <i>to</i>.\n", 4, "HTML"),
        ("# A\n\n<div>b</div>\n", 3, "HTML"),
        ("# A\n\nSe [her](https://example.org).\n", 3, "a link"),
        ("# A\n\n![b](c.png)\n", 3, "a picture"),
        ("# A\n\n1. b\n", 3, "a numbered list"),
        ("# A\n\n- b\n  - c\n", 4, "a list inside a list"),
        ("# A\n\n- b\n\n  c\n", 5, "a second paragraph"),
        ("# A\n\n- # b\n", 3, "a heading inside a list"),
        ("# A\n\n- \n- b\n", 3, "a point without text"),
        ("# A\n\n> b\n", 3, "a quotation"),
        ("# A\n\n    b\n", 3, "four spaces"),
        ("# A\n\n```\nb\n```\n", 3, "code"),
        ("# A\n\nb `c`\n", 3, "code"),
        ("# A\n\n***\n", 3, "a line across the page"),
        ("# A\n\n&nbsp;\n", 3, "no sign"),
        ("# A\n\n\ufdd0\n", 3, "no sign"),
        ("#\n", 1, "no sign"),
        (b"# A\n\n\xe6\n", None, "UTF-8"),
    ],
)
def test_anything_else_is_refused_with_its_line(tmp_path, written, line, found):
    error = refused(tmp_path, written)
    assert error.exit_code == 13
    assert (error.file, error.line) == ("kommentar.md", line)
    assert found in error.found


@pytest.mark.parametrize(
    "personal",
    [
        "010203-1234",
        "0102031234",
        "010203 \u2013 1234",
        "**010203**-1234",
        "010203-\n1234",
        "710203-1234",
        "per.son@kommune.dk",
        "**per**.son@kommune.dk",
    ],
)
def test_what_may_tell_who_somebody_is_is_refused_and_never_shown(tmp_path, personal):
    error = refused(tmp_path, f"# Resumé\n\n- Spørg {personal} om det.\n")
    assert error.line == 3
    assert "not shown" in error.found
    for piece in ("1234", "010203", "son@"):
        assert piece not in str(error)


@pytest.mark.parametrize("harmless", ["12345678", "2018-123456", "31.12.2026", "990000-2020", "12345678901", "5 @ 3"])
def test_other_numbers_may_stand(tmp_path, harmless):
    assert read(tmp_path, f"# Resumé\n\nSag {harmless}.\n")
