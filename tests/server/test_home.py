"""The server's own folder."""

import json
import os
from pathlib import Path

import pytest

from docsort_server.home import READY, HomeError, announced, locked
from docsort_server.version import VERSION


def test_the_folder_is_made_and_private(tmp_path: Path) -> None:
    """A missing folder is made, with its parents, for its owner alone."""
    folder = tmp_path / "a" / "b"
    with locked(folder):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_second_server_is_refused(tmp_path: Path) -> None:
    """While one holds the folder another is told by whom; afterwards it is free."""
    with locked(tmp_path), pytest.raises(HomeError) as caught, locked(tmp_path):
        pass
    assert str(tmp_path) in str(caught.value)
    assert str(os.getpid()) in str(caught.value)
    with locked(tmp_path):
        pass


def test_a_folder_that_cannot_be_used(tmp_path: Path) -> None:
    """A file in the folder's place is named in one sentence."""
    (tmp_path / "file").write_text("")
    with pytest.raises(HomeError, match="cannot be used"), locked(tmp_path / "file"):
        pass


def test_ready_lives_as_long_as_the_service(tmp_path: Path) -> None:
    """ready.json tells address, process and version, whole, and goes with the block."""
    with announced(tmp_path, "127.0.0.1:7"):
        facts = json.loads((tmp_path / READY).read_text())
        assert [path.name for path in tmp_path.iterdir()] == [READY]
    assert facts == {"address": "127.0.0.1:7", "pid": os.getpid(), "version": VERSION}
    assert not (tmp_path / READY).exists()


def test_a_stale_ready_file_is_replaced(tmp_path: Path) -> None:
    """What a killed server left behind is written over."""
    (tmp_path / READY).write_text("stale")
    with announced(tmp_path, "127.0.0.1:8"):
        assert json.loads((tmp_path / READY).read_text())["address"] == "127.0.0.1:8"


def test_ready_goes_when_the_service_fails(tmp_path: Path) -> None:
    """An exception takes the file away too."""
    with pytest.raises(RuntimeError), announced(tmp_path, "127.0.0.1:9"):
        raise RuntimeError
    assert not (tmp_path / READY).exists()
