"""The job log in memory."""

from __future__ import annotations

import asyncio
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from docsort_server.jobs.store.memory.expiry import Expiry
from docsort_server.jobs.store.memory.ledger import RECORD_WEIGHT, Ledger
from docsort_server.jobs.store.protocols import GONE, LogExtent, Record, events_expired

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Collection

    from docsort_server.jobs.store.protocols import JobKey, Written


# Records that a replay may yield before others get their turn.
BREATH = 16
MAX_BYTES = 512 * 1024 * 1024
# Seconds for which word of a purge is kept, and its share of the bytes.
RETENTION = 7 * 24 * 3600.0
WORDS_SHARE = 1 / 16


@dataclass(slots=True)
class _Log:
    """One job's records, their slots, and the tails that wait for more."""

    records: list[Record] = field(default_factory=list)
    slots: dict[str, Record] = field(default_factory=dict)
    waiting: set[asyncio.Event] = field(default_factory=set)
    weight: int = 0
    purged: bool = False

    def wake(self) -> None:
        for event in self.waiting:
            event.set()


class MemoryJobLog:
    """Keep each job's records in a list; a tail is a cursor into it, so a slow one costs nothing.

    A job's log is forgotten as a whole when its first record expires, or earlier: above
    `max_bytes` the oldest logs that hold `last_slot`, and so are complete, make room.
    """

    def __init__(
        self,
        clock: Callable[[], float] = time.monotonic,
        max_bytes: int = MAX_BYTES,
        last_slot: str = "final",
        retention: float = RETENTION,
    ) -> None:
        self._identity = secrets.token_hex(8)
        self._logs: dict[JobKey, _Log] = {}
        self._max_bytes = max_bytes
        self._last_slot = last_slot
        self._weight = 0
        self._position = 0
        self._ledger = Ledger(clock, retention, int(max_bytes * WORDS_SHARE))
        self._expiry: Expiry[JobKey] = Expiry(self._forget, clock)

    async def append(self, key: JobKey, slot: str, body: bytes, *, ttl: float) -> int | None:
        """Write an empty slot and return its position; None when the slot is taken."""
        self._expiry.sweep()
        log = self._logs.get(key)
        if log is None:
            log = self._logs[key] = _Log()
            self._expiry.add(key, ttl)
        return None if slot in log.slots else self._write(key, log, slot, body)

    async def append_after(
        self, key: JobKey, slot: str, body: bytes, *, last: int, ttl: float
    ) -> int | None:
        """Write an empty slot if `last` is the job's last position; None when it is not."""
        self._expiry.sweep()
        log = self._logs.get(key)
        if log is None or not log.records or log.records[-1].position != last:
            return None
        return await self.append(key, slot, body, ttl=ttl)

    async def read(self, key: JobKey, slot: str) -> Record | None:
        """Return a slot's record; None while it is empty."""
        self._expiry.sweep()
        log = self._logs.get(key)
        return log.slots.get(slot) if log else None

    async def taken(self, key: JobKey, slots: Collection[str]) -> set[str]:
        """Return those of some slots that are written."""
        self._expiry.sweep()
        log = self._logs.get(key)
        return {slot for slot in slots if log and slot in log.slots}

    async def tail(
        self, key: JobKey, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[Record | None, None]:
        """Yield the records after a position, then new ones; None when idle."""
        log = self._logs.get(key)
        if log is None:
            return
        index = next((i for i, r in enumerate(log.records) if r.position > after), None)
        cursor = len(log.records) if index is None else index
        while not log.purged:
            if cursor < len(log.records):
                record = log.records[cursor]
                cursor += 1
                if cursor % BREATH == 0:
                    # A long replay must not keep the loop to itself.
                    await asyncio.sleep(0)
                yield _marked(record, pending=cursor < len(log.records))
            elif not await _changed(log.waiting, idle):
                yield None

    async def feed(
        self,
        slots: frozenset[str],
        *,
        tenant: str | None = None,
        after: int | None = None,
        idle: float | None = None,
    ) -> AsyncGenerator[Written | None, None]:
        """Yield what is written in `slots` over all jobs; None when idle."""
        loop = asyncio.get_running_loop()
        silent_since = loop.time()
        cursor = self._position if after is None else after
        # Whoever begins with what is left does not miss what had gone by then.
        gone = 0 if after else self._ledger.complete_after
        steps = 0
        while True:
            self._expiry.sweep()
            if self._ledger.complete_after > max(cursor, gone):
                raise events_expired()
            written = self._ledger.next(cursor)
            if written is None:
                left = None if idle is None else silent_since + idle - loop.time()
                if not await _changed(self._ledger.waiting, left):
                    silent_since = loop.time()
                    yield None
                continue
            cursor = written.record.position
            steps += 1
            if steps % BREATH == 0:
                await asyncio.sleep(0)
            if written.record.slot in slots and tenant in (None, written.key.tenant):
                silent_since = loop.time()
                yield written

    async def extent(self) -> LogExtent:
        """Return which log this is: another process has another one."""
        return LogExtent(self._identity, self._ledger.complete_after, self._position)

    async def purge(self, key: JobKey, word: bytes = b"") -> None:
        """Forget a job's log; unknown jobs are ignored."""
        if key in self._logs:
            self._expiry.discard(key)
            self._forget(key)
            self._ledger.add_word(key, self._next_record(GONE, word))

    def _write(self, key: JobKey, log: _Log, slot: str, body: bytes) -> int:
        record = self._next_record(slot, body)
        log.records.append(record)
        log.slots[slot] = record
        log.weight += len(body) + RECORD_WEIGHT
        self._weight += len(body) + RECORD_WEIGHT
        log.wake()
        self._ledger.add(key, record)
        if self._weight > self._max_bytes:
            self._make_room(key)
        return record.position

    def _make_room(self, newest: JobKey) -> None:
        """Forget complete logs, oldest first, until the rest fits."""
        complete = [
            key for key, log in self._logs.items() if self._last_slot in log.slots and key != newest
        ]
        for key in complete:
            if self._weight <= self._max_bytes:
                return
            self._expiry.discard(key)
            self._forget(key, early=True)

    def _next_record(self, slot: str, body: bytes) -> Record:
        self._position += 1
        return Record(self._position, time.time(), slot, body)

    def _forget(self, key: JobKey, *, early: bool = False) -> None:
        log = self._logs.pop(key, None)
        if log:
            self._weight -= log.weight
            self._ledger.forget(log.records, early=early)
            log.purged = True
            log.wake()


def _marked(record: Record, *, pending: bool) -> Record:
    if not pending:
        return record
    return Record(record.position, record.time, record.slot, record.body, pending=True)


async def _changed(waiting: set[asyncio.Event], idle: float | None) -> bool:
    """Wait for news; tell whether they came within `idle` seconds."""
    event = asyncio.Event()
    waiting.add(event)
    try:
        async with asyncio.timeout(idle):
            await event.wait()
    except TimeoutError:
        return False
    finally:
        waiting.discard(event)
    return True
