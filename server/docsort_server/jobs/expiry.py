"""Forget keys when their time has come, without a timer for each."""

from __future__ import annotations

import heapq
import time
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Key = TypeVar("Key")


class Expiry(Generic[Key]):
    """A heap of deadlines; `sweep` forgets what is due, so reads and writes call it first."""

    def __init__(
        self, forget: Callable[[Key], object], clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._forget = forget
        self._clock = clock
        self._due: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._count = 0

    def add(self, key: Key, ttl: float) -> None:
        """Forget `key` in `ttl` seconds instead of whenever it was due before."""
        due = self._clock() + ttl
        self._due[key] = due
        # The running number keeps the heap from comparing keys, which need no order.
        self._count += 1
        heapq.heappush(self._heap, (due, self._count, key))

    def discard(self, key: Key) -> None:
        """Stop watching a key; unknown keys are ignored."""
        self._due.pop(key, None)

    def sweep(self) -> None:
        """Forget every key that is due."""
        now = self._clock()
        while self._heap and self._heap[0][0] <= now:
            due, _, key = heapq.heappop(self._heap)
            if self._due.get(key) == due:
                del self._due[key]
                self._forget(key)
