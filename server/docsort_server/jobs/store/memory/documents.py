"""The document store in memory."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docsort_server.jobs.store.memory.expiry import Expiry

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable


class MemoryDocumentStore:
    """Keep documents as the chunks they came in, without copying them."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._documents: dict[str, list[bytes]] = {}
        self._expiry: Expiry[str] = Expiry(self._forget, clock)

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, ttl: float) -> None:
        """Store a document; an existing one of that key is kept."""
        self._expiry.sweep()
        held = [chunk async for chunk in chunks]
        if key not in self._documents:
            self._documents[key] = held
            self._expiry.add(key, ttl)

    async def get(self, key: str) -> AsyncGenerator[bytes, None]:
        """Yield a document's chunks. Raises KeyError for an unknown key."""
        self._expiry.sweep()
        for chunk in self._documents[key]:
            yield chunk

    async def delete(self, key: str) -> None:
        """Forget a document; unknown keys are ignored."""
        self._expiry.discard(key)
        self._forget(key)

    def _forget(self, key: str) -> None:
        self._documents.pop(key, None)
