"""The last records of one job, or of some slots, for those who are a little behind."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import asyncio

    from docsort_server.jobs.store.protocols import JobKey, Written

# Records that are kept; whoever is further behind reads the stream.
KEPT = 256
KEPT_BYTES = 1024 * 1024


class Heard:
    """All records that came after the position `floor`; `bytes` are those of their bodies."""

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self.bytes = 0
        self.followers: set[asyncio.Event] = set()
        self._written: list[Written] = []

    def add(self, written: Written) -> None:
        """Take in the next record, and let go of the oldest where there are too many."""
        self._written.append(written)
        self.bytes += len(written.record.body)
        while len(self._written) > 2 * KEPT or (self.bytes > KEPT_BYTES and len(self._written) > 1):
            self._let_go(len(self._written) // 2)
        for changed in self.followers:
            changed.set()

    def after(self, position: int) -> tuple[Written, bool] | None:
        """Return the first record after a position that is not below `floor`.

        With it comes whether more are here.
        """
        index = bisect_right(self._written, position, key=_position)
        if index == len(self._written):
            return None
        return self._written[index], index + 1 < len(self._written)

    def forget(self, key: JobKey, before: int) -> None:
        """Let go of what came of a job before a position: it is gone from the stream as well."""
        self._written = [
            written
            for written in self._written
            if written.key != key or _position(written) >= before
        ]
        self.bytes = sum(len(written.record.body) for written in self._written)

    def clear(self) -> None:
        """Let go of everything."""
        if self._written:
            self._let_go(len(self._written))

    def _let_go(self, count: int) -> None:
        gone = self._written[:count]
        del self._written[:count]
        self.bytes -= sum(len(written.record.body) for written in gone)
        self.floor = _position(gone[-1])


def _position(written: Written) -> int:
    return written.record.position
