"""A span of pages in the hands of two replicas at once, as a crash of the engine leaves it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence

import pytest
from eventually import eventually
from job_parts import Gate, ScriptedEngine, ScriptedReader, build, ended, running, submission

from docsort_server.codec import ProtoRecordCodec
from docsort_server.documents.document import Document
from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.engine.model import Outcome
from docsort_server.engine.result import PageResult
from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.journal import Journal
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import Delivery, Task
from docsort_server.jobs.workbench import TaskLostError


class HeldReader(ScriptedReader):
    """Read no page before the test says so."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = asyncio.Event()
        self.let = asyncio.Event()

    async def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield the pages asked for, later."""
        self.asked.set()
        await self.let.wait()
        async for page in super().pages(document, numbers):
            yield page


async def test_a_page_that_another_replica_finished_meanwhile_is_not_paid_again() -> None:
    """Its result is looked for once more right before the engine is asked."""
    store, reader, engine = open_store(), HeldReader(), ScriptedEngine()
    jobs = build(reader, engine, store)
    async with running(jobs):
        key = await jobs.intake.submit(submission(3))
        await reader.asked.wait()
        other = PageResult(2, Outcome.BLANK)
        await Journal(store.log, ProtoRecordCodec()).append(key, other, until=time.time() + 60)
        reader.let.set()
        await ended(jobs, key)
    assert sorted(engine.seen) == [1, 3]


async def test_no_page_is_paid_for_once_the_task_may_be_somebody_else_s() -> None:
    """What was not begun by then is left, and the caller is told that it is."""
    held = iter([True, False, True, False])
    engine = ScriptedEngine()
    jobs = build(ScriptedReader(), engine, open_store())
    key = await jobs.intake.submit(submission(4, detached=True))
    with pytest.raises(TaskLostError):
        await jobs.runner._workbench.work(Task("page", "normal", key, "1-4"), 1, lambda: next(held))
    assert len(engine.seen) == 2


async def test_a_lost_task_that_has_come_back_is_done() -> None:
    """A replica that cannot tell whether it has its task leaves no page behind."""
    store, gate = open_store(ack_wait=0.2), Gate()
    engine = ScriptedEngine(gate)
    jobs = build(ScriptedReader(), engine, store, pages=1)
    async with running(jobs):
        key = await jobs.intake.submit(submission(4))
        await eventually(lambda: engine.working == 1)
        # No sign of life reaches the queue: its timer gives the task away.
        await eventually(lambda: all(not each.held for each in in_hand(jobs)))
        gate.open()
        await ended(jobs, key)
    assert sorted(set(engine.seen)) == [1, 2, 3, 4]


def in_hand(jobs: JobEngine) -> list[Delivery]:
    """Return the page tasks that a replica has in hand."""
    return [each for tasks in jobs.runner._working.values() for each in tasks.values()][:1]
