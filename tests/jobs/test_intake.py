"""How documents become jobs."""

import asyncio

import pytest
from eventually import eventually
from job_parts import ScriptedEngine, ScriptedReader, build, classify, running, submission

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.model import JobOptions, JobStatus
from docsort_server.jobs.store.memory import MemoryJobLog, MemoryTaskQueue, open_store
from docsort_server.jobs.store.protocols import JobKey, Store, Task


class SlowLog(MemoryJobLog):
    """Answer an append some turns of the loop after it was written, as a store elsewhere does."""

    async def append(self, key: JobKey, slot: str, body: bytes, *, ttl: float) -> int | None:
        """Write, then take a while."""
        position = await super().append(key, slot, body, ttl=ttl)
        for _ in range(4):
            await asyncio.sleep(0)
        return position


async def test_a_caller_who_leaves_leaves_no_half_job() -> None:
    """A submission that is cancelled at any point is a whole job or none."""
    plain = open_store()
    store = Store(SlowLog(), plain.queue, plain.documents, plain.index)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    async with running(jobs):
        for turns in range(8):
            asked = submission(1, request_id=f"6ba7b810-9dad-41d1-80b4-00c04fd4300{turns}")
            task = asyncio.create_task(jobs.intake.submit(asked))
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert (await classify(jobs, asked)).status is JobStatus.COMPLETED
        await eventually(lambda: jobs.admission.running == 0)


async def test_an_unknown_engine_takes_no_place() -> None:
    """A request for an engine that is not there is refused before anything is stored."""
    jobs = build(ScriptedReader(), ScriptedEngine())
    with pytest.raises(Fault) as caught:
        await jobs.intake.submit(submission(options=JobOptions(engine="oracle")))
    assert caught.value.reason is Reason.INVALID_REQUEST
    assert jobs.admission.running == 0


async def test_a_failing_store_gives_the_place_back() -> None:
    """When the job cannot be written, room for it is not lost."""

    class FullLog(MemoryJobLog):
        async def append(self, key: JobKey, slot: str, body: bytes, *, ttl: float) -> int | None:
            raise OSError("no space left")

    plain = open_store()
    store = Store(FullLog(), plain.queue, plain.documents, plain.index)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    with pytest.raises(OSError, match="no space"):
        await jobs.intake.submit(submission())
    assert jobs.admission.running == 0


async def test_a_job_whose_task_was_lost_runs_when_it_is_asked_for_again() -> None:
    """A crash between the acceptance and its task leaves a job that the next try starts."""

    class Forgetful(MemoryTaskQueue):
        forgets = True

        async def put(self, task: Task) -> bool:
            if self.forgets:
                self.forgets = False
                return True
            return await super().put(task)

    plain = open_store()
    store = Store(plain.log, Forgetful(), plain.documents, plain.index)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    asked = submission(2, request_id="6ba7b810-9dad-41d1-80b4-00c04fd430c8", detached=True)
    async with running(jobs):
        first = await jobs.intake.submit(asked)
        assert (await jobs.desk.get(first)).status is JobStatus.QUEUED
        assert (await classify(jobs, asked)).status is JobStatus.COMPLETED
