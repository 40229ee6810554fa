import io
import os
import re
import zipfile
from pathlib import Path

import numpy as np
import pikepdf
import pytest
from hypothesis import settings

from ctieval.cli.main import run
from ctieval.domain.allocation import Allocation, Declared
from ctieval.domain.arms import Arms
from ctieval.domain.design import Blocked, Complete

ROOT = Path(__file__).parents[1]
settings.register_profile("ctieval", deadline=None, max_examples=60, derandomize=True)
settings.load_profile("ctieval")


@pytest.fixture
def call(capsys):
    """Run a command in this process, and give its exit code, standard output and standard error."""

    def run_command(*arguments):
        with pytest.raises(SystemExit) as left:
            run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return left.value.code, captured.out, captured.err

    return run_command


def tell_absent(reason, means):
    """Skip with the reason, or fail where CTIEVAL_REQUIRE_<means> says that such tests may not be skipped."""
    if os.environ.get(f"CTIEVAL_REQUIRE_{means}") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def absent():
    """The function that skips a test whose means are not here, or fails it where they are required."""
    return tell_absent


@pytest.fixture(scope="session")
def reference() -> Path:
    """Folder of the reference data and golden values, read from CTIEVAL_REFERENCE."""
    folder = Path(os.environ.get("CTIEVAL_REFERENCE", ROOT / ".." / "shared" / "reference")).resolve()
    if not (folder / "values").is_dir():
        reason = "the reference data are not here; name their folder in CTIEVAL_REFERENCE"
        tell_absent(reason, "REFERENCE")
    return folder


def allocation_of(arm, block=None) -> Allocation:
    """An allocation with these arms and blocks; persons are numbered."""
    arm = np.asarray(arm, dtype=np.int64)
    n = len(arm)
    ids = np.array([f"P{i:06d}" for i in range(n)], dtype=object)
    if block is None:
        number, labels = np.zeros(n, dtype=np.int64), ("",)
        design = Complete(int(arm.sum()))
    else:
        labels_found, number = np.unique(np.asarray(block), return_inverse=True)
        labels = tuple(str(label) for label in labels_found)
        design = Blocked("block", tuple((label, int(arm[number == i].sum())) for i, label in enumerate(labels)))
    share = np.array([arm[number == i].mean() for i in range(len(labels))])
    return Allocation(
        person_id=ids,
        arm=arm,
        probability=np.column_stack([1 - share, share])[number],
        block=number.astype(np.int64),
        block_labels=labels,
        cluster=np.zeros(n, dtype=np.int64),
        cluster_labels=("",),
        randomised_on=np.full(n, np.datetime64("NaT"), dtype="datetime64[D]"),
        arms=Arms("intervention", "control"),
        design=design,
        proof=Declared(),
    )


@pytest.fixture(scope="session")
def make_allocation():
    """The function that makes an allocation from arms and blocks."""
    return allocation_of


def pdf_text(content) -> str:
    """The text of a PDF, decoded by the maps that its fonts carry, with that of its drawings."""
    with pikepdf.open(io.BytesIO(content)) as file:
        told = [str(file.docinfo), str(file.open_metadata())]
        told += [
            str(element.Alt)
            for element in file.objects
            if isinstance(element, pikepdf.Dictionary) and "/Alt" in element
        ]
        return "\n".join([*told, *("".join(_drawn_text(page, page.Resources)) for page in file.pages)])


def _drawn_text(stream, resources):
    fonts = {name: _signs_of(font) for name, font in resources.get("/Font", {}).items()}
    signs = {}
    for operands, operator in pikepdf.parse_content_stream(stream):
        match str(operator):
            case "Tf":
                signs = fonts[str(operands[0])]
            case "Tj" | "TJ":
                pieces = operands[0] if str(operator) == "TJ" else operands
                for raw in (bytes(piece) for piece in pieces if isinstance(piece, pikepdf.String)):
                    yield "".join(signs.get(raw[at : at + 2], "") for at in range(0, len(raw), 2))
            case "Do":
                inner = resources.XObject[str(operands[0])]
                if inner.get("/Subtype") == "/Form":
                    yield from _drawn_text(inner, inner.get("/Resources", resources))


def _signs_of(font) -> dict[bytes, str]:
    """The signs of a font by their codes of two bytes."""
    text = font.ToUnicode.read_bytes().decode("latin-1")
    found = {}
    for block in re.findall(r"beginbfchar(.*?)endbfchar", text, re.DOTALL):
        for code, sign in re.findall(r"<(\w+)>\s*<(\w+)>", block):
            found[bytes.fromhex(code)] = bytes.fromhex(sign).decode("utf-16-be")
    assert "beginbfrange" not in text
    return found


def written_text(path) -> str:
    """Everything that a file of a report says, packed or not."""
    content = path.read_bytes()
    if path.suffix == ".pdf":
        return pdf_text(content)
    if path.suffix in {".docx", ".xlsx"}:
        with zipfile.ZipFile(path) as packed:
            return "\n".join(packed.read(name).decode("utf-8", "replace") for name in packed.namelist())
    return content.decode("utf-8")


@pytest.fixture(scope="session")
def read_pdf():
    """The function that reads the text of a PDF."""
    return pdf_text


@pytest.fixture(scope="session")
def read_written():
    """The function that reads everything a file of a report says."""
    return written_text
