"""Text files of separated cells: their encoding, their delimiter and their cells as text; no cell is typed here.

Recognised: semicolon, tab and comma; UTF-8 with and without a byte order mark, and Windows-1252. A file that mixes
encodings is refused, since its names and identifiers cannot be trusted to match those of another file.
"""

from __future__ import annotations

import contextlib
import csv
import io
from itertools import islice
from typing import Protocol

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pa_csv

from ctieval.errors import InputError
from ctieval.registers.cells import distinct
from ctieval.registers.headings import set_headings
from ctieval.registers.number_text import DecimalMark, read_numbers

DELIMITERS = {";": "semicolon", "\t": "tab", ",": "comma"}

_UTF8_MARK = b"\xef\xbb\xbf"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TYPOGRAPHY = frozenset(
    "\u20ac\u2018\u2019\u201c\u201d\u2013\u2014\u2026\u2022\u00a7\u00b0\u00b1\u00b2\u00b3\u00b4\u00b7\u00bd\u00ab\u00bb\u00a3\u00d7\u00a0"
)
_LINES_LOOKED_AT = 50
_BLOCK_BYTES = 1 << 24
_SAVE_AS = "save the file again as CSV UTF-8 from the program that made it"


class _InvalidRow(Protocol):
    """What PyArrow tells about a row that does not fit."""

    number: int | None
    actual_columns: int
    expected_columns: int


def read_csv(content: bytes, name: str) -> tuple[pd.DataFrame, str]:
    r"""Read the cells of a separated text file under the headings of its first row.

    Args:
        content: The bytes of the file.
        name: Name of the file, for errors.

    Returns:
        The table, each filled cell as text, and what was recognised.

    Raises:
        InputError: If the encoding cannot be told or is mixed; if there is one column only; if a row does not have as
            many cells as the headings; if ``headings.set_headings`` refuses the rows.

    Examples:
        >>> read_csv("id;tal\n1;2,5\n".encode(), "a.csv")[1]
        'CSV, semicolon, decimal comma, UTF-8'
    """
    text, encoding = _decode(content, name)
    delimiter = _recognise_delimiter(text, name)
    table = set_headings(_split(text, delimiter, name), name)
    return table, f"CSV, {DELIMITERS[delimiter]}, {_decimals(table)}, {encoding}"


def recognise_dialect(head: bytes, name: str) -> tuple[str, str]:
    r"""Recognise the delimiter and the encoding of a text file from its first lines.

    Args:
        head: The first bytes of the file; a last line that is cut is not looked at.
        name: Name of the file, for errors.

    Raises:
        InputError: If the encoding cannot be told or is mixed, or there is one column only.

    Examples:
        >>> recognise_dialect("id;by\n1;Sø\n2;S".encode("cp1252"), "a.csv")
        (';', 'Windows-1252')
    """
    whole = head[: head.rfind(b"\n") + 1] or head
    text, encoding = _decode(whole, name)
    return _recognise_delimiter(text, name), encoding


def _decode(content: bytes, name: str) -> tuple[str, str]:
    """Return the text of a file and the name of its encoding."""
    if content.startswith(_UTF16_MARKS) or b"\x00" in content:
        raise _encoding_error(name, "the encoding is not one that is read here", "UTF-16, or a file that is no text")
    has_mark = content.startswith(_UTF8_MARK)
    content = content.removeprefix(_UTF8_MARK)
    try:
        return content.decode("utf-8"), "UTF-8 with byte order mark" if has_mark else "UTF-8"
    except UnicodeDecodeError as error:
        row = content[: error.start].count(b"\n") + 1
    if has_mark or _holds_utf8(content):
        found = f"letters in UTF-8, and bytes that are no UTF-8, first in line {row}"
        raise _encoding_error(name, "the file mixes two encodings", found) from None
    return _decode_windows(content, name, row), "Windows-1252"


def _holds_utf8(content: bytes) -> bool:
    """Return whether at least one character outside ASCII is written as UTF-8."""
    return any(
        ord(letter) > 0x7F and not 0xDC80 <= ord(letter) <= 0xDCFF
        for letter in set(content.decode("utf-8", errors="surrogateescape"))
    )


def _decode_windows(content: bytes, name: str, row: int) -> str:
    """Return the text of a Windows-1252 file, if letters and typography are all that it holds beyond ASCII."""
    found = f"bytes that are neither, first in line {row}"
    try:
        text = content.decode("cp1252")
    except UnicodeDecodeError:
        raise _encoding_error(name, "the file is neither UTF-8 nor Windows-1252", found) from None
    if any(not (letter.isascii() or letter.isalpha() or letter in _TYPOGRAPHY) for letter in set(text)):
        raise _encoding_error(name, "the file is neither UTF-8 nor Windows-1252", found)
    return text


def _encoding_error(name: str, what: str, found: str) -> InputError:
    """Return the error about an encoding."""
    expected = "one encoding throughout: UTF-8 or Windows-1252"
    return InputError(what=what, where=name, found=found, expected=expected, do=_SAVE_AS)


def _recognise_delimiter(text: str, name: str) -> str:
    """Return the delimiter that cuts the first lines into the most columns, as many in each line as in the first."""
    widths = {delimiter: _widths(text, delimiter) for delimiter in DELIMITERS}
    wide = {delimiter: found for delimiter, found in widths.items() if found and found[0] > 1}
    if not wide:
        raise InputError(
            what="the file has one column only",
            where=name,
            found="a first row without a semicolon, a tab or a comma between cells",
            expected="cells separated by semicolons (as Danish Excel writes them), tabs or commas",
            do="save the file again as CSV with semicolons",
        )
    return max(wide, key=lambda delimiter: (len(set(wide[delimiter])) == 1, wide[delimiter][0]))


def _widths(text: str, delimiter: str) -> list[int]:
    """Return the number of cells in each of the first lines that hold any, up to a cell without an end."""
    widths: list[int] = []
    with contextlib.suppress(csv.Error):
        records = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        widths.extend(len(record) for record in islice(records, _LINES_LOOKED_AT) if record)
    return widths


def _split(text: str, delimiter: str, name: str) -> pd.DataFrame:
    """Return every row of a text, the headings among them, as a frame of texts."""
    ragged: list[tuple[int, int, int]] = []

    def note(row: _InvalidRow) -> str:
        ragged.append((row.number or 0, row.actual_columns, row.expected_columns))
        return "skip"

    content = text.rstrip("\r\n").encode()
    width = _widths(text, delimiter)[0]
    headings = [f"f{position}" for position in range(width)]
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(content),
            read_options=pa_csv.ReadOptions(column_names=headings, use_threads=False, block_size=_BLOCK_BYTES),
            parse_options=pa_csv.ParseOptions(
                delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=note
            ),
            convert_options=pa_csv.ConvertOptions(column_types=dict.fromkeys(headings, pa.string())),
        )
    except pa.ArrowInvalid:
        raise _quote_error(name) from None
    if ragged:
        raise _ragged_error(name, ragged)
    return table.to_pandas()


def _quote_error(name: str) -> InputError:
    """Return the error about a quotation mark that is opened and not closed."""
    return InputError(
        what="the file cannot be cut into rows",
        where=name,
        found="a quotation mark that is opened and never closed, or a broken row",
        expected='quotation marks in pairs; a quotation mark inside a cell is written twice ("")',
        do="correct the file, or save it again as CSV",
    )


def _ragged_error(name: str, ragged: list[tuple[int, int, int]]) -> InputError:
    """Return the error about rows with too few or too many cells."""
    row, found, expected = ragged[0]
    return InputError(
        what="rows have more or fewer cells than the headings",
        where=f"{name}, first in row {row}",
        found=f"{len(ragged)} such {'row' if len(ragged) == 1 else 'rows'}; row {row} has {found} cells",
        expected=f"{expected} cells in every row, as in the headings",
        do="look for a delimiter inside a cell (put the cell in quotation marks) or a row that was cut",
    )


def _decimals(table: pd.DataFrame) -> str:
    """Return which decimal marks the columns of numbers have."""
    marks = {_mark(table[column]) for column in table.columns}
    names = [mark.name.lower() for mark in (DecimalMark.COMMA, DecimalMark.POINT) if mark in marks]
    return f"decimal {' and '.join(names)}" if names else "no decimals"


def _mark(cells: pd.Series[str]) -> DecimalMark:
    """Return the decimal mark of a column of numbers, ``NONE`` for every other column."""
    texts = [str(value) for value in distinct(cells).cells]
    if not any("," in text or "." in text for text in texts):
        return DecimalMark.NONE
    reading = read_numbers(texts)
    return DecimalMark.NONE if reading.broken.any() else reading.mark
