"""The cache of answers in memory."""

from __future__ import annotations

import time
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class MemoryAnswerCache:
    """Keep at most `max_bytes` of answers; those used longest ago go first."""

    def __init__(self, max_bytes: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._most = max_bytes
        self._clock = clock
        self._held = 0
        self._entries: OrderedDict[str, tuple[float, bytes]] = OrderedDict()

    async def get(self, key: str) -> bytes | None:
        """Return an answer; None where there is none, or none any more."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        expires, body = entry
        if expires <= self._clock():
            self._drop(key)
            return None
        self._entries.move_to_end(key)
        return body

    async def put(self, key: str, body: bytes, *, ttl: float) -> None:
        """Keep an answer for `ttl` seconds, as far as there is room."""
        self._drop(key)
        if len(body) > self._most:
            return
        self._entries[key] = (self._clock() + ttl, body)
        self._held += len(body)
        while self._held > self._most:
            self._drop(next(iter(self._entries)))

    def _drop(self, key: str) -> None:
        _, body = self._entries.pop(key, (0.0, b""))
        self._held -= len(body)
