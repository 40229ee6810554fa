"""How the cells of the workbook look, from the tokens of the report."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from ctieval.report.tokens import colour

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook

_LOOKS: Final[dict[str, dict[str, object]]] = {
    "title": {"bold": True, "font_size": 14, "font_color": colour("main")},
    "caption": {"bold": True, "font_size": 11, "font_color": colour("dark")},
    "warning": {"bold": True, "font_color": colour("accent-text")},
    "link": {"font_color": colour("main"), "underline": 1},
    "name": {"font_size": 8, "font_color": colour("mute"), "bottom": 5, "bottom_color": colour("main")},
    "head": {"bold": True, "font_color": colour("dark"), "text_wrap": True, "valign": "bottom"},
    "group": {"bold": True},
    "sub": {"indent": 1},
    "total": {"bold": True, "top": 1, "top_color": colour("main")},
    "body": {},
    "text": {"text_wrap": True, "valign": "top"},
    "input": {"locked": False, "bg_color": colour("warm"), "border": 1, "border_color": colour("accent")},
    "right": {"align": "right"},
    "aside": {"align": "left", "indent": 1},
    "aside_head": {"bold": True, "font_color": colour("dark"), "valign": "bottom", "align": "left", "indent": 1},
    "stale": {"font_color": colour("control"), "italic": True},
    "stale_warning": {"font_color": colour("accent-text"), "bold": True},
    "note": {"font_size": 9, "font_color": colour("mute"), "text_wrap": True, "valign": "top"},
}
_GROUND: Final[dict[str, object]] = {"font_name": "Arial", "font_size": 10, "valign": "top"}


@dataclass(frozen=True, slots=True)
class Looks:
    """The formats of one workbook, each made once.

    Attributes:
        book: The workbook.
        made: Formats by their names and what sets them apart.
    """

    book: Workbook
    made: dict[tuple[object, ...], Format] = field(init=False, default_factory=dict[tuple[object, ...], "Format"])

    def get(self, name: str, *, right: bool = False, number_format: str = "") -> Format:
        """Return the format of a cell.

        Args:
            name: What the cell is, such as ``head`` or ``total``.
            right: True for a cell whose content stands to the right.
            number_format: How a number is shown, or an empty string.
        """
        key = (name, right, number_format)
        if key not in self.made:
            extra: dict[str, object] = {"align": "right"} if right else {}
            if number_format:
                extra["num_format"] = number_format
            self.made[key] = self.book.add_format({**_GROUND, **_LOOKS[name], **extra})
        return self.made[key]
