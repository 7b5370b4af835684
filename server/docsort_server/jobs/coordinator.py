"""Run one job from its acceptance to its end."""

from __future__ import annotations

import asyncio
import logging
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.incidents import failure_of
from docsort_server.jobs.course import Course
from docsort_server.jobs.identity import document_key, password_key, span_name
from docsort_server.jobs.journal import expiry
from docsort_server.jobs.model import Extracted, Finished, Job, StopCause, Stopped
from docsort_server.jobs.store.protocols import Task

if TYPE_CHECKING:
    from docsort_server.documents.source import PageSource
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.fetching import Fetching
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.leases import Leases
    from docsort_server.jobs.model import JobSpec, Step
    from docsort_server.jobs.register import Register
    from docsort_server.jobs.shelf import Shelf
    from docsort_server.jobs.store.protocols import JobKey, Store

log = logging.getLogger(__name__)

# Seconds between two summaries of a running job, by which GetJob may lag behind: at least and at
# most. Between the two so many come a second of all jobs: in more of them nobody would see more.
SUMMARY_INTERVAL, SUMMARY_MOST, SUMMARY_RATE = 0.1, 1.0, 50.0
# Pages of a job for each that an engine elsewhere takes at a time: one there, one on its way.
_AHEAD = 2
# Tasks that are queued at a time, so that the last need not wait for the disk as often as there are
# others; not all of them, since the first would wait for the rest to be sent. They arrive in order.
_TOGETHER = 8
# Seconds to wait for the acceptance of a job whose task is here already: at first, and in all.
# Whoever accepts it gives up before that.
ACCEPTANCE_PAUSE, ACCEPTANCE_WAIT = 0.002, 15.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How jobs are run: `window` tasks out per job at least, seconds between looks for watchers.

    After `stall` seconds without a step of a job its missing pages are queued again.
    """

    window: int
    orphan_poll: float
    stall: float


class Coordinator:
    """Drive jobs; every decision follows from a job's log, so any replica could take over.

    Deadlines and missing watchers are written to the log like a cancel: the tail of the log is
    the only thing that the job listens to.
    """

    def __init__(
        self,
        store: Store,
        journal: Journal,
        register: Register,
        shelf: Shelf,
        reader: PageSource,
        fetching: Fetching,
        engines: Engines,
        leases: Leases,
        pace: Pace,
    ) -> None:
        self._store = store
        self._journal = journal
        self._register = register
        self._shelf = shelf
        self._reader = reader
        self._fetching = fetching
        self._engines = engines
        self._leases = leases
        self._pace = pace
        self._running = 0

    async def run(self, key: JobKey) -> None:
        """Work on a job until its end is in the log. Raises `Fault` JOB_NOT_FOUND."""
        try:
            accepted, spec = await self._accepted(key)
            if not await self._journal.has_ended(key):
                await self._run(key, accepted, spec)
            await self._register.close(key, (accepted, spec))
            await self.clear_away(key, locked=spec.locked)
        finally:
            self._fetching.forget(key)

    async def _run(self, key: JobKey, accepted: Step, spec: JobSpec) -> None:
        until = expiry(accepted, spec)
        course = self._course(spec)
        changed = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            helpers = [
                group.create_task(self._summarise(key, spec, accepted, course, changed)),
                group.create_task(self._extract(key, spec, until)),
                group.create_task(self._stop_at_deadline(key, spec, accepted)),
                group.create_task(self._stop_when_abandoned(key, spec, until)),
            ]
            self._running += 1
            try:
                await self._follow(key, spec, until, course, changed)
            finally:
                self._running -= 1
                for helper in helpers:
                    helper.cancel()

    def _course(self, spec: JobSpec) -> Course:
        engine = self._engines.get(spec.options.engine)
        room = self._engines.room(spec.options.engine) or 0
        # One job alone must be able to keep an engine busy, with the next pages read meanwhile.
        window = max(self._pace.window, _AHEAD * room // engine.span)
        return Course(spec, engine.identity, span=engine.span, window=window)

    async def _accepted(self, key: JobKey) -> tuple[Step, JobSpec]:
        """Return the accepted request, which is written at the same time as the job's task."""
        pause, waited = ACCEPTANCE_PAUSE, 0.0
        while True:
            try:
                return await self._journal.spec(key)
            except Fault as fault:
                if fault.reason is not Reason.JOB_NOT_FOUND or waited > ACCEPTANCE_WAIT:
                    raise
            await asyncio.sleep(pause)
            waited += pause
            pause = min(2 * pause, 1.0)

    async def _follow(
        self, key: JobKey, spec: JobSpec, until: float, course: Course, changed: asyncio.Event
    ) -> None:
        async with aclosing(self._journal.tail(key, idle=self._pace.stall)) as steps:
            async for step in steps:
                if step is None:
                    # A task may be lost for good, whatever the queue promises.
                    await self._queue(key, spec, course.stalled_spans())
                    continue
                if isinstance(step.entry, Finished):
                    return
                course.add(step.entry)
                if ending := await _ending(course):
                    if await self._end(key, until, course, ending, step.position):
                        return
                    continue
                await self._queue(key, spec, course.next_spans())
                changed.set()

    async def _end(
        self, key: JobKey, until: float, course: Course, ending: Finished, last: int
    ) -> bool:
        """Write the end; False when the log has grown meanwhile, and its tail must go on."""
        if course.stopped:
            await self._store.queue.purge(key)
        ended = await self._journal.finish(key, ending, last=last, until=until)
        if ended:
            told = ending.failure.reason if ending.failure else ending.status
            log.info(
                "job %s ended: %s, pages done: %d", key.job_id, told, ending.summary.pages_done
            )
        return ended

    async def _queue(self, key: JobKey, spec: JobSpec, spans: list[tuple[int, int]]) -> None:
        lane = spec.options.priority.lane
        kind = "model" if self._engines.room(spec.options.engine) else "page"
        tasks = [Task(kind, lane, key, span_name(first, last)) for first, last in spans]
        for start in range(0, len(tasks), _TOGETHER):
            await asyncio.gather(*map(self._store.queue.put, tasks[start : start + _TOGETHER]))

    async def _summarise(
        self, key: JobKey, spec: JobSpec, accepted: Step, course: Course, changed: asyncio.Event
    ) -> None:
        """Write the brief at the first change and, while more come, now and then."""
        while True:
            await changed.wait()
            changed.clear()
            job = Job(key.job_id, spec, accepted.time, course.summary())
            await self._register.write(key, job.brief)
            await asyncio.sleep(summary_pause(self._running))

    async def _extract(self, key: JobKey, spec: JobSpec, until: float) -> None:
        if await self._journal.is_extracted(key):
            await self._fetching.count(key, spec)
            return
        start = time.time()
        try:
            extracted = await self._open(key, spec, start)
        except Exception as error:  # noqa: BLE001 - the job must end, whatever happened
            extracted = Extracted(start, failure=failure_of(log, "opening a document", error))
        await self._journal.append(key, extracted, until=until)

    async def _open(self, key: JobKey, spec: JobSpec, start: float) -> Extracted:
        await self._fetching.bring(key, spec)
        async with self._shelf.reading(key, spec) as document:
            facts = await self._reader.open(document, spec.options.pages)
        return Extracted(
            start, facts.pages, facts.selected, facts.beyond_end, left_out=facts.left_out
        )

    async def _stop_at_deadline(self, key: JobKey, spec: JobSpec, accepted: Step) -> None:
        if spec.options.deadline is None:
            return
        await asyncio.sleep(accepted.time + spec.options.deadline - time.time())
        stop = Stopped(StopCause.DEADLINE)
        await self._journal.append(key, stop, until=expiry(accepted, spec))

    async def _stop_when_abandoned(self, key: JobKey, spec: JobSpec, until: float) -> None:
        if spec.detached:
            return
        while await self._is_wanted(key):  # noqa: ASYNC110 - a lease ends without a sign
            await asyncio.sleep(self._pace.orphan_poll)
        await self._journal.append(key, Stopped(StopCause.ABANDONED), until=until)

    async def _is_wanted(self, key: JobKey) -> bool:
        # Whoever watches here keeps the lease, which then need not be asked for.
        return self._leases.watched(key) or await self._store.index.held(key)

    async def clear_away(self, key: JobKey, *, locked: bool = True) -> None:
        """Forget what only the work needed: the document goes with the end of its job."""
        await self._store.documents.delete(document_key(key))
        if locked:
            await self._store.documents.delete(password_key(key))
        self._shelf.drop(key)


def summary_pause(jobs: int) -> float:
    """Return the seconds between two summaries of a job while so many run in this process."""
    return min(SUMMARY_MOST, max(SUMMARY_INTERVAL, jobs / SUMMARY_RATE))


async def _ending(course: Course) -> Finished | None:
    """Return the end of a job if it has come; that of a long one is made beside all other work."""
    if course.over and course.long:
        return await asyncio.to_thread(course.ending)
    return course.ending()
