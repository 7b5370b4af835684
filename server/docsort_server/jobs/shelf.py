"""Documents in the hands of this replica's workers: fetched once, closed when nobody reads them."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.documents.document import Document
from docsort_server.jobs.identity import password_key, source_key
from docsort_server.jobs.uploads import document_not_found

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.model import JobSpec
    from docsort_server.jobs.store.protocols import DocumentStore, JobKey


@dataclass(slots=True)
class _Place:
    """A document, or the lock that its first reader holds while fetching it."""

    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    document: Document | None = None
    readers: int = 0
    dropped: bool = False

    def release(self) -> None:
        """Close the document unless it is being read."""
        if self.document and not self.readers:
            self.document.close()
            self.document = None


class Shelf:
    """Share one open `Document` among the spans of a job; keep `idle` unread ones for the next."""

    def __init__(self, store: DocumentStore, *, idle: int = 4) -> None:
        self._store = store
        self._idle = idle
        self._places: OrderedDict[JobKey, _Place] = OrderedDict()

    @asynccontextmanager
    async def reading(self, key: JobKey, spec: JobSpec) -> AsyncGenerator[Document, None]:
        """Lend a job's document.

        Once it is gone from the store: raises KeyError for a job's own, which goes with its job,
        and `Fault` DOCUMENT_NOT_FOUND for an uploaded one.
        """
        place = self._places.setdefault(key, _Place())
        self._places.move_to_end(key)
        place.readers += 1
        try:
            async with place.lock:
                if place.document is None:
                    place.document = await self._fetch(key, spec)
            yield place.document
        finally:
            place.readers -= 1
            if place.dropped:
                place.release()
            self._trim()

    def drop(self, key: JobKey) -> None:
        """Close a job's document as soon as its last reader is done."""
        place = self._places.pop(key, None)
        if place:
            place.dropped = True
            place.release()

    def close(self) -> None:
        """Close every document."""
        for key in list(self._places):
            self._close(key)

    async def _fetch(self, key: JobKey, spec: JobSpec) -> Document:
        chunks = self._store.get(source_key(key, spec))
        try:
            async with aclosing(chunks):
                known = None if spec.document_uri else (spec.document_digest, spec.document_size)
                document = await Document.fetched(chunks, known)
        except KeyError:
            if not spec.document_id:
                raise
            raise document_not_found(spec.document_id) from None
        if spec.locked:
            document.password = await self._password(key)
        return document

    async def _password(self, key: JobKey) -> str:
        """Return the password of a job's document. Raises KeyError once it is gone."""
        chunks = self._store.get(password_key(key))
        async with aclosing(chunks):
            return b"".join([chunk async for chunk in chunks]).decode()

    def _trim(self) -> None:
        unread = [key for key, place in self._places.items() if not place.readers]
        for key in unread[: max(0, len(unread) - self._idle)]:
            self._close(key)

    def _close(self, key: JobKey) -> None:
        place = self._places.pop(key)
        if place.document:
            place.document.close()
