"""What is being written to all logs, heard once for all who follow them in this process.

A consumer for each would be simpler, but an engine has only so many (1,000 by default), and a
cluster keeps books on each.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.incidents import incident
from docsort_server.jobs.store.jetstream.api import moment
from docsort_server.jobs.store.jetstream.feed import Feed
from docsort_server.jobs.store.jetstream.heard import Heard
from docsort_server.jobs.store.protocols import GONE, JobKey, Record, Written

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.feed import Delivered
    from docsort_server.jobs.store.jetstream.names import Names

log = logging.getLogger(__name__)

# Bytes that are held for all who are a little behind; above it those heard first are let go of.
HELD_BYTES = 32 * 1024 * 1024
# Seconds before listening goes on after something that nobody expected.
_PAUSE = 1.0


@dataclass(frozen=True, slots=True)
class Slots:
    """Some slots of all jobs, or of those of one tenant."""

    slots: frozenset[str]
    tenant: str | None = None

    def takes(self, key: JobKey, slot: str) -> bool:
        """Tell whether a record is of these."""
        return slot in self.slots and self.tenant in (None, key.tenant)


class Live:
    """Listen to the stream of all logs on behalf of this process."""

    def __init__(self, jetstream: JetStream, names: Names, most: int = HELD_BYTES) -> None:
        self._names = names
        self._most = most
        self._feed = Feed(jetstream, names.events, [names.all_jobs])
        self._begun = asyncio.Event()
        self._heard: dict[JobKey | Slots, Heard] = {}
        # The few keys of it that are not jobs: each record is held against them.
        self._chosen: set[Slots] = set()
        self._bytes = 0

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

    @property
    def held_bytes(self) -> int:
        """How many bytes are held now."""
        return self._bytes

    async def begun(self) -> None:
        """Wait until what is written from now on will be heard."""
        await self._begun.wait()

    @contextmanager
    def heard(self, of: JobKey | Slots, changed: asyncio.Event) -> Iterator[Heard]:
        """Lend what is heard from now on of a job or of slots; each record sets `changed`."""
        heard = self._heard.setdefault(of, Heard(self._feed.position))
        heard.followers.add(changed)
        if isinstance(of, Slots):
            self._chosen.add(of)
        try:
            yield heard
        finally:
            heard.followers.discard(changed)
            if not heard.followers:
                del self._heard[of]
                self._bytes -= heard.bytes
                if isinstance(of, Slots):
                    self._chosen.discard(of)

    def take(self, written: Written) -> None:
        """Pass on a record to those who follow its job or its slot."""
        key, slot = written.key, written.record.slot
        if of_job := self._heard.get(key):
            self._add(of_job, written)
        for chosen in self._chosen:
            if chosen.takes(key, slot):
                self._add(self._heard[chosen], written)
        if self._bytes > self._most:
            self._let_go()

    def _add(self, heard: Heard, written: Written) -> None:
        before = heard.bytes
        if written.record.slot == GONE:
            heard.forget(written.key, written.record.position)
        heard.add(written)
        self._bytes += heard.bytes - before

    def _let_go(self) -> None:
        for heard in self._heard.values():
            if self._bytes <= self._most // 2:
                return
            self._bytes -= heard.bytes
            heard.clear()

    async def _listen(self) -> None:
        while True:
            try:
                await self._feed.begin()
                self._begun.set()
                while True:
                    self._pass_on(await self._feed.next())
            except Exception as error:  # noqa: BLE001 - nobody would hear anything any more
                incident(log, "listening to the logs", error)
                await asyncio.sleep(_PAUSE)

    def _pass_on(self, delivered: Delivered) -> None:
        try:
            key, slot = self._names.parse_slot(delivered.message.subject)
        except ValueError:
            # Somebody else's, below our prefix.
            return
        when = moment(delivered.time_ns)
        record = Record(delivered.position, when, slot, delivered.message.data)
        self.take(Written(key, record))
