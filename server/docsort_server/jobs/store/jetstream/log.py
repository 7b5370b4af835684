"""The job log on a stream of events: one subject per slot."""

from __future__ import annotations

import secrets
import time
from contextlib import aclosing, suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import (
    EXPECT,
    EXPECT_WITHIN,
    life,
)
from docsort_server.jobs.store.jetstream.live import Slots
from docsort_server.jobs.store.jetstream.livetail import LiveTail
from docsort_server.jobs.store.jetstream.questions import Questions
from docsort_server.jobs.store.jetstream.tail import follow
from docsort_server.jobs.store.jetstream.trouble import WRONG_SEQUENCE, Away, Refused
from docsort_server.jobs.store.protocols import GONE, LogExtent, Record, Written

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection, Mapping, Sequence

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored
    from docsort_server.jobs.store.jetstream.live import Live
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience
    from docsort_server.jobs.store.protocols import JobKey

# Marks a write, so that its writer knows it again when the acknowledgement was lost.
ATTEMPT = "Docsort-Attempt"
# Seconds between looks whether a silent job still exists.
LOOK = 30.0
# Seconds for which word of a purge is kept.
RETENTION = 7 * 24 * 3600.0


class JetStreamJobLog:
    """Keep logs in the engine; a write counts once the engine has acknowledged it."""

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        patience: Patience,
        live: Live,
        clock: Callable[[], float] = time.time,
        look: float = LOOK,
        retention: float = RETENTION,
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._patience = patience
        self._live = live
        self._clock = clock
        self._look = look
        self._retention = retention
        self._questions = Questions(jetstream, names.events)

    async def append(self, key: JobKey, slot: str, body: bytes, *, ttl: float) -> int | None:
        """Write an empty slot and return its position; None when the slot is taken."""
        return await self._write(self._names.slot(key, slot), body, {EXPECT: "0"}, ttl)

    async def append_after(
        self, key: JobKey, slot: str, body: bytes, *, last: int, ttl: float
    ) -> int | None:
        """Write an empty slot if `last` is the job's last position; None when it is not."""
        # What is found here cannot change before the write: that would move the last position.
        if not await self._patience.until_done(lambda _: self._is_open(key, slot)):
            return None
        expected = {EXPECT: str(last), EXPECT_WITHIN: self._names.job(key)}
        return await self._write(self._names.slot(key, slot), body, expected, ttl)

    async def read(self, key: JobKey, slot: str) -> Record | None:
        """Return a slot's record; None while it is empty."""
        subject = self._names.slot(key, slot)
        stored = await self._patience.until_done(
            lambda _: self._jetstream.get(self._names.events, subject)
        )
        if stored is None or self._is_over(stored):
            return None
        return Record(stored.position, stored.time, slot, stored.body)

    async def taken(self, key: JobKey, slots: Collection[str]) -> set[str]:
        """Return those of some slots that are written."""
        subjects = {self._names.slot(key, slot): slot for slot in slots}
        found = await self._patience.until_done(lambda _: self._questions.last(subjects))
        return {subjects[stored.subject] for stored in found if not self._is_over(stored)}

    async def tail(
        self, key: JobKey, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[Record | None, None]:
        """Yield the records after a position, then new ones; None when idle."""
        await self._patience.until_done(lambda _: self._live.begun())
        first = await self._patience.until_done(lambda _: self._first(key))
        if first is None:
            return
        tail = self._tail(key, [self._names.job(key)], max(after, first - 1))
        records = follow(tail, idle=idle, look=self._look, exists=lambda: self._exists(key))
        async with aclosing(records):
            async for written in records:
                record = written.record if written else None
                if record and record.slot == GONE:
                    return
                yield record

    async def feed(
        self,
        slots: frozenset[str],
        *,
        tenant: str | None = None,
        after: int | None = None,
        idle: float | None = None,
    ) -> AsyncGenerator[Written | None, None]:
        """Yield what is written in `slots` over all jobs; None when idle."""
        await self._patience.until_done(lambda _: self._live.begun())
        if after is None:
            after = (await self.extent()).last
        patterns = [self._names.slot_everywhere(slot, tenant) for slot in sorted(slots)]
        tail = self._tail(Slots(slots, tenant), patterns, after)
        async with aclosing(follow(tail, idle=idle)) as records:
            async for written in records:
                yield written

    async def extent(self) -> LogExtent:
        """Return which stream this is; it lets nothing go before its time."""
        info = await self._patience.until_done(
            lambda _: self._jetstream.call(f"STREAM.INFO.{self._names.events}")
        )
        return LogExtent(f"{self._names.events} {info['created']}", 0, info["state"]["last_seq"])

    async def purge(self, key: JobKey, word: bytes = b"") -> None:
        """Forget a job's log; unknown jobs are ignored."""
        await self._patience.until_done(lambda _: self._purge(key, word))

    async def _purge(self, key: JobKey, word: bytes) -> None:
        """Leave word, then forget what came before it: broken off between, it can be repeated."""
        first = await self._first(key)
        if first is None:
            return
        stream, pattern = self._names.events, self._names.job(key)
        try:
            position = await self._leave_word(key, word, first)
        except Refused as refusal:
            if not refusal.full:
                raise
            # The purge itself makes the room.
            await self._jetstream.purge(stream, pattern)
            with suppress(Refused):
                await self._leave_word(key, word, first)
        else:
            await self._jetstream.purge(stream, pattern, before=position)

    async def _leave_word(self, key: JobKey, word: bytes, first: int) -> int:
        """Return the position of the word of this purge, which another try may have left."""
        subject = self._names.slot(key, GONE)
        known = await self._jetstream.get(self._names.events, subject)
        if known and known.position > first:
            return known.position
        headers = {
            EXPECT: str(known.position if known else 0),
            **life(self._retention, self._clock()),
        }
        try:
            return await self._jetstream.publish(subject, word, headers)
        except Refused as refusal:
            if refusal.number != WRONG_SEQUENCE:
                raise
        return await self._leave_word(key, word, first)

    async def _write(
        self, subject: str, body: bytes, expected: Mapping[str, str], ttl: float
    ) -> int | None:
        attempt = secrets.token_hex(8)
        headers = {**expected, **life(ttl, self._clock()), ATTEMPT: attempt}

        async def write(doubt: bool) -> int | None:
            try:
                return await self._jetstream.publish(subject, body, headers)
            except Refused as refusal:
                if refusal.number != WRONG_SEQUENCE:
                    raise
            return await self._own(subject, attempt) if doubt else None

        return await self._patience.until_done(write)

    async def _own(self, subject: str, attempt: str) -> int | None:
        """Return the position of what an unacknowledged attempt wrote after all."""
        stored = await self._jetstream.get(self._names.events, subject)
        return stored.position if stored and stored.headers.get(ATTEMPT) == attempt else None

    async def _is_open(self, key: JobKey, slot: str) -> bool:
        """Tell whether a job has a log in which a slot is empty."""
        if await self._first(key) is None:
            return False
        return await self._jetstream.get(self._names.events, self._names.slot(key, slot)) is None

    async def _first(self, key: JobKey) -> int | None:
        """Return the position of a job's first record; None without one, or when it has expired."""
        position = 1
        while True:
            pattern = self._names.job(key)
            stored = await self._jetstream.first(self._names.events, pattern, position)
            if stored is None or self._is_over(stored):
                return None
            if self._names.parse_slot(stored.subject)[1] != GONE:
                return stored.position
            position = stored.position + 1

    async def _exists(self, key: JobKey) -> bool:
        """Tell whether a job has a log, or whether that cannot be told."""
        try:
            return await self._first(key) is not None
        except (Away, Refused):
            return True

    def _tail(self, of: JobKey | Slots, patterns: Sequence[str], position: int) -> LiveTail:
        return LiveTail(
            self._jetstream, self._names, self._live, of, patterns, position, self._is_over
        )

    def _is_over(self, stored: Stored) -> bool:
        return stored.expires <= self._clock()
