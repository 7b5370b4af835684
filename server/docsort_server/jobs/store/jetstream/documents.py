"""The document store: a document is chunks under subjects of their own, and a note of them."""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import EXPECT, life
from docsort_server.jobs.store.jetstream.trouble import WRONG_SEQUENCE, Away, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Callable

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience
    from docsort_server.jobs.store.jetstream.room import Room

CHUNK_BYTES = 256 * 1024
# Chunks on their way at a time: more would fill the engine's buffers and be refused.
IN_FLIGHT = 8


class JetStreamDocumentStore:
    """Keep documents in chunks that are written and read as a stream, never as a whole.

    The note is written last, so a document without one does not exist; the chunks of a broken
    upload expire by themselves.
    """

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

    async def put(self, key: str, chunks: AsyncIterable[bytes], *, ttl: float) -> None:
        """Store a document; an existing one of that key is kept.

        Raises `Fault` OVERLOADED where there is no room.
        """
        if await self._note(key):
            return
        if room := self._room:
            # Every new job begins with its document.
            await self._patience.until_done(lambda _: room.require())
        upload, headers = secrets.token_hex(8), life(ttl, self._clock())
        subject = f"{self._names.document(key)}.{upload}"
        try:
            count, size = await self._send(subject, chunks, headers)
            note = json.dumps({"upload": upload, "chunks": count, "bytes": size}).encode()
            kept = await self._publish_note(key, note, {**headers, EXPECT: "0"})
        except BaseException:
            await asyncio.shield(self._discard(subject))
            raise
        if not kept:
            await self._discard(subject)

    async def get(self, key: str) -> AsyncGenerator[bytes, None]:
        """Yield a document's chunks. Raises KeyError for an unknown key."""
        stored = await self._note(key)
        if stored is None:
            raise KeyError(key)
        note = json.loads(stored.body)
        subject = f"{self._names.document(key)}.{note['upload']}"
        left = note["bytes"]
        coming: deque[asyncio.Task[bytes]] = deque()
        try:
            for number in range(note["chunks"]):
                coming.append(asyncio.create_task(self._chunk(key, f"{subject}.{number}")))
                if len(coming) >= IN_FLIGHT:
                    chunk = await coming.popleft()
                    left -= len(chunk)
                    yield chunk
            while coming:
                chunk = await coming.popleft()
                left -= len(chunk)
                yield chunk
        finally:
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)
        if left:
            raise KeyError(key)

    async def delete(self, key: str) -> None:
        """Forget a document; unknown keys are ignored."""
        pattern = f"{self._names.document(key)}.>"
        await self._patience.until_done(
            lambda _: self._jetstream.purge(self._names.documents, pattern)
        )

    async def _note(self, key: str) -> Stored | None:
        """Return the note of a document, after removing one that has expired."""
        subject = f"{self._names.document(key)}.note"
        stored = await self._patience.until_done(
            lambda _: self._jetstream.get(self._names.documents, subject)
        )
        if stored and stored.expires <= self._clock():
            await self.delete(key)
            return None
        return stored

    async def _send(
        self, subject: str, chunks: AsyncIterable[bytes], headers: dict[str, str]
    ) -> tuple[int, int]:
        """Write the chunks and return their number and size."""
        count = size = 0
        slots = asyncio.Semaphore(IN_FLIGHT)
        try:
            async with asyncio.TaskGroup() as group:
                async for piece in _rechunked(chunks):
                    await slots.acquire()
                    sending = group.create_task(self._publish(f"{subject}.{count}", piece, headers))
                    sending.add_done_callback(lambda _: slots.release())
                    count += 1
                    size += len(piece)
        except BaseExceptionGroup as errors:
            # All chunks on their way fail for the same reason.
            raise errors.exceptions[0] from None
        return count, size

    async def _publish(self, subject: str, body: bytes, headers: dict[str, str]) -> None:
        await self._patience.until_done(lambda _: self._jetstream.publish(subject, body, headers))

    async def _publish_note(self, key: str, note: bytes, headers: dict[str, str]) -> bool:
        """Write the note unless there is one; tell whether it is ours."""
        try:
            await self._publish(f"{self._names.document(key)}.note", note, headers)
        except Refused as refusal:
            if refusal.number != WRONG_SEQUENCE:
                raise
            stored = await self._note(key)
            return stored is not None and stored.body == note
        return True

    async def _chunk(self, key: str, subject: str) -> bytes:
        stored = await self._patience.until_done(
            lambda _: self._jetstream.get(self._names.documents, subject)
        )
        if stored is None:
            raise KeyError(key)
        return stored.body

    async def _discard(self, subject: str) -> None:
        # Where this fails the chunks expire by themselves.
        with suppress(Away, Refused):
            await self._jetstream.purge(self._names.documents, f"{subject}.>")


async def _rechunked(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield the same bytes in pieces of one size, the last one shorter."""
    held = bytearray()
    async for chunk in chunks:
        if not held and len(chunk) == CHUNK_BYTES:
            yield chunk
            continue
        # A view: slicing what is left again and again would copy a large chunk many times.
        view = memoryview(chunk)
        while view:
            room = CHUNK_BYTES - len(held)
            held += view[:room]
            view = view[room:]
            if len(held) == CHUNK_BYTES:
                yield bytes(held)
                held.clear()
    if held:
        yield bytes(held)
