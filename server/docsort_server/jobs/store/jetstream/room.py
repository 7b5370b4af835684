"""Whether there is room for another job, apart from that for the ends of those accepted."""

from __future__ import annotations

import asyncio
import math
import secrets
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import life
from docsort_server.jobs.store.jetstream.patience import full
from docsort_server.jobs.store.jetstream.trouble import Away, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names

# The part of the events' space that new jobs may fill, with what is promised to those under way.
SHARE = 0.8
# Bytes promised to each job beside its request: its end, and the results of its first pages, of
# which `make bench` prints the size. Nobody knows its pages yet; the results of more are what the
# rest of the space is for.
ENOUGH = 8192
# Seconds for which an answer is good.
_FRESH = 0.1
# Where several servers fill a store, each lets jobs in unannounced while less than the first part
# is filled, and at most the second part before it looks again: what twenty of them have let in so
# and not yet written fits beside `SHARE`.
_AMPLE, _STEP = 0.5, 0.01
# Seconds after which the promise of a server that has ended is forgotten, and for which a server
# tries to take its own back.
_PROMISED, _PATIENCE = 60.0, 1.0


@dataclass(frozen=True, slots=True)
class Promise:
    """Room for a job that is being written; others see it where it has a `subject`."""

    size: int
    subject: str = ""


class Room:
    """Promise jobs their room, so that no two are let in on the same bytes.

    This process counts what it lets in until it is written. Unless it is `alone` on its engine,
    it tells others of each promise before it looks whether that holds, once the room is no longer
    ample: of several who do so at once, the last to look sees all. Apart from that the engine is
    asked ten times a second at most. Jobs that run are known by their tasks, after a restart too.

    `disk_is_low` tells whether the disk is, where it can be seen from here: an engine that meets a
    full disk stops for good.
    """

    def __init__(
        self,
        jetstream: JetStream,
        names: Names,
        disk_is_low: Callable[[], bool] | None = None,
        *,
        alone: bool = False,
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._disk_is_low = disk_is_low
        self._alone = alone
        # One after another, or those who come at once would refuse each other the last room.
        self._deciding = asyncio.Lock()
        self._asked = -math.inf
        self._full = False
        # Bytes: let in here and not yet written, left for all, and left before the next answer.
        self._under_way = 0
        self._left = self._unasked = 0.0

    async def require(self) -> None:
        """Raise `Fault` OVERLOADED where nothing new should begin; `Away` and `Refused` too."""
        if not self._fresh:
            async with self._deciding:
                await self._look_unless_fresh()
        if self._full:
            raise full()

    async def promise(self, size: int) -> Promise:
        """Promise a job of `size` bytes its room, to be settled once it is written.

        Raises `Fault` OVERLOADED where there is none, `Away` and `Refused`.
        """
        size += ENOUGH
        async with self._deciding:
            await self._look_unless_fresh()
            if size <= self._unasked:
                self._unasked -= size
                self._under_way += size
                return Promise(size)
            if self._alone or size > self._left:
                raise full()
            return await self._announce(size)

    async def settle(self, promise: Promise) -> None:
        """Take a promise back: what was promised is written, or will not be."""
        if promise.subject:
            await self._withdraw(promise.subject)
        else:
            self._under_way -= promise.size

    async def _announce(self, size: int) -> Promise:
        subject = self._names.promise(secrets.token_hex(8), size)
        try:
            await self._jetstream.publish(subject, b"", life(_PROMISED, time.time()))
            await self._look()
        except BaseException:
            await asyncio.shield(self._withdraw(subject))
            raise
        # Ours is counted by now.
        if self._left < 0:
            await asyncio.shield(self._withdraw(subject))
            raise full()
        return Promise(size, subject)

    async def _withdraw(self, subject: str) -> None:
        with suppress(Away, Refused, TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                await self._jetstream.purge(self._names.events, subject)

    @property
    def _fresh(self) -> bool:
        return asyncio.get_running_loop().time() - self._asked < _FRESH

    async def _look_unless_fresh(self) -> None:
        if not self._fresh:
            await self._look()

    async def _look(self) -> None:
        # What is under way may be written while the engine answers: then it counts twice.
        under_way = self._under_way
        if self._disk_is_low and self._disk_is_low():
            self._left, self._full = -math.inf, True
        else:
            limit, held, promised = await self._filling()
            self._left = SHARE * limit - held - promised - under_way
            self._full = held > SHARE * limit
        self._unasked = self._left
        if not self._alone and math.isfinite(self._left):
            ample = self._left - (SHARE - _AMPLE) * limit
            self._unasked = min(ample, _STEP * limit - under_way)
        self._asked = asyncio.get_running_loop().time()

    async def _filling(self) -> tuple[float, int, int]:
        """Return how many bytes the logs may hold, do hold, and are promised beside that."""
        promises = {"subjects_filter": self._names.promises}
        # Beyond the last subject: the tasks are to be counted, not listed.
        jobs = {"subjects_filter": self._names.all_of("job"), "offset": 1 << 40}
        events, tasks = await asyncio.gather(
            self._jetstream.call(f"STREAM.INFO.{self._names.events}", promises),
            self._jetstream.call(f"STREAM.INFO.{self._names.tasks}", jobs),
        )
        limit: int = events["config"]["max_bytes"]
        held: int = events["state"]["bytes"]
        announced = sum(map(self._names.parse_promise, events["state"].get("subjects") or {}))
        # A job has its task until it has ended.
        promised = announced + tasks.get("total", 0) * ENOUGH
        return limit if limit > 0 else math.inf, held, promised
