import builtins
import subprocess
import sys

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from ctieval.errors import InputError, SchemaError
from ctieval.registers.codes import load_code_list
from ctieval.registers.pull import read_participants
from ctieval.registers.read import read_registers
from ctieval.registers.read_table import read_table

pytest.importorskip("duckdb")

N = 2_000
WANTED = ["1999", "7", "1.0", " 12 "]
IDS = ["1", "7", "12", "1999"]


@pytest.fixture
def national(tmp_path):
    """A national file of N persons, ids 0 to N - 1, as Parquet or text."""

    def write(name, ids=None, encoding="utf-8"):
        rng = np.random.default_rng(5)
        frame = pd.DataFrame({"Lobenr": np.arange(N) if ids is None else ids})
        for week in range(1, 30):
            frame[f"y_18{week:02d}"] = pd.array(rng.choice([0, 730, 651], N), dtype="Int16")
            frame.loc[rng.random(N) < 0.4, f"y_18{week:02d}"] = pd.NA
        frame["grad_2018_01"] = rng.choice([0.0, 0.5, np.nan], N)
        frame["by"] = rng.choice(["Sø", "", "x;y"], N)
        path = tmp_path / name
        if path.suffix == ".parquet":
            frame.to_parquet(path, row_group_size=300)
        else:
            frame.to_csv(path, sep=";", index=False, encoding=encoding)
        return path

    return write


def whole(path, ids=IDS):
    """The rows of the participants, the whole file having been read."""
    frame = read_table(path).frame
    key = frame["Lobenr"].astype("str").str.replace(".0", "", regex=False)
    return frame[key.isin(ids)].reset_index(drop=True)


@pytest.mark.parametrize(
    ("name", "encoding", "kind"),
    [
        ("n.parquet", "", "Parquet"),
        ("n.csv", "utf-8", "CSV, semicolon, UTF-8"),
        ("n.txt", "cp1252", "CSV, semicolon, Windows-1252"),
        ("n.csv", "utf-8-sig", "CSV, semicolon, UTF-8 with byte order mark"),
    ],
)
def test_the_rows_pulled_out_are_those_of_the_whole_file(national, name, encoding, kind):
    path = national(name, encoding=encoding)
    pulled = read_participants(path, [*WANTED, "no such person"])
    pd.testing.assert_frame_equal(pulled.table.frame, whole(path), check_dtype=False)
    assert (pulled.n_found, pulled.n_absent) == (4, 1)
    assert pulled.table.recognised == f"{name}: {kind}, 4 rows of 4 participants pulled out, 1 without a row"
    assert repr(pulled) == "Pulled(4 of 5 persons)"


@pytest.mark.parametrize("name", ["n.parquet", "n.csv"])
def test_registers_of_the_participants_are_those_of_the_whole_file(national, name):
    path = national(name)
    persons = pd.DataFrame({"person_id": IDS, "birth_date": "1970-02-01", "sex": "female", "municipality": "153"})
    pulled = read_participants(path, IDS)
    found = read_registers({"persons": persons, "dream": pulled.table}, load_code_list())
    expected = read_registers({"persons": persons, "dream": whole(path)}, load_code_list())
    assert (found.weeks.code == expected.weeks.code).all()
    assert (found.weeks.code > 0).any()
    np.testing.assert_array_equal(found.employment.employed, expected.employment.employed)
    assert found.recognised[0].startswith(f"{name}: ")


@pytest.mark.parametrize(
    "ids",
    [np.arange(N, dtype=np.float64), np.arange(N).astype(str), [f" {number}.0" for number in range(N)]],
    ids=["decimals", "texts", "texts with decimals"],
)
def test_identifiers_match_however_the_file_holds_them(national, ids):
    assert read_participants(national("n.parquet", ids=ids), WANTED).n_found == 4


def test_texts_that_only_end_like_a_number_are_other_identifiers(national):
    path = national("n.parquet", ids=[f"p{number}.0" for number in range(N)])
    assert read_participants(path, ["p1.0", "p2"]).n_found == 1


def test_a_letter_after_the_first_lines_may_tell_the_encoding(tmp_path):
    path = tmp_path / "n.csv"
    plain = "".join(f"{number};x\n" for number in range(200_000))
    path.write_bytes(b"lobenr;by\n" + plain.encode() + "k;Sø\n".encode("cp1252"))
    pulled = read_participants(path, ["k", "5"])
    assert pulled.table.frame["by"].tolist() == ["x", "Sø"]
    assert "Windows-1252" in pulled.table.recognised


def test_a_declared_heading_of_the_identifiers_holds(tmp_path):
    pq.write_table(pa.table({'the "key"': ["a", "b"], "y_1801": [1, 2]}), tmp_path / "n.parquet")
    assert read_participants(tmp_path / "n.parquet", ["b"], heading='the "key"').table.frame["y_1801"].tolist() == [2]
    with pytest.raises(SchemaError) as caught:
        read_participants(tmp_path / "n.parquet", ["b"])
    assert caught.value.column == "person_id"


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("n.csv", b"lobenr;a\n1;2\n", "no row of any participant"),
        ("n.csv", b"lobenr;a\nKanariefugl\n", "rows of unequal length, an open quotation mark, or a second encoding"),
        ("n.parquet", b"Kanariefugl", "a file that is damaged, or of another kind"),
        ("n.xlsx", b"Kanariefugl", "the ending .xlsx"),
        ("n", b"Kanariefugl", "the ending of no kind"),
    ],
)
def test_files_out_of_which_nothing_can_be_pulled_are_refused(tmp_path, name, content, found):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        read_participants(tmp_path / name, ["Kanariefugl"])
    assert caught.value.found == found
    assert "Kanariefugl" not in str(caught.value)


def test_a_file_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="no file of that name"):
        read_participants(tmp_path / "n.parquet", ["a"])


def test_cpr_numbers_among_the_participants_are_refused(national):
    path = national("n.csv", ids=[f"010150{number:04d}" for number in range(N)])
    with pytest.raises(SchemaError, match="CPR"):
        read_participants(path, ["0101500001"])


def test_without_the_extra_the_error_says_what_to_install(national, monkeypatch):
    path = national("n.parquet")
    real = builtins.__import__

    def without(name, *args):
        if name == "duckdb":
            raise ImportError
        return real(name, *args)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError) as caught:
        read_participants(path, IDS)
    assert "ctieval[sql]" in caught.value.do


GROWTH = """
import resource, sys
from pathlib import Path
from ctieval.registers.pull import read_participants
peaks = []
for path in sys.argv[1:]:
    assert read_participants(Path(path), ["3", "4999"]).n_found == 2
    peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print(1024 * (peaks[1] - peaks[0]))
"""


def test_memory_does_not_grow_with_a_text_file(tmp_path):
    headings, line = (";".join(cells) for cells in ((f"c{number}" for number in range(500)), ["730"] * 500))
    paths = [tmp_path / "small.csv", tmp_path / "large.csv"]
    for path, n_rows in zip(paths, (20_000, 80_000), strict=True):
        rows = (f"{number};{line}\n" for number in range(n_rows))
        path.write_text(f"lobenr;{headings}\n{''.join(rows)}", encoding="utf-8")
    ran = subprocess.run([sys.executable, "-c", GROWTH, *map(str, paths)], capture_output=True, text=True, check=True)
    assert paths[1].stat().st_size - paths[0].stat().st_size > 120e6
    assert int(ran.stdout) < 60e6
