import errno
import threading
from pathlib import Path

import pytest

from ctieval.assignment.once import write_once


def refuse_links(self, target):
    raise OSError(errno.EPERM, "Operation not permitted")


@pytest.mark.parametrize("links", [True, False])
def test_a_file_is_written_whole_and_once(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse_links)
    path = tmp_path / "record.json"
    write_once(path, b"first")
    with pytest.raises(FileExistsError):
        write_once(path, b"second")
    assert path.read_bytes() == b"first"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("links", [True, False])
def test_of_many_writers_at_once_one_wins(tmp_path, monkeypatch, links):
    if not links:
        monkeypatch.setattr(Path, "hardlink_to", refuse_links)
    path, won, start = tmp_path / "record.json", [], threading.Barrier(8)

    def write(number):
        start.wait()
        try:
            write_once(path, str(number).encode() * 10_000)
        except FileExistsError:
            return
        won.append(number)

    threads = [threading.Thread(target=write, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert path.read_bytes() == str(*won).encode() * 10_000
    assert list(tmp_path.iterdir()) == [path]


def test_a_disk_that_fails_leaves_nothing_behind(tmp_path, monkeypatch):
    def fail(descriptor):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("os.fsync", fail)
    with pytest.raises(OSError, match="No space"):
        write_once(tmp_path / "record.json", b"content")
    assert list(tmp_path.iterdir()) == []
