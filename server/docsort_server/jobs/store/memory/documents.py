"""The document store in memory."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.memory.expiry import Expiry
from docsort_server.jobs.store.protocols import StoredDocument

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable

MAX_BYTES = 1024 * 1024 * 1024
RETRY_AFTER = 2.0


@dataclass(slots=True)
class _Held:
    """A document as the chunks it came in; `due` is of the store's clock."""

    chunks: tuple[bytes, ...]
    facts: StoredDocument
    due: float


class MemoryDocumentStore:
    """Keep documents without copying them; all of them together have at most `max_bytes`."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, max_bytes: int = MAX_BYTES
    ) -> None:
        self._documents: dict[str, _Held] = {}
        self._clock = clock
        self._expiry: Expiry[str] = Expiry(self._forget, clock)
        self._max_bytes = max_bytes
        self._bytes = 0

    async def put(
        self, key: str | Callable[[], str], chunks: AsyncIterable[bytes], *, ttl: float
    ) -> StoredDocument:
        """Store a document. Raises `Fault` OVERLOADED where there is no room."""
        if isinstance(key, str) and (known := await self.extend(key, ttl=ttl)):
            return known
        came: list[bytes] = []
        try:
            async for chunk in chunks:
                self._make_room(len(chunk))
                came.append(chunk)
            name = key if isinstance(key, str) else key()
            if known := await self.extend(name, ttl=ttl):
                self._bytes -= _size(came)
                return known
        except BaseException:
            self._bytes -= _size(came)
            raise
        facts = StoredDocument(_size(came), time.time() + ttl)
        self._documents[name] = _Held(tuple(came), facts, self._clock() + ttl)
        self._expiry.add(name, ttl)
        return facts

    async def extend(self, key: str, *, ttl: float) -> StoredDocument | None:
        """Keep a document for `ttl` seconds at least; None where there is none."""
        self._expiry.sweep()
        held = self._documents.get(key)
        if held is None:
            return None
        due = self._clock() + ttl
        if held.due < due:
            held.due = due
            held.facts = StoredDocument(held.facts.size, time.time() + ttl)
            self._expiry.add(key, ttl)
        return held.facts

    async def facts(self, key: str) -> StoredDocument | None:
        """Tell of a document; None where there is none."""
        self._expiry.sweep()
        held = self._documents.get(key)
        return held.facts if held else None

    async def get(self, key: str) -> AsyncGenerator[bytes, None]:
        """Yield a document's chunks. Raises KeyError for an unknown key."""
        self._expiry.sweep()
        for chunk in self._documents[key].chunks:
            yield chunk

    async def delete(self, key: str) -> bool:
        """Forget a document; tell whether there was one."""
        self._expiry.sweep()
        self._expiry.discard(key)
        return self._forget(key)

    def _make_room(self, size: int) -> None:
        self._expiry.sweep()
        if self._bytes + size > self._max_bytes:
            limit = {"limit": "memory_document_bytes", "value": str(self._max_bytes)}
            text = f"The documents in memory fill their {self._max_bytes} bytes; retry later."
            raise Fault(Reason.OVERLOADED, text, metadata=limit, retry_after=RETRY_AFTER)
        self._bytes += size

    def _forget(self, key: str) -> bool:
        held = self._documents.pop(key, None)
        if held is None:
            return False
        self._bytes -= held.facts.size
        return True


def _size(chunks: list[bytes]) -> int:
    return sum(map(len, chunks))
