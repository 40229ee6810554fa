"""The files of a trial of one's own: a plan to fill in, and empty tables made from the schemas."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from ctieval.errors import InputError
from ctieval.protocol.lists import describe_codes, describe_headings
from ctieval.registers.codes import load_code_list
from ctieval.registers.schemas import load_schema

FORMS = {
    "trial.toml": "trial.toml",
    "LAES-MIG.txt": "LAES-MIG.txt",
    "koder-eksempel.txt": "koder-eksempel.txt",
    "skema-eksempel.txt": "skema-eksempel.txt",
    "rates/programme_cost-eksempel.txt": "programme_cost-eksempel.txt",
}
TABLES = ("persons", "periods", "employment", "activity", "survey", "usual_services", "ingredients", "accounts")


def write_templates(folder: Path) -> tuple[Path, ...]:
    """Write a plan, empty tables with Danish headings, and what to write in them; no file is ever replaced.

    Args:
        folder: A new folder, or one without these files.

    Returns:
        The files written.

    Raises:
        InputError: If one of the files is already there; then nothing is written.
    """
    shipped = resources.files("ctieval.protocol") / "forms"
    files = {folder / name: shipped.joinpath(form).read_bytes() for name, form in FORMS.items()}
    files |= {
        folder / "OVERSKRIFTER.txt": _to_bytes(describe_headings(TABLES)),
        folder / "YDELSESKODER.txt": _to_bytes(describe_codes(load_code_list())),
    }
    files |= {folder / "data" / f"{name}.csv": _empty_table(name) for name in TABLES}
    taken = [path for path in files if path.exists()]
    if taken:
        raise InputError(
            what="the folder already holds a trial",
            where=str(folder),
            found=", ".join(path.name for path in taken),
            expected="a new folder, or one without these files",
            do="choose another folder, or move the files away; nothing was written",
        )
    (folder / "data").mkdir(parents=True, exist_ok=True)
    (folder / "rates").mkdir(exist_ok=True)
    for path, content in files.items():
        path.write_bytes(content)
    return tuple(files)


def _empty_table(name: str) -> bytes:
    return _to_bytes(";".join(field.heading_da for field in load_schema(name).fields) + "\n")


def _to_bytes(text: str) -> bytes:
    """Return text as Danish Excel and Notepad read it: with a byte order mark and the line ends of Windows."""
    return ("\ufeff" + text.replace("\n", "\r\n")).encode("utf-8")
