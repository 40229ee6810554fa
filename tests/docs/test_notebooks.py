"""Every notebook runs from top to bottom, without an error and without a word on standard error."""

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
pytestmark = pytest.mark.notebook


def test_there_are_at_most_six():
    assert 1 <= len(NOTEBOOKS) <= 6


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_outputs_are_not_kept_and_no_function_is_defined(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None
        assert "def " not in cell.source


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_notebook_runs(path, request, tmp_path, monkeypatch):
    if "jobs" in path.stem:
        monkeypatch.setenv("CTIEVAL_REFERENCE", str(request.getfixturevalue("reference")))
    monkeypatch.setenv("CTIEVAL_NOTEBOOK_FOLDER", str(tmp_path))
    monkeypatch.setenv("PYTHONWARNINGS", "error::UserWarning:ctieval")
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(
        notebook,
        timeout=300,
        kernel_name="python3",
        record_timing=False,
        resources={"metadata": {"path": str(path.parent)}},
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert output.output_type != "error"
            assert output.get("name") != "stderr", output.get("text")
    assert os.environ["CTIEVAL_NOTEBOOK_FOLDER"]
