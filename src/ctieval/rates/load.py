"""Loads the shipped rates with the trial's own laid over them; how a file is read lives in ``read``."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from ctieval.errors import RateError
from ctieval.rates.book import RateBook
from ctieval.rates.read import read_benefits, read_rate

BENEFITS = "benefits.toml"


def load_rates(overlay: Path | None = None) -> RateBook:
    """Load the shipped rate book, with the trial's own folder laid over it.

    The folder holds files of the same form, one a rate. A rate of the same name takes the place of the shipped
    one as a whole; other names are added. ``benefits.toml`` adds or replaces benefits by name.

    Args:
        overlay: Folder of the trial's own rates, or None.

    Raises:
        RateError: If the folder is not there, or a file cannot be read as UTF-8.
        RateError: If a file breaks its form; the message names the file and the key.

    Examples:
        >>> book = load_rates(None)
        >>> book.rate("refund_share").description
        "Share of a benefit that the state bears, by the person's week on the ladder"
    """
    tables = resources.files("ctieval.rates").joinpath("tables")
    shipped = {entry.name: entry.read_text(encoding="utf-8") for entry in tables.iterdir()}
    own = {} if overlay is None else _read_folder(overlay)
    benefits = read_benefits(shipped.pop(BENEFITS), BENEFITS)
    if BENEFITS in own:
        benefits = read_benefits(own.pop(BENEFITS), BENEFITS, benefits)
    rates = [read_rate(text, file) for file, text in sorted({**shipped, **own}.items())]
    return RateBook(tuple(rates), benefits)


def _read_folder(folder: Path) -> dict[str, str]:
    """Texts of the trial's own rate files, by name."""
    if not folder.is_dir():
        raise _unreadable(folder.name, "no such folder", "a folder of rate files")
    try:
        return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.toml"))}
    except (OSError, UnicodeDecodeError):
        raise _unreadable(folder.name, "a file that cannot be read", "TOML files in UTF-8") from None


def _unreadable(where: str, found: str, expected: str) -> RateError:
    return RateError(
        what="the trial's rates cannot be read",
        where=where,
        found=found,
        expected=expected,
        do="name the folder in the plan under data.rates, and save its files as UTF-8",
    )
