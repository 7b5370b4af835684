"""What is being written to all logs, heard once for all tails of this process.

A consumer for each tail would be simpler, but an engine has only so many (1,000 by default), and a
cluster keeps books on each.
"""

from __future__ import annotations

import asyncio
from bisect import bisect_right
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import moment
from docsort_server.jobs.store.jetstream.feed import Feed
from docsort_server.jobs.store.protocols import Record

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.feed import Delivered
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.protocols import JobKey

# Records of a job that are kept for tails that are a little behind; whoever is further behind
# reads them from the stream.
KEPT = 256
KEPT_BYTES = 1024 * 1024


class Heard:
    """The last records of one job: all that come after the position `floor`."""

    def __init__(self, floor: int) -> None:
        self.floor = floor
        self.tails: set[asyncio.Event] = set()
        self._records: list[Record] = []
        self._bytes = 0

    def add(self, record: Record) -> None:
        """Take in the next record, and let go of the oldest where there are too many."""
        self._records.append(record)
        self._bytes += len(record.body)
        if len(self._records) > 2 * KEPT or self._bytes > KEPT_BYTES:
            self._trim()
        for changed in self.tails:
            changed.set()

    def after(self, position: int) -> Record | None:
        """Return the first record after a position that is not below `floor`."""
        index = bisect_right(self._records, position, key=lambda record: record.position)
        if index == len(self._records):
            return None
        record = self._records[index]
        if index + 1 == len(self._records):
            return record
        return Record(record.position, record.time, record.slot, record.body, pending=True)

    def _trim(self) -> None:
        while len(self._records) > KEPT or (self._bytes > KEPT_BYTES and len(self._records) > 1):
            gone = self._records[: max(1, len(self._records) // 2)]
            del self._records[: len(gone)]
            self._bytes -= sum(len(record.body) for record in gone)
            self.floor = gone[-1].position


class Live:
    """Listen to the stream of all logs on behalf of the tails of this process."""

    def __init__(self, jetstream: JetStream, names: Names) -> None:
        self._names = names
        self._feed = Feed(jetstream, names.events, [names.all_jobs])
        self._begun = asyncio.Event()
        self._heard: dict[JobKey, Heard] = {}

    @classmethod
    @asynccontextmanager
    async def open(cls, jetstream: JetStream, names: Names) -> AsyncGenerator[Live, None]:
        """Listen for as long as the block runs."""
        live = cls(jetstream, names)
        listening = asyncio.create_task(live._listen(), name="live-logs")
        try:
            yield live
        finally:
            listening.cancel()
            with suppress(asyncio.CancelledError):
                await listening
            await live._feed.close()

    async def begun(self) -> None:
        """Wait until what is written from now on will be heard."""
        await self._begun.wait()

    @contextmanager
    def heard(self, key: JobKey, changed: asyncio.Event) -> Iterator[Heard]:
        """Lend what is heard of a job from now on; `changed` is set with every record."""
        heard = self._heard.setdefault(key, Heard(self._feed.position))
        heard.tails.add(changed)
        try:
            yield heard
        finally:
            heard.tails.discard(changed)
            if not heard.tails:
                self._heard.pop(key, None)

    async def _listen(self) -> None:
        await self._feed.begin()
        self._begun.set()
        while True:
            delivered = await self._feed.next()
            key, slot = self._names.parse_slot(delivered.message.subject)
            if heard := self._heard.get(key):
                heard.add(_record(delivered, slot))


def _record(delivered: Delivered, slot: str) -> Record:
    when = moment(delivered.time_ns)
    return Record(delivered.position, when, slot, delivered.message.data)
