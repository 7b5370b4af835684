"""What a watcher reads of a job's log."""

from collections.abc import AsyncGenerator

from job_parts import ScriptedEngine, ScriptedReader, build, ended, running, submission

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
    """Count the leases that are written."""

    def __init__(self) -> None:
        super().__init__()
        self.leases = 0

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
