"""Makes a text fit to stand in XML, which cannot hold every sign that a user may have typed."""

from __future__ import annotations

import re
from typing import Final

from ctieval.report.inline import plain

_NOT_IN_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufdcf\ufdf0-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """Return a text without the marks of ``inline``; signs that XML cannot hold become the replacement sign.

    Examples:
        >>> xml_text("Forsøg")
        'Forsøg'
        >>> xml_text("a" + chr(11) + "b") == "a" + chr(0xFFFD) + "b"
        True
    """
    return _NOT_IN_XML.sub("\ufffd", plain(text))
