"""Names lines at their ends, so that no legend is needed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ctieval.report.charts.sheet import LINE_INCHES, SOLID, Dash, Ink, Sheet, wrap
from ctieval.report.charts.weeks import Frame, spread

END_LABELS: Final = 1.3
"""Room to the right of a frame for the names of its lines."""

_PAD: Final = 0.06
_MOST_LINES: Final = 3


LEADING: Final = Ink("main", "bold")
"""How the name of the line that matters most is written."""


@dataclass(frozen=True, slots=True)
class End:
    """The end of a line.

    Attributes:
        y: Where it ends on the sheet.
        name: Its name; empty where the value says it all.
        value: Its last value, printed; or an empty string.
        tone: Its colour.
        dash: How it is dashed.
        ink: How the name is written.
        points: Its thickness.
    """

    y: float
    name: str
    value: str
    tone: str
    dash: Dash = SOLID
    ink: Ink = LEADING
    points: float = 1.9

    @property
    def lines(self) -> tuple[str, ...]:
        """What is written at the end."""
        names = list(wrap(self.name, END_LABELS - 0.3, self.ink)) if self.name else []
        if len(names) > _MOST_LINES:
            names[_MOST_LINES - 1 :] = [f"{names[_MOST_LINES - 1][:-1]}…"]
        return (*names, self.value) if self.value else tuple(names)


def draw_ends(sheet: Sheet, frame: Frame, ends: Sequence[End]) -> None:
    """Write names and last values beside the frame, each by a piece of its line, none over another."""
    ordered = sorted(ends, key=lambda end: end.y)
    texts = [end.lines for end in ordered]
    room = max(map(len, texts)) * LINE_INCHES
    low = min(frame.top, frame.bottom - len(ends) * (room + _PAD)) + room / 2
    places = spread([end.y for end in ordered], room + _PAD, low, frame.bottom - room / 2)
    for y, lines, end in zip(places, texts, ordered, strict=True):
        first = y - (len(lines) - 1) / 2 * LINE_INCHES
        piece = (frame.right + 0.07, frame.right + 0.29)
        sheet.line(piece, (first, first), tone=end.tone, points=end.points, dash=end.dash)
        for number, text in enumerate(lines):
            sheet.text(frame.right + 0.35, first + number * LINE_INCHES, text, ink=end.ink)
