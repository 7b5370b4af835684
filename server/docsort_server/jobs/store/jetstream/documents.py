"""The document store: chunks under the random name of their upload, and a note that points there.

The key of a document may follow from its bytes, so it is not known when the first chunk is
written. The note is written last: a document without one does not exist.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import EXPECT, life
from docsort_server.jobs.store.jetstream.chunks import Chunks
from docsort_server.jobs.store.jetstream.trouble import WRONG_SEQUENCE, Refused
from docsort_server.jobs.store.protocols import StoredDocument

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience
    from docsort_server.jobs.store.jetstream.room import Room

# How much longer than its document a chunk lives, as a part of that time and in seconds at most:
# so long the end can be made later without the bytes.
SPARE, LONGEST_SPARE = 0.25, 24 * 3600.0


@dataclass(frozen=True, slots=True)
class _Note:
    """Where the bytes of a document are; times are seconds since the epoch.

    The document ends at `expires`, its chunks at `until`.
    """

    upload: str
    chunks: int
    size: int
    until: float
    expires: float

    @classmethod
    def read(cls, stored: Stored) -> _Note:
        """Return what `body` and the headers of a note made."""
        return cls(**json.loads(stored.body), expires=stored.expires)

    @property
    def body(self) -> bytes:
        """The note as it is stored; its end stands in the headers."""
        names = ("upload", "chunks", "size", "until")
        return json.dumps({name: getattr(self, name) for name in names}).encode()

    @property
    def facts(self) -> StoredDocument:
        """What others may know of it."""
        return StoredDocument(self.size, self.expires)


class JetStreamDocumentStore:
    """Keep documents that are never in memory as a whole."""

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        patience: Patience,
        clock: Callable[[], float] = time.time,
        room: Room | None = None,
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._patience = patience
        self._clock = clock
        self._room = room
        self._chunks = Chunks(jetstream, names, patience)

    async def put(
        self, key: str | Callable[[], str], chunks: AsyncIterable[bytes], *, ttl: float
    ) -> StoredDocument:
        """Store a document. Raises `Fault` OVERLOADED where there is no room."""
        if isinstance(key, str) and (known := await self.extend(key, ttl=ttl)):
            return known
        if room := self._room:
            # Every new job begins with its document.
            await self._patience.until_done(lambda _: room.require())
        upload, now = secrets.token_hex(16), self._clock()
        spare = min(SPARE * ttl, LONGEST_SPARE)
        try:
            headers = life(ttl + spare, now)
            count, size = await self._chunks.write(upload, chunks, headers)
            name = key if isinstance(key, str) else key()
            until = now + ttl + spare
            end = min(self._clock() + ttl, until)
            kept = await self._place(name, _Note(upload, count, size, until, end))
        except BaseException:
            await asyncio.shield(self._chunks.discard(upload))
            raise
        if kept.upload != upload:
            await self._chunks.discard(upload)
        return kept.facts

    async def extend(self, key: str, *, ttl: float) -> StoredDocument | None:
        """Keep a document for `ttl` seconds at least; None where its chunks end before that."""
        end = self._clock() + ttl
        while True:
            note, position = await self._look(key)
            if note is None or note.until < end:
                return None
            if note.expires >= end:
                return note.facts
            longer = replace(note, expires=end)
            if await self._write(key, longer, position):
                return longer.facts

    async def facts(self, key: str) -> StoredDocument | None:
        """Tell of a document; None where there is none."""
        note, _ = await self._look(key)
        return note.facts if note else None

    async def get(self, key: str) -> AsyncGenerator[bytes, None]:
        """Yield a document's chunks. Raises KeyError for an unknown key, or once it is gone."""
        note, _ = await self._look(key)
        if note is None:
            raise KeyError(key)
        async with aclosing(self._chunks.read(note.upload, note.chunks)) as chunks:
            async for chunk in chunks:
                yield chunk

    async def delete(self, key: str) -> bool:
        """Forget a document; tell whether there was one."""
        stored = await self._stored(key)
        if stored is None:
            return False
        # The note first: without it nobody begins to read. A newer one is another document.
        subject, position = self._names.note(key), stored.position
        await self._patience.until_done(
            lambda _: self._jetstream.purge(self._names.documents, subject, before=position + 1)
        )
        await self._chunks.discard(_Note.read(stored).upload)
        return stored.expires > self._clock()

    async def _place(self, key: str, note: _Note) -> _Note:
        """Write the note unless there is one that ends later; return the one that counts.

        Where the chunks that are there already live long enough, theirs is the upload that stays:
        readers are not cut off, and the same content lies there once.
        """
        # There is none all but always, and nothing need be asked.
        if await self._write(key, note, 0):
            return note
        while True:
            old, position = await self._look(key)
            wanted = note
            if old and old.expires >= note.expires:
                return old
            if old and old.until >= note.expires:
                wanted = replace(old, expires=note.expires)
            if await self._write(key, wanted, position):
                return wanted

    async def _write(self, key: str, note: _Note, position: int) -> bool:
        """Write a note over the one at a position; False where another one is there by now."""
        now = self._clock()
        headers = {**life(note.expires - now, now), EXPECT: str(position)}
        subject = self._names.note(key)
        try:
            await self._patience.until_done(
                lambda _: self._jetstream.publish(subject, note.body, headers)
            )
        except Refused as refusal:
            if refusal.number != WRONG_SEQUENCE:
                raise
            # It may be ours: then the next look finds it.
            return False
        return True

    async def _look(self, key: str) -> tuple[_Note | None, int]:
        """Return the note of a document, None without one that counts, and where to write one."""
        stored = await self._stored(key)
        if stored is None:
            return None, 0
        over = stored.expires <= self._clock()
        return None if over else _Note.read(stored), stored.position

    async def _stored(self, key: str) -> Stored | None:
        subject = self._names.note(key)
        return await self._patience.until_done(
            lambda _: self._jetstream.get(self._names.documents, subject)
        )
