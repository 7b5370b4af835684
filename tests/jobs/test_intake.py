"""How documents become jobs."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from eventually import eventually
from job_parts import (
    ScriptedEngine,
    ScriptedReader,
    build,
    classify,
    document,
    running,
    submission,
)

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.identity import document_key, job_key, uploaded_key
from docsort_server.jobs.model import JobOptions, JobStatus
from docsort_server.jobs.store.memory import MemoryJobLog, MemoryTaskQueue, open_store
from docsort_server.jobs.store.protocols import JobKey, Record, Store, Task


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
    store = Store(SlowLog(), plain.queue, plain.documents, plain.index, plain.cell)
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
    store = Store(FullLog(), plain.queue, plain.documents, plain.index, plain.cell)
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
    store = Store(plain.log, Forgetful(), plain.documents, plain.index, plain.cell)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    asked = submission(2, request_id="6ba7b810-9dad-41d1-80b4-00c04fd430c8", detached=True)
    async with running(jobs):
        first = await jobs.intake.submit(asked)
        assert (await jobs.desk.get(first)).status is JobStatus.QUEUED
        assert (await classify(jobs, asked)).status is JobStatus.COMPLETED


class Unsteady(MemoryJobLog):
    """Fail to read now and then, as a store does that is away; `away` tells when."""

    away = False

    async def read(self, key: JobKey, slot: str) -> Record | None:
        """Read, or be away."""
        if self.away:
            raise Fault(Reason.OVERLOADED, "away", retry_after=1.0)
        return await super().read(key, slot)


async def test_a_store_that_is_away_waives_no_check() -> None:
    """A request id cannot be matched while its job cannot be read: OVERLOADED, no place taken."""
    plain, log = open_store(), Unsteady()
    jobs = build(
        ScriptedReader(),
        ScriptedEngine(),
        Store(log, plain.queue, plain.documents, plain.index, plain.cell),
    )
    request_id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    await jobs.intake.submit(submission(1, request_id=request_id))
    log.away = True
    with pytest.raises(Fault) as caught:
        await jobs.intake.submit(submission(2, request_id=request_id))
    assert caught.value.reason is Reason.OVERLOADED
    assert jobs.admission.running == 1


async def test_a_store_without_room_takes_no_job_by_a_document_s_name() -> None:
    """Also where nothing has to be stored but the job: its results need room as well."""

    @asynccontextmanager
    async def full(size: int) -> AsyncGenerator[None, None]:
        assert size > 0
        raise Fault(Reason.OVERLOADED, "full", metadata={"limit": "store_bytes"})
        yield

    jobs = build(ScriptedReader(), ScriptedEngine(), replace(open_store(), room_for=full))
    asked = submission(1)
    asked = replace(asked, spec=replace(asked.spec, document_id="0" * 64), content=b"")
    await jobs.documents.put(uploaded_key(asked.tenant, "0" * 64), once(document(1)), ttl=60)
    with pytest.raises(Fault) as caught:
        await jobs.intake.submit(asked)
    assert caught.value.metadata == {"limit": "store_bytes"}
    assert jobs.admission.running == 0


async def once(content: bytes) -> AsyncGenerator[bytes, None]:
    """Yield a document in one piece."""
    yield content


async def test_what_was_stored_for_a_request_that_failed_goes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A task without an acceptance is given up in time, and takes its document with it."""
    monkeypatch.setattr("docsort_server.jobs.coordinator.ACCEPTANCE_WAIT", 0.05)

    class Refusing(MemoryJobLog):
        async def append(self, key: JobKey, slot: str, body: bytes, *, ttl: float) -> int | None:
            raise Fault(Reason.OVERLOADED, "away")

    plain = open_store()
    store = Store(Refusing(), plain.queue, plain.documents, plain.index, plain.cell)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    request_id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    name = document_key(job_key("default", request_id))
    async with running(jobs):
        with pytest.raises(Fault):
            await jobs.intake.submit(submission(1, request_id=request_id))
        assert await store.documents.facts(name)
        async with asyncio.timeout(10):
            while await store.documents.facts(name):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
