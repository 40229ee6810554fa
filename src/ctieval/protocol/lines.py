"""Where a key stands in a TOML file, so that an error can name the line to mend."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.\"-]+)\s*\]\]?")
_KEY = re.compile(r"^\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")


@dataclass(frozen=True, slots=True)
class KeyLines:
    """Lines of the keys of one file.

    Attributes:
        lines: Line of each key by its full name, such as ``outcome[2].window_weeks``; a table stands under
            its own name.
    """

    lines: dict[str, int]

    def find(self, key: str) -> int | None:
        """Return the line of a key, or of the nearest table around it, or None."""
        while key:
            if key in self.lines:
                return self.lines[key]
            key = key.rpartition(".")[0]
        return None


def to_key_lines(text: str) -> KeyLines:
    r"""Find the line of every key of a TOML file.

    Examples:
        >>> to_key_lines('[trial]\ntitle = "T"').find("trial.title")
        2
    """
    lines: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(text.splitlines(), start=1):
        if header := _HEADER.match(line):
            table = header.group(2)
            if header.group(1) == "[[":
                lines.setdefault(table, number)
                counts[table] = counts.get(table, 0) + 1
                table = f"{table}[{counts[table]}]"
            lines.setdefault(table, number)
        elif key := _KEY.match(line):
            name = key.group(1).strip('"')
            lines.setdefault(f"{table}.{name}" if table else name, number)
    return KeyLines(lines)
