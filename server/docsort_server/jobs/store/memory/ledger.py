"""What was written over all jobs, in order: a feed is a position in it."""

from __future__ import annotations

from bisect import bisect_right
from collections import deque
from typing import TYPE_CHECKING

from docsort_server.jobs.store.memory.expiry import Expiry
from docsort_server.jobs.store.protocols import Written

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Callable, Iterable

    from docsort_server.jobs.store.protocols import JobKey, Record

# What a record weighs beside its body, roughly: the objects around it.
RECORD_WEIGHT = 400
# Positions of forgotten records that may lie among the others before they are swept out.
_HOLES = 1000


class Ledger:
    """Keep the records that feeds may ask for, and the words that are left of purged jobs.

    Words are kept for `retention` seconds, and above `max_bytes` of them the oldest ones go.
    What was forgotten before its time is told by `complete_after`: nothing after it was.
    """

    def __init__(self, clock: Callable[[], float], retention: float, max_bytes: int) -> None:
        self.complete_after = 0
        self.waiting: set[asyncio.Event] = set()
        self._retention = retention
        self._max_bytes = max_bytes
        self._positions: list[int] = []
        self._written: dict[int, Written] = {}
        self._words: deque[Record] = deque()
        self._weight = 0
        # Words are all kept equally long: the one whose time is over is always the oldest.
        self._expiry: Expiry[int] = Expiry(lambda _: self._let_word_go(early=False), clock)

    def add(self, key: JobKey, record: Record) -> None:
        """Take in a new record; one with a number in its name is in no feed."""
        if "." in record.slot:
            return
        self._positions.append(record.position)
        self._written[record.position] = Written(key, record)
        for event in self.waiting:
            event.set()

    def add_word(self, key: JobKey, record: Record) -> None:
        """Take in the word that is left of a purged job."""
        self._expiry.sweep()
        self.add(key, record)
        self._expiry.add(record.position, self._retention)
        self._words.append(record)
        self._weight += len(record.body) + RECORD_WEIGHT
        while self._weight > self._max_bytes:
            self._expiry.discard(self._words[0].position)
            self._let_word_go(early=True)

    def forget(self, records: Iterable[Record], *, early: bool) -> None:
        """Let records go; `early` where that is before their time."""
        for record in records:
            if self._written.pop(record.position, None) and early:
                self.complete_after = max(self.complete_after, record.position)
        if len(self._positions) > 2 * len(self._written) + _HOLES:
            self._positions = list(self._written)

    def next(self, after: int) -> Written | None:
        """Return the first record after a position; None when there is none yet."""
        self._expiry.sweep()
        for index in range(bisect_right(self._positions, after), len(self._positions)):
            if found := self._written.get(self._positions[index]):
                return found
        return None

    def _let_word_go(self, *, early: bool) -> None:
        oldest = self._words.popleft()
        self._weight -= len(oldest.body) + RECORD_WEIGHT
        self.forget([oldest], early=early)
