import shutil

import pytest

from ctieval.cli.main import run
from ctieval.evaluate.demo import write_demo


@pytest.fixture
def call(capsys):
    """Run a command in this process, and give its exit code, standard output and standard error."""

    def run_command(*arguments):
        with pytest.raises(SystemExit) as left:
            run([str(each) for each in arguments])
        captured = capsys.readouterr()
        return left.value.code, captured.out, captured.err

    return run_command


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
