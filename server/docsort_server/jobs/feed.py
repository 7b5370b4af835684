"""What becomes of all jobs of a tenant, from any place of the log on."""

from __future__ import annotations

import asyncio
import time
from contextlib import aclosing
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.journal import ACCEPTED, FINAL
from docsort_server.jobs.model import Brief, Finished, Job, JobSpec, JobStatus, Summary
from docsort_server.jobs.recent import Recent
from docsort_server.jobs.store.protocols import GONE, events_expired

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.catalogue import JobFilter
    from docsort_server.jobs.journal import Journal, RecordCodec
    from docsort_server.jobs.store.protocols import JobKey, JobLog, LogExtent, Record, Written

SLOTS = frozenset({ACCEPTED, FINAL, GONE})
# Accepted jobs that a feed remembers, so as to tell their end without reading them again.
REMEMBERED = 256
# Seconds within which feeds end once the server stops.
LOOK = 1.0
# Seconds after which their callers may come back.
RETRY_AFTER = 1.0


@dataclass(frozen=True, slots=True)
class Place:
    """Where a feed goes on: in which log, and after which position.

    Deletions up to `untold` are not told: the feed began with what was left of all jobs, and those
    were gone.
    """

    log: str
    position: int
    untold: int = 0


class ChangeKind(StrEnum):
    """What became of a job."""

    ACCEPTED = "ACCEPTED"
    FINISHED = "FINISHED"
    DELETED = "DELETED"


@dataclass(frozen=True, slots=True)
class JobChange:
    """Something became of a job, which is told as it stood then."""

    kind: ChangeKind
    job_id: str
    brief: Brief


@dataclass(frozen=True, slots=True)
class Notice:
    """A change, or None for a sign of life, and where to go on after it.

    `time` is seconds since the epoch.
    """

    place: Place
    time: float
    change: JobChange | None = None


class JobFeed:
    """Turn what the store tells of all jobs into changes, on any replica.

    `heartbeat` is the seconds of silence after which a sign of life is sent.
    """

    def __init__(self, log: JobLog, journal: Journal, codec: RecordCodec, heartbeat: float) -> None:
        self._log = log
        self._journal = journal
        self._codec = codec
        self._heartbeat = heartbeat
        self._closed = False

    def close(self) -> None:
        """End every feed with SHUTTING_DOWN, so that its caller goes elsewhere."""
        self._closed = True

    async def notices(
        self,
        tenant: str,
        chosen: JobFilter,
        place: Place | None = None,
        *,
        from_start: bool = False,
    ) -> AsyncGenerator[Notice, None]:
        """Yield a sign of life, then the chosen changes after a place or from now on, for ever.

        Without a place `from_start` begins with what is left of all jobs. Raises `Fault`
        EVENTS_EXPIRED where the log does not reach back to the place, or is another one.
        """
        place = place_in(await self._log.extent(), place, from_start=from_start)
        yield Notice(place, time.time())
        loop = asyncio.get_running_loop()
        spoken = loop.time()
        reader = _Reader(self._log, self._journal, self._codec, place.untold)
        idle = min(LOOK, self._heartbeat)
        records = self._log.feed(SLOTS, tenant=tenant, after=place.position, idle=idle)
        async with aclosing(records):
            async for written in records:
                self._check_open()
                change = None
                if written:
                    place = replace(place, position=written.record.position)
                    change = await reader.read(written)
                    if change and not chosen.takes(change.brief):
                        change = None
                if change or loop.time() >= spoken + self._heartbeat:
                    when = written.record.time if change and written else time.time()
                    yield Notice(place, when, change)
                    spoken = loop.time()

    def _check_open(self) -> None:
        if self._closed:
            message = "The server is shutting down; watch on another replica or after its restart."
            raise Fault(Reason.SHUTTING_DOWN, message, retry_after=RETRY_AFTER)


def place_in(extent: LogExtent, place: Place | None, *, from_start: bool) -> Place:
    """Return where a feed begins. Raises `Fault` EVENTS_EXPIRED for a place that is lost."""
    if place is None:
        if from_start:
            return Place(extent.identity, 0, untold=extent.last)
        return Place(extent.identity, extent.last)
    known = extent.complete_after <= place.position <= extent.last
    if place.log != extent.identity or not known:
        raise events_expired()
    return place


class _Reader:
    """What one feed has read of the jobs so far; it turns records into changes."""

    def __init__(self, log: JobLog, journal: Journal, codec: RecordCodec, untold: int) -> None:
        self._log = log
        self._journal = journal
        self._codec = codec
        self._untold = untold
        self._accepted: Recent[Brief] = Recent(REMEMBERED)

    async def read(self, written: Written) -> JobChange | None:
        """Return the change that a record is; None for what is not told."""
        key, record = written.key, written.record
        if record.slot == ACCEPTED:
            return _change(ChangeKind.ACCEPTED, key, _unless_over(self._begun(key, record)))
        if record.slot == FINAL:
            return _change(ChangeKind.FINISHED, key, _unless_over(await self._ended(key, record)))
        if record.position <= self._untold:
            return None
        return _change(ChangeKind.DELETED, key, self._codec.decode_brief(record.body))

    def _begun(self, key: JobKey, record: Record) -> Brief:
        step = self._journal.step(record)
        assert isinstance(step.entry, JobSpec)
        brief = Job(key.job_id, step.entry, step.time, Summary(JobStatus.QUEUED)).brief
        self._accepted.keep(key, brief)
        return brief

    async def _ended(self, key: JobKey, record: Record) -> Brief | None:
        begun = self._accepted.find(key) or await self._begun_before(key, record)
        end = self._journal.step(record).entry
        assert isinstance(end, Finished)
        return begun and replace(
            begun,
            summary=end.summary,
            status=end.status,
            end_time=record.time,
            failure=end.failure,
        )

    async def _begun_before(self, key: JobKey, end: Record) -> Brief | None:
        """Read how a job began; None where that is gone, or the job was made anew since its end."""
        accepted = await self._log.read(key, ACCEPTED)
        if accepted is None or accepted.position > end.position:
            return None
        return self._begun(key, accepted)


def _change(kind: ChangeKind, key: JobKey, brief: Brief | None) -> JobChange | None:
    return JobChange(kind, key.job_id, brief) if brief else None


def _unless_over(brief: Brief | None) -> Brief | None:
    """Return the brief of a job whose time is not over: such a job goes without a word."""
    return brief if brief and brief.expire_time > time.time() else None
