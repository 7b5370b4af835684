"""The order of a run's tests: what takes long is begun at once, in all processes."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Test = TypeVar("Test")

# Folders whose tests start processes or wait for them, the longest first; the others only compute.
SLOW = (
    *("bench", "nats", "server", "evaluate", "store", "documents", "model_service", "chaos"),
    *("examples", "ingestion", "client", "rpc", "sandbox"),
)

# Folders whose tests load what takes a second: one process of a run is to load it, not all.
TOGETHER = ("evaluate",)


def dealt(tests: list[Test], hands: int, file_of: Callable[[Test], str]) -> list[Test]:
    """Return tests so that each of as many equal parts begins with slow ones.

    A run gives each process one such part, and to processes that are done what others have last.
    The tests of a file stay together: they share servers. So do those of some folders.
    """
    files = [(name, [*group]) for name, group in groupby(tests, lambda test: _unit(file_of(test)))]
    slow = sorted((each for each in files if _rank(each[0]) < len(SLOW)), key=_ranked)
    quick = [each for each in files if _rank(each[0]) == len(SLOW)]
    parts: list[list[Test]] = [[] for _ in range(hands)]
    for place, (_, group) in enumerate(slow):
        parts[place % hands] += group
    for _, group in sorted(quick, key=lambda each: -len(each[1])):
        min(parts, key=len).extend(group)
    return [test for part in parts for test in part]


def _unit(file: str) -> str:
    folder, _, _ = file.rpartition("/")
    return f"{folder}/" if folder.endswith(TOGETHER) else file


def _ranked(entry: tuple[str, object]) -> int:
    return _rank(entry[0])


def _rank(file: str) -> int:
    folder = file.split("/")[-2]
    return SLOW.index(folder) if folder in SLOW else len(SLOW)
