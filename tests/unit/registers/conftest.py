from datetime import date

import pytest

from ctieval.registers.codes import load_code_list
from ctieval.registers.read import read_registers

COVERS = (date(2018, 1, 1), date(2018, 12, 30))
PERSONS = [
    {"person_id": "b", "birth_date": "31-12-1980", "sex": "male", "municipality": "550"},
    {"person_id": "a", "birth_date": "01-02-1970", "sex": "female", "municipality": "153"},
]


def to_csv(rows, delimiter=";"):
    """Rows as the text of a semicolon file; the first row names the columns."""
    lines = [delimiter.join(rows[0])] + [delimiter.join(str(cell) for cell in row.values()) for row in rows]
    return "\n".join(lines) + "\n"


@pytest.fixture
def read_folder(tmp_path):
    """Write tables as CSV into a folder and read it: persons a and b, and 2018 covered, unless said otherwise."""

    def read(covers=COVERS, persons=PERSONS, **tables):
        for name, rows in {"persons": persons, **tables}.items():
            (tmp_path / f"{name}.csv").write_text(to_csv(rows), encoding="utf-8")
        return read_registers(tmp_path, load_code_list(), covers=covers)

    return read
