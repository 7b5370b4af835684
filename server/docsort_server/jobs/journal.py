"""A job's log as typed entries: slots and bytes below, domain values above."""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from docsort_server.engine.result import PageResult
from docsort_server.faults import Fault, Reason
from docsort_server.jobs.model import (
    Called,
    Extracted,
    Finished,
    Job,
    JobSpec,
    JobStatus,
    Step,
    Stopped,
    Summary,
    Tried,
)
from docsort_server.jobs.recent import Recent

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterable

    from docsort_server.jobs.model import Brief, Entry
    from docsort_server.jobs.store.protocols import JobKey, JobLog, Record

ACCEPTED = "accepted"
EXTRACTED = "extracted"
STOP = "stop"
FINAL = "final"
TRY = "try"
CALL = "call"
# Once one of these is written, work on the job's pages is of no more use.
CLOSING = frozenset({STOP, FINAL})
# Entries that stay decoded: a job and its watchers read the same ones at about the same time.
DECODED = 256


class RecordCodec(Protocol):
    """Turn entries into bytes and back; the only thing jobs need to know about encoding."""

    def encode(self, entry: Entry) -> bytes:
        """Encode an entry. Raises `Fault` where it exceeds the store's record limit."""

    def decode(self, slot: str, body: bytes) -> Entry:
        """Decode what `encode` made for this kind of slot."""

    def encode_brief(self, brief: Brief) -> bytes:
        """Encode what lists tell of a job."""

    def decode_brief(self, body: bytes) -> Brief:
        """Decode what lists tell of a job."""


class Journal:
    """Append and read the entries of jobs."""

    def __init__(
        self, log: JobLog, codec: RecordCodec, decoded: Recent[Entry] | None = None
    ) -> None:
        self._log = log
        self._codec = codec
        self._decoded = decoded if decoded is not None else Recent(DECODED)

    def size(self, entry: Entry) -> int:
        """Return how many bytes an entry takes. Raises `Fault` where it cannot be kept."""
        return len(self._codec.encode(entry))

    async def append(self, key: JobKey, entry: Entry, *, until: float) -> int | None:
        """Write an entry into its slot; None when the slot is taken.

        `until` is when the job is forgotten, in seconds since the epoch. Raises `Fault`
        JOB_NOT_FOUND after that: a late entry must not outlive its job.
        """
        body, ttl = self._codec.encode(entry), _left(key, until)
        return await self._log.append(key, slot_of(entry), body, ttl=ttl)

    async def finish(self, key: JobKey, entry: Finished, *, last: int, until: float) -> bool:
        """Write the final entry if `last` is still the job's last position.

        Raises `Fault` JOB_NOT_FOUND as `append` does.
        """
        body, ttl = self._codec.encode(entry), _left(key, until)
        position = await self._log.append_after(key, FINAL, body, last=last, ttl=ttl)
        return position is not None

    async def spec(self, key: JobKey) -> tuple[Step, JobSpec]:
        """Return the accepted request and its step. Raises `Fault` JOB_NOT_FOUND."""
        record = await self._log.read(key, ACCEPTED)
        if record is None:
            raise not_found(key)
        step = self._step(record)
        assert isinstance(step.entry, JobSpec)
        return step, step.entry

    async def finished(self, key: JobKey) -> tuple[Step, Finished] | None:
        """Return the final entry and its step; None while the job runs."""
        record = await self._log.read(key, FINAL)
        if record is None:
            return None
        step = self._step(record)
        assert isinstance(step.entry, Finished)
        return step, step.entry

    async def has_ended(self, key: JobKey) -> bool:
        """Tell whether the final entry is written: cheaper than to read it."""
        return bool(await self._log.taken(key, [FINAL]))

    async def job(self, key: JobKey, known: tuple[Step, JobSpec] | None = None) -> Job:
        """Return a job: how it ended, or as it was accepted. Raises `Fault` JOB_NOT_FOUND.

        What is `known` of its acceptance is not read again, so nothing is raised.
        """
        accepted, spec = known or await self.spec(key)
        end = await self.finished(key)
        summary = end[1].summary if end else Summary(JobStatus.QUEUED)
        job = Job(key.job_id, spec, accepted.time, summary)
        return replace(job, end_time=end[0].time, finished=end[1]) if end else job

    async def is_extracted(self, key: JobKey) -> bool:
        """Tell whether the document was opened: cheaper than to read what that told."""
        return bool(await self._log.taken(key, [EXTRACTED]))

    async def extracted(self, key: JobKey) -> Extracted | None:
        """Return what opening the document told; None before that."""
        record = await self._log.read(key, EXTRACTED)
        entry = self._step(record).entry if record else None
        return entry if isinstance(entry, Extracted) else None

    async def page(self, key: JobKey, number: int) -> PageResult | None:
        """Return a page's result; None while it has none."""
        record = await self._log.read(key, page_slot(number))
        entry = self._step(record).entry if record else None
        return entry if isinstance(entry, PageResult) else None

    async def missing(self, key: JobKey, numbers: Iterable[int]) -> list[int]:
        """Return the pages that have no result."""
        slots = {page_slot(number): number for number in numbers}
        taken = await self._log.taken(key, slots)
        return [number for slot, number in slots.items() if slot not in taken]

    async def holds(self, key: JobKey, entry: Entry) -> bool:
        """Tell whether the slot of such an entry is taken."""
        return bool(await self._log.taken(key, [slot_of(entry)]))

    async def tail(
        self, key: JobKey, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[Step | None, None]:
        """Yield a job's steps, then new ones as they come; None when idle. Ends when purged."""
        async with aclosing(self._log.tail(key, after=after, idle=idle)) as records:
            async for record in records:
                yield self._step(record) if record else None

    async def pages(self, key: JobKey) -> AsyncGenerator[PageResult, None]:
        """Yield the page results of a finished job, in the order they came."""
        async with aclosing(self.tail(key)) as steps:
            async for step in steps:
                if step is None or isinstance(step.entry, Finished):
                    return
                if isinstance(step.entry, PageResult):
                    yield step.entry

    async def forget(self, key: JobKey, brief: Brief) -> None:
        """Remove a job's log; feeds are told how the job stood."""
        await self._log.purge(key, self._codec.encode_brief(brief))

    def step(self, record: Record) -> Step:
        """Decode a record of any job."""
        return self._step(record)

    def _step(self, record: Record) -> Step:
        # A position is of the whole store, so it names one record for good.
        known = self._decoded.find(record.position)
        entry = known or self._codec.decode(record.slot, record.body)
        self._decoded.keep(record.position, entry)
        return Step(record.position, record.time, entry, record.pending)


def expiry(accepted: Step, spec: JobSpec) -> float:
    """Return when a job is forgotten, in seconds since the epoch."""
    return accepted.time + spec.ttl


def page_slot(number: int) -> str:
    """Name the slot of a page's result."""
    return f"p.{number}"


def slot_of(entry: Entry) -> str:
    """Name the slot that an entry belongs into."""
    match entry:
        case JobSpec():
            return ACCEPTED
        case Extracted():
            return EXTRACTED
        case PageResult():
            return page_slot(entry.page)
        case Tried():
            return f"{TRY}.{entry.page}.{entry.number}" + (".void" if entry.void else "")
        case Called():
            return f"{CALL}.{entry.number}"
        case Stopped():
            return STOP
        case Finished():
            return FINAL


def not_found(key: JobKey) -> Fault:
    """Return the fault for a job that is unknown or forgotten."""
    message = f"No job {key.job_id}: it was never accepted here or has expired."
    return Fault(Reason.JOB_NOT_FOUND, message, metadata={"job_id": key.job_id})


def _left(key: JobKey, until: float) -> float:
    left = until - time.time()
    if left <= 0:
        raise not_found(key)
    return left
