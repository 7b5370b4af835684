"""How much the job store may fill."""

from pathlib import Path

import pytest

from docsort_server.nats import capacity
from docsort_server.nats.errors import NatsServerError


@pytest.fixture
def disk(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Return the free bytes of a disk, to be changed."""
    free = [1000 * capacity.MIB]

    class Usage:
        """What `shutil.disk_usage` returns, as far as it is used."""

        def __init__(self) -> None:
            self.free = free[0]

    monkeypatch.setattr("shutil.disk_usage", lambda _: Usage())
    return free


def test_the_store_counts_as_free(tmp_path: Path, disk: list[int]) -> None:
    """Four fifths of what is free or filled by the store already."""
    store = tmp_path / "store"
    store.mkdir()
    (store / "block").write_bytes(b"x" * capacity.MIB)
    assert capacity.store_capacity(tmp_path, store) == int(0.8 * 1001 * capacity.MIB)


def test_it_never_shrinks(tmp_path: Path, disk: list[int]) -> None:
    """On a disk that others fill the number stays, on one that has grown it follows."""
    first = capacity.store_capacity(tmp_path, tmp_path)
    for free in (200, 1100):
        disk[0] = free * capacity.MIB
        assert capacity.store_capacity(tmp_path, tmp_path) == first
    disk[0] = 2000 * capacity.MIB
    assert capacity.store_capacity(tmp_path, tmp_path) > 1.9 * first


def test_a_full_disk_is_refused(tmp_path: Path, disk: list[int]) -> None:
    """With next to nothing free a new store is not begun."""
    disk[0] = capacity.MIB
    with pytest.raises(NatsServerError, match="has 0 MiB for jobs; 128 are needed"):
        capacity.store_capacity(tmp_path, tmp_path)


def test_a_limit_holds_from_the_first_start(tmp_path: Path, disk: list[int]) -> None:
    """It may be below what a disk must have; later it may grow, and is ignored where it shrinks."""
    first = capacity.store_capacity(tmp_path, tmp_path, 20 * capacity.MIB)
    assert first == 20 * capacity.MIB
    assert capacity.store_capacity(tmp_path, tmp_path, 10 * capacity.MIB) == first
    assert capacity.store_capacity(tmp_path, tmp_path, 40 * capacity.MIB) == 2 * first
