"""Pages whose work has ended their worker before: tried alone, counted, given up."""

import asyncio
import time

from job_parts import (
    Gate,
    ScriptedEngine,
    ScriptedReader,
    build,
    ended,
    running,
    submission,
    verdict,
)

from docsort_server.codec import ProtoRecordCodec
from docsort_server.documents.model import PageContent
from docsort_server.engine.model import PageVerdict, Question
from docsort_server.engine.result import PageResult
from docsort_server.faults import Reason
from docsort_server.jobs.assembly import JobEngine
from docsort_server.jobs.journal import Journal
from docsort_server.jobs.model import Extracted, PageDone, Tried
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey, Store, Task

SPAN = "1-4"


class WorkerDied(BaseException):
    """Stand for the end of the process: nothing after it runs, as far as the log can tell."""


class Deadly:
    """An engine that ends its worker over one page."""

    def __init__(self, page: int) -> None:
        self._page = page
        self.working = 0
        self.most_at_once = 0

    async def __call__(self, page: PageContent, question: Question) -> PageVerdict:
        """Answer, or die."""
        self.working += 1
        self.most_at_once = max(self.most_at_once, self.working)
        await asyncio.sleep(0)
        self.working -= 1
        if page.number == self._page:
            raise WorkerDied
        return verdict(page.number, question)


def journal_of(store: Store) -> Journal:
    """Return a journal on the store."""
    return Journal(store.log, ProtoRecordCodec())


async def accepted(jobs: JobEngine, pages: int = 4) -> JobKey:
    """Submit a job that nobody runs."""
    return await jobs.intake.submit(submission(pages, detached=True))


async def deliver(jobs: JobEngine, key: JobKey, attempt: int) -> None:
    """Work on the job's span as its so many-th delivery, to the end of the worker at most."""
    task = Task("page", "normal", key, SPAN)
    try:
        await jobs.runner._workbench.work(task, attempt)
    except (WorkerDied, BaseExceptionGroup):
        # Whatever else was under way in the process died with it.
        await asyncio.sleep(0)


async def results(store: Store, key: JobKey) -> dict[int, PageResult]:
    """Return the page results that the log holds."""
    found = [await journal_of(store).page(key, number) for number in range(1, 5)]
    return {page.page: page for page in found if page}


async def test_a_page_that_ends_its_worker_is_given_up_and_its_neighbours_succeed() -> None:
    """Two deliveries together, two counted tries alone, then the page fails; no other does."""
    store = open_store()
    engine = Deadly(2)
    jobs = build(ScriptedReader(), ScriptedEngine(engine), store)
    key = await accepted(jobs)
    for attempt in range(1, 6):
        await deliver(jobs, key, attempt)
    pages = await results(store, key)
    assert sorted(pages) == [1, 2, 3, 4]
    assert [number for number, page in pages.items() if page.failure] == [2]
    failure = pages[2].failure
    assert failure is not None
    assert failure.reason is Reason.PARSER_CRASHED
    assert await journal_of(store).holds(key, Tried(2, 2))
    assert not await journal_of(store).holds(key, Tried(2, 3))


async def test_suspects_are_alone() -> None:
    """From the third delivery on one page is worked on at a time, over all spans."""
    engine = Deadly(99)
    jobs = build(ScriptedReader(), ScriptedEngine(engine), open_store())
    keys = [await accepted(jobs) for _ in range(3)]
    await asyncio.gather(*(deliver(jobs, key, 3) for key in keys))
    assert engine.most_at_once == 1


async def test_a_page_with_a_result_is_not_tried() -> None:
    """Nothing is written nor worked on for pages that are done."""
    store = open_store()
    engine = ScriptedEngine()
    jobs = build(ScriptedReader(), engine, store)
    key = await accepted(jobs)
    await deliver(jobs, key, 1)
    engine.seen.clear()
    await deliver(jobs, key, 3)
    assert engine.seen == []
    assert not await journal_of(store).holds(key, Tried(1, 1))


async def test_a_try_that_is_cancelled_does_not_count() -> None:
    """Servers that are stopped in order, however often, cost a page nothing."""
    store = open_store()
    gate = Gate()
    jobs = build(ScriptedReader(), ScriptedEngine(gate), store)
    key = await accepted(jobs)
    for number in range(1, 4):
        working = asyncio.create_task(deliver(jobs, key, 3))
        async with asyncio.timeout(5):
            while not await journal_of(store).holds(key, Tried(1, number)):  # noqa: ASYNC110
                await asyncio.sleep(0)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)
        assert await journal_of(store).holds(key, Tried(1, number, void=True))
    gate.open()
    await deliver(jobs, key, 3)
    pages = await results(store, key)
    assert sorted(pages) == [1, 2, 3, 4]
    assert not any(page.failure for page in pages.values())


async def test_watchers_see_no_tries() -> None:
    """Tries are between workers: a stream and a result have pages only."""
    store = open_store()
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    key = await accepted(jobs, 2)
    journal, until = journal_of(store), time.time() + 60
    await journal.append(key, Extracted(time.time(), 2, ((1, 2),)), until=until)
    await journal.append(key, Tried(1, 1), until=until)
    await journal.append(key, Tried(1, 1, void=True), until=until)
    async with running(jobs):
        events = await ended(jobs, key)
    pages = [event.kind.result.page for event in events if isinstance(event.kind, PageDone)]
    assert sorted(pages) == [1, 2]
    sequences = [event.sequence for event in events]
    assert sequences == sorted(sequences)
