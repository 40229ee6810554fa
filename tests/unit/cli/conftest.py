import shutil

import pytest

from ctieval.evaluate.demo import write_demo


@pytest.fixture(scope="session")
def drawn(tmp_path_factory):
    """The simulated trial, its arms drawn and two years passed; not to be changed."""
    folder = tmp_path_factory.mktemp("drawn")
    write_demo(folder, seed=5)
    return folder


@pytest.fixture
def undrawn(drawn, tmp_path):
    """The same trial before the draw."""
    folder = shutil.copytree(drawn, tmp_path / "undrawn")
    (folder / "allocation.json").unlink()
    return folder
