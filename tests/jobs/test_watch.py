"""What a watcher reads of a job's log."""

from collections.abc import AsyncGenerator
from contextlib import aclosing

from eventually import eventually
from job_parts import Gate, ScriptedEngine, ScriptedReader, build, ended, running, submission

from docsort_server.jobs.coordinator import (
    SUMMARY_INTERVAL,
    SUMMARY_MOST,
    SUMMARY_RATE,
    summary_pause,
)
from docsort_server.jobs.model import Accepted, JobEnded, PageDone
from docsort_server.jobs.store.memory import MemoryJobIndex, MemoryJobLog, open_store
from docsort_server.jobs.store.protocols import JobKey, Record, Store


class CountingLog(MemoryJobLog):
    """Count the records that tails yield."""

    def __init__(self) -> None:
        super().__init__()
        self.told = 0

    async def tail(
        self, key: JobKey, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[Record | None, None]:
        """Yield what the log has."""
        async for record in super().tail(key, after=after, idle=idle):
            self.told += 1
            yield record


async def test_a_watch_of_a_finished_job_reads_what_is_left_only() -> None:
    """Whoever goes on near the end of a long job does not wait for its beginning."""
    plain, log = open_store(), CountingLog()
    store = Store(log, plain.queue, plain.documents, plain.index, plain.cell)
    jobs = build(ScriptedReader(), ScriptedEngine(span=16), store)
    async with running(jobs):
        whole = await ended(jobs, key := await jobs.intake.submit(submission(200)))
        last = [event for event in whole if isinstance(event.kind, (Accepted, PageDone, JobEnded))]
        log.told = 0
        rest = [event async for event in jobs.watcher.events(key, last[-3].sequence)]
        assert rest == last[-2:]
        assert log.told == 2
        assert [event async for event in jobs.watcher.events(key, last[-1].sequence)] == []
        assert log.told == 2


class CountingIndex(MemoryJobIndex):
    """Count the leases that are written and asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.leases = 0
        self.asked = 0

    async def held(self, key: JobKey) -> bool:
        """Tell of a lease."""
        self.asked += 1
        return await super().held(key)

    async def hold(self, key: JobKey, *, ttl: float) -> None:
        """Write a lease."""
        self.leases += 1
        await super().hold(key, ttl=ttl)


async def test_a_watch_to_the_end_writes_one_lease() -> None:
    """The job's first lease covers whoever watches at once; after its end it needs none."""
    plain, index = open_store(), CountingIndex()
    store = Store(plain.log, plain.queue, plain.documents, index, plain.cell)
    jobs = build(ScriptedReader(), ScriptedEngine(span=16), store)
    async with running(jobs):
        await ended(jobs, await jobs.intake.submit(submission(3)))
    assert index.leases == 1


async def test_a_job_that_is_watched_here_asks_for_no_lease() -> None:
    """While its watcher is in the same process the coordinator does not look for the lease."""
    plain, index = open_store(), CountingIndex()
    store = Store(plain.log, plain.queue, plain.documents, index, plain.cell)
    gate = Gate()
    jobs = build(ScriptedReader(), ScriptedEngine(gate), store, orphan_grace=0.2)
    async with running(jobs):
        watch = jobs.watcher.events(await jobs.intake.submit(submission(1)))
        async with aclosing(watch):
            await anext(watch)
            asked, written = index.asked, index.leases
            # Each renewal is as far from the next as one look at the lease and more.
            await eventually(lambda: index.leases > written + 3)
            assert index.asked == asked
            gate.open()
            assert isinstance([event async for event in watch][-1].kind, JobEnded)


def test_summaries_of_many_jobs_come_less_often() -> None:
    """All of them together write so many a second, until whoever polls would wait too long."""
    assert summary_pause(1) == SUMMARY_INTERVAL
    assert 20 / summary_pause(20) == SUMMARY_RATE
    assert summary_pause(1_000) == SUMMARY_MOST
