"""A job's events, from any position of its log: replay, then live."""

from __future__ import annotations

import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.result import PageResult
from docsort_server.engine.tally import Tally
from docsort_server.jobs.model import (
    Accepted,
    Event,
    Extracted,
    Finished,
    Heartbeat,
    Job,
    JobEnded,
    JobSpec,
    JobStatus,
    LeaderChanged,
    PageDone,
    Progressed,
    Step,
    Summary,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.leases import Leases
    from docsort_server.jobs.model import EventKind
    from docsort_server.jobs.store.protocols import JobKey


class Watcher:
    """Turn a job's log into the events of its stream.

    `heartbeat` is the seconds of silence after which a sign of life is sent.
    """

    def __init__(self, journal: Journal, leases: Leases, heartbeat: float) -> None:
        self._journal = journal
        self._leases = leases
        self._heartbeat = heartbeat

    async def events(self, key: JobKey, after_sequence: int = 0) -> AsyncGenerator[Event, None]:
        """Yield the durable events after a sequence, and ephemeral ones as they arise.

        Ends after the job's end. Raises `Fault` JOB_NOT_FOUND, also when the job is forgotten
        while it is watched.
        """
        accepted, spec = await self._journal.spec(key)
        story, after = _Story(key, spec, accepted), 0
        if after_sequence and (end := await self._journal.finished(key)):
            # What a running job tells beside its pages rests on all of them; this one has ended.
            after = story.position(after_sequence)
            if after >= end[0].position:
                return
        steps = self._journal.tail(key, after=after, idle=self._heartbeat)
        async with self._leases.watching(key) as watch, aclosing(steps):
            async for step in steps:
                if step is None:
                    beat = story.event(Heartbeat(), time.time())
                    yield replace(beat, sequence=max(beat.sequence, after_sequence))
                    continue
                watch.ended = isinstance(step.entry, Finished)
                for event in story.tell(step):
                    # What is ephemeral repeats the last sequence: a log that lags behind that of
                    # another replica would tell of a state that its watcher has left.
                    if event.sequence >= after_sequence + (not story.is_ephemeral(event)):
                        yield event
                if watch.ended:
                    return
        # The log is gone: this raises JOB_NOT_FOUND.
        await self._journal.spec(key)


class _Story:
    """The fold behind one stream: what was told so far, and what a step adds to it."""

    def __init__(self, key: JobKey, spec: JobSpec, accepted: Step) -> None:
        self._key = key
        self._spec = spec
        self._accepted = accepted
        self._tally = Tally(spec.question)
        self._summary = Summary(JobStatus.QUEUED)
        self._leader: int | None = None
        self._sequence = 0

    def event(self, kind: EventKind, when: float) -> Event:
        return Event(self._sequence, when, kind, self._spec.question)

    def position(self, sequence: int) -> int:
        """Return the place in the log of the event of a sequence."""
        return self._accepted.position + sequence - 1

    @staticmethod
    def is_ephemeral(event: Event) -> bool:
        return isinstance(event.kind, (Progressed, LeaderChanged, Heartbeat))

    def tell(self, step: Step) -> Iterator[Event]:
        """Yield a step's events; ephemeral ones only when it is the newest of the log."""
        match step.entry:
            case JobSpec():
                yield self._durable(step, Accepted(self._job()))
            case Extracted() if not step.entry.failure:
                start, total = step.entry.start_time, step.entry.pages
                self._summary = Summary(JobStatus.PROCESSING, total, 0, start)
                yield from self._state(step)
            case PageResult():
                self._count(step.entry)
                yield self._durable(step, PageDone(step.entry))
                yield from self._state(step)
            case Finished():
                yield self._durable(step, JobEnded(self._job(step)))
            case _:
                pass

    def _durable(self, step: Step, kind: EventKind) -> Event:
        self._sequence = step.position - self._accepted.position + 1
        return self.event(kind, step.time)

    def _count(self, page: PageResult) -> None:
        self._tally.add(page)
        total, start = self._summary.pages_total, self._summary.start_time
        done = self._summary.pages_done + 1
        self._summary = Summary(JobStatus.PROCESSING, total, done, start)

    def _state(self, step: Step) -> Iterator[Event]:
        """Yield what has changed, unless more steps wait: then it would be stale at once."""
        if step.pending:
            return
        standing = self._tally.standing()
        if standing and standing.label is not None and standing.label != self._leader:
            self._leader = label = standing.label
            change = LeaderChanged(label, standing.confidence, standing.outcome, standing.pages)
            yield self.event(change, step.time)
        yield self.event(Progressed(self._summary), step.time)

    def _job(self, end: Step | None = None) -> Job:
        finished = end.entry if end and isinstance(end.entry, Finished) else None
        return Job(
            job_id=self._key.job_id,
            spec=self._spec,
            create_time=self._accepted.time,
            summary=finished.summary if finished else self._summary,
            end_time=end.time if end else None,
            finished=finished,
        )
