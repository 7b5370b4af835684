"""A span of pages in the hands of two replicas at once, as a crash of the engine leaves it."""

import asyncio
import time
from collections.abc import AsyncGenerator, Sequence

from job_parts import ScriptedEngine, ScriptedReader, build, ended, running, submission

from docsort_server.codec import ProtoRecordCodec
from docsort_server.documents.document import Document
from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.engine.model import Outcome
from docsort_server.engine.result import PageResult
from docsort_server.jobs.journal import Journal
from docsort_server.jobs.store.memory import open_store


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
