"""What a crash or a missed sign has left undone."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager, suppress

import pytest
from eventually import eventually
from job_parts import Gate, ScriptedEngine, ScriptedReader, build, ended, running, submission

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.model import JobEnded, JobStatus
from docsort_server.jobs.store.memory import MemoryTaskQueue, open_store
from docsort_server.jobs.store.protocols import JobKey, Store, Task


@asynccontextmanager
async def keeping_up(jobs: JobEngine) -> AsyncGenerator[None, None]:
    """Run what a replica does that takes no work."""
    task = asyncio.create_task(jobs.keep_up())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


class LossyQueue(MemoryTaskQueue):
    """Lose the tasks that a test names, each once."""

    def __init__(self, loses: Callable[[Task], bool]) -> None:
        super().__init__()
        self._loses = loses
        self._lost: set[Task] = set()

    async def put(self, task: Task) -> bool:
        """Queue a task, or claim to have done so."""
        if self._loses(task) and task not in self._lost:
            self._lost.add(task)
            return True
        return await super().put(task)


def lossy(loses: Callable[[Task], bool]) -> Store:
    """Return a store whose queue loses tasks."""
    plain = open_store()
    return Store(plain.log, LossyQueue(loses), plain.documents, plain.index, plain.cell)


async def completed(jobs: JobEngine, key: JobKey) -> bool:
    """Tell whether a job ends as completed."""
    kind = (await ended(jobs, key))[-1].kind
    return isinstance(kind, JobEnded) and kind.job.status is JobStatus.COMPLETED


async def test_an_accepted_job_without_a_task_is_queued_again() -> None:
    """Whoever finds it unchanged twice puts its task back, without being asked for the job."""
    jobs = build(ScriptedReader(), ScriptedEngine(), lossy(lambda task: task.kind == "job"))
    async with running(jobs):
        key = await jobs.intake.submit(submission(2, detached=True))
        await eventually(lambda: key in jobs.catalogue.unfinished())
        await jobs.reconciler.look()
        assert not (await jobs.desk.get(key)).finished
        await jobs.reconciler.look()
        assert await completed(jobs, key)


async def test_lost_page_tasks_are_queued_again() -> None:
    """A job without a step for long has its missing pages put back."""
    store = lossy(lambda task: task.span == "5-8")
    jobs = build(ScriptedReader(), ScriptedEngine(), store, stall=0.05)
    async with running(jobs):
        assert await completed(jobs, await jobs.intake.submit(submission(8)))


async def test_a_place_is_free_once_the_job_has_ended_elsewhere() -> None:
    """The replica that accepted a job need not run it; the place is freed all the same."""
    store = open_store()
    front, worker = (build(ScriptedReader(), ScriptedEngine(), store) for _ in range(2))
    async with keeping_up(front), running(worker):
        await completed(front, await front.intake.submit(submission(2)))
        await eventually(lambda: front.admission.running == 0)


async def test_a_place_is_free_once_the_end_was_missed() -> None:
    """An end that nobody heard of is found by looking, and so is a job that is forgotten."""
    store, gate = open_store(), Gate()
    front = build(ScriptedReader(), ScriptedEngine(), store)
    worker = build(ScriptedReader(), ScriptedEngine(gate), store)
    async with running(worker):
        missed = await front.intake.submit(submission(1))
        gate.open()
        await completed(worker, missed)
        forgotten = await front.intake.submit(submission(2))
        await completed(worker, forgotten)
        await worker.desk.delete(forgotten)
        assert front.admission.running == 2
        await front.reconciler.look()
        assert front.admission.running == 2
        await front.reconciler.look()
        assert front.admission.running == 0


async def test_a_running_job_keeps_its_place_and_its_one_task() -> None:
    """Looking often at a slow job changes nothing."""
    engine = ScriptedEngine(gate := Gate())
    jobs = build(ScriptedReader(), engine)
    async with running(jobs):
        key = await jobs.intake.submit(submission(3, detached=True))
        await eventually(lambda: engine.working == 3)
        for _ in range(4):
            await jobs.reconciler.look()
        assert jobs.admission.running == 1
        gate.open()
        assert await completed(jobs, key)
    assert sorted(engine.seen) == [1, 2, 3]


async def test_a_brief_without_a_job_goes() -> None:
    """What lists tell is a cache: a job that is not there is not listed for ever."""
    store = open_store()
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    key = await jobs.intake.submit(submission(1, detached=True))
    async with keeping_up(jobs):
        await eventually(lambda: key in jobs.catalogue.unfinished())
        await store.log.purge(key)
        await jobs.reconciler.look()
        await jobs.reconciler.look()
        await eventually(lambda: key not in jobs.catalogue.unfinished())


async def test_a_cancel_without_anybody_who_runs_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is written down, its caller is told to come back, and the first worker carries it out."""
    monkeypatch.setattr("docsort_server.jobs.desk.CANCEL_WAIT", 0.05)
    store = open_store()
    front, worker = (build(ScriptedReader(), ScriptedEngine(), store) for _ in range(2))
    key = await front.intake.submit(submission(2, detached=True))
    with pytest.raises(Fault) as caught:
        await front.desk.cancel(key)
    assert caught.value.reason is Reason.OVERLOADED
    assert caught.value.retry_after
    monkeypatch.undo()
    async with running(worker):
        assert (await front.desk.cancel(key)).status is JobStatus.CANCELLED
