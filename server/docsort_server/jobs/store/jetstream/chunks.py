"""The bytes of documents, as a stream of chunks of which several are on their way at a time."""

from __future__ import annotations

import asyncio
import math
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.trouble import Away, Refused

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Iterator, Mapping

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience

# Each chunk costs the engine a sync of its disk, so large ones are written faster; what is larger
# than this would come near the limit of a message. Smaller ones than the least are put together.
CHUNK_BYTES = 960 * 1024
LEAST_BYTES = 256 * 1024
# Bytes on their way at a time: more would fill the engine's buffers and be refused, and each byte
# is in memory several times until it is acknowledged.
IN_FLIGHT = 5 * CHUNK_BYTES
# Chunks that are read ahead; each is in the engine's memory as well meanwhile.
AHEAD = 2
# Seconds for which a broken upload waits for the chunks that are on their way.
SETTLE = 2.0


class Chunks:
    """Write and read uploads by their random names; without a note nobody finds them."""

    def __init__(self, jetstream: JetStream, names: Names, patience: Patience) -> None:
        self._jetstream = jetstream
        self._names = names
        self._patience = patience

    async def write(
        self, upload: str, chunks: AsyncIterable[bytes], headers: Mapping[str, str]
    ) -> tuple[int, int]:
        """Write an upload and return the number of its chunks and their bytes."""
        count = size = settled = 0
        going: deque[asyncio.Task[int]] = deque()
        try:
            async for piece in _pieces(chunks):
                while size - settled + len(piece) > IN_FLIGHT and going:
                    settled += await _first(going)
                subject = self._names.chunk(upload, count)
                going.append(asyncio.create_task(self._publish(subject, piece, headers)))
                count += 1
                size += len(piece)
            while going:
                await _first(going)
        except BaseException:
            # A chunk that is written after its upload was discarded would stay until it expires.
            await asyncio.shield(_settle(going))
            raise
        return count, size

    async def read(self, upload: str, count: int) -> AsyncGenerator[bytes, None]:
        """Yield the chunks of an upload. Raises KeyError once one of them is gone."""
        coming: deque[asyncio.Task[bytes]] = deque()
        try:
            for number in range(count):
                coming.append(asyncio.create_task(self._get(self._names.chunk(upload, number))))
                if len(coming) == AHEAD:
                    yield await coming.popleft()
            while coming:
                yield await coming.popleft()
        finally:
            for task in coming:
                task.cancel()
            await asyncio.gather(*coming, return_exceptions=True)

    async def discard(self, upload: str) -> None:
        """Delete an upload; where the engine is away its chunks expire by themselves."""
        with suppress(Away, Refused):
            await self._jetstream.purge(self._names.documents, self._names.chunks(upload))

    async def _publish(self, subject: str, body: bytes, headers: Mapping[str, str]) -> int:
        await self._patience.until_done(lambda _: self._jetstream.publish(subject, body, headers))
        return len(body)

    async def _get(self, subject: str) -> bytes:
        # Asked for the first message and not the last, of which there is but one, the engine lets
        # go of each block of its store as soon as that was read, not ten seconds later.
        stored = await self._patience.until_done(
            lambda _: self._jetstream.first(self._names.documents, subject, 1)
        )
        if stored is None:
            raise KeyError(subject)
        return stored.body


async def _first(going: deque[asyncio.Task[int]]) -> int:
    """Wait for the oldest chunk on its way and return its bytes.

    Whoever is cancelled here leaves it on its way.
    """
    size = await asyncio.shield(going[0])
    going.popleft()
    return size


async def _settle(going: deque[asyncio.Task[int]]) -> None:
    if going:
        await asyncio.wait(going, timeout=SETTLE)
    for task in going:
        task.cancel()
    await asyncio.gather(*going, return_exceptions=True)


async def _pieces(chunks: AsyncIterable[bytes]) -> AsyncGenerator[bytes, None]:
    """Yield the same bytes in pieces fit to be stored: as they came where that will do."""
    held = bytearray()
    async for chunk in chunks:
        fit = chunk
        if held or len(chunk) < LEAST_BYTES:
            held += chunk
            if len(held) < LEAST_BYTES:
                continue
            fit = bytes(held)
            held.clear()
        for piece in _split(fit):
            yield piece
    if held:
        yield bytes(held)


def _split(chunk: bytes) -> Iterator[bytes]:
    """Yield a chunk in equal pieces, none of them too large."""
    size = math.ceil(len(chunk) / math.ceil(len(chunk) / CHUNK_BYTES))
    for start in range(0, len(chunk), size):
        # The whole is not copied by this.
        yield chunk[start : start + size]
