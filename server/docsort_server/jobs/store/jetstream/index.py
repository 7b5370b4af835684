"""The job index in two key-value buckets."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import EXPECT, EXPIRES, TTL, life
from docsort_server.jobs.store.jetstream.feed import Feed
from docsort_server.jobs.store.jetstream.trouble import Refused
from docsort_server.jobs.store.protocols import IndexChange

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored
    from docsort_server.jobs.store.jetstream.feed import Delivered
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience
    from docsort_server.jobs.store.protocols import JobKey

# How long a lease runs from its renewal.
LEASE = "Docsort-Lease"
# A lease is kept this much longer than it runs, so that it is known after an outage.
LEASE_KEPT = 3600.0
# A deletion is kept for those whose watch was interrupted.
_DELETED = {"KV-Operation": "PURGE", "Nats-Rollup": "sub", TTL: "3600"}


class JetStreamJobIndex:
    """Keep summaries and leases as keys of a bucket each, with a time of their own.

    While the engine is away nobody can renew a lease. So a lease runs at least as long, counted
    from the return of the engine, as it did when it was last renewed.
    """

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        patience: Patience,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._patience = patience
        self._clock = clock

    async def put(self, key: JobKey, body: bytes, *, ttl: float, new: bool = False) -> None:
        """Write a job's summary over the one before; a `new` one only where there is none."""
        subject, headers = self._names.summary(key), life(ttl, self._clock())
        if not new:
            await self._write(subject, body, headers)
            return
        # A key without a summary has nothing, which is all but always so, or its deletion.
        if await self._write_over(subject, body, headers, 0):
            return
        last = await self._patience.until_done(
            lambda _: self._jetstream.get(self._names.state, subject)
        )
        if last and not self._is_there(last):
            await self._write_over(subject, body, headers, last.position)

    async def get(self, key: JobKey) -> bytes | None:
        """Return a job's summary; None when there is none."""
        stored = await self._read(self._names.state, self._names.summary(key))
        return stored.body if stored and stored.expires > self._clock() else None

    async def delete(self, key: JobKey) -> None:
        """Forget a job's summary and lease."""
        for subject in (self._names.summary(key), self._names.lease(key)):
            await self._write(subject, b"", _DELETED)

    async def watch(
        self, tenant: str, *, after: int = 0
    ) -> AsyncGenerator[IndexChange | None, None]:
        """Yield the last change of each job after a position, then new ones; None between."""
        pattern, stream = self._names.summaries_of(tenant), self._names.state
        waiting = await self._patience.until_done(
            lambda _: self._jetstream.first(stream, pattern, after + 1)
        )
        if waiting is None:
            yield None
        feed = Feed(self._jetstream, stream, [pattern], after + 1)
        try:
            while True:
                delivered = await feed.next()
                yield self._change(delivered)
                if waiting is not None and not delivered.pending:
                    waiting = None
                    yield None
        finally:
            await feed.close()

    async def hold(self, key: JobKey, *, ttl: float) -> None:
        """Set or renew the lease of a job for `ttl` seconds from now."""
        ends = repr(self._clock() + ttl)
        headers = {**life(ttl + LEASE_KEPT, self._clock()), EXPIRES: ends, LEASE: repr(ttl)}
        await self._write(self._names.lease(key), b"", headers)

    async def held(self, key: JobKey) -> bool:
        """Tell whether the lease of a job is running."""
        subject = self._names.lease(key)
        stored = await self._read(self._names.leases, subject)
        if stored is None or stored.expires <= self._clock():
            # A copy that lags behind does not know of the last renewal.
            stored = await self._patience.until_done(
                lambda _: self._jetstream.newest(self._names.leases, subject)
            )
        if stored is None or "KV-Operation" in stored.headers:
            return False
        if stored.expires > self._clock():
            return True
        missed = self._jetstream.connection.since > stored.time
        return missed and self._jetstream.connection.uptime < float(stored.headers[LEASE])

    def _is_there(self, stored: Stored) -> bool:
        return "KV-Operation" not in stored.headers and stored.expires > self._clock()

    def _change(self, delivered: Delivered) -> IndexChange:
        message = delivered.message
        gone = "KV-Operation" in (message.headers or {})
        key = self._names.parse_summary(message.subject)
        return IndexChange(delivered.position, key, None if gone else message.data)

    async def _write(self, subject: str, body: bytes, headers: Mapping[str, str]) -> None:
        await self._patience.until_done(lambda _: self._jetstream.publish(subject, body, headers))

    async def _write_over(
        self, subject: str, body: bytes, headers: Mapping[str, str], position: int
    ) -> bool:
        """Write over what is at a position, 0 for nothing; tell whether that was done.

        Whatever refuses it, the job is in its log and will be listed a little later.
        """
        try:
            await self._write(subject, body, {**headers, EXPECT: str(position)})
        except Refused:
            return False
        return True

    async def _read(self, stream: str, subject: str) -> Stored | None:
        stored = await self._patience.until_done(lambda _: self._jetstream.get(stream, subject))
        return None if stored is None or "KV-Operation" in stored.headers else stored
