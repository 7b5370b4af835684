"""Jobs from submission to end, where parts of the server misbehave."""

import asyncio
import time
import tracemalloc
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

import pytest
from eventually import eventually
from job_parts import (
    QUESTION,
    Gate,
    ScriptedEngine,
    ScriptedReader,
    build,
    classify,
    content,
    ended,
    running,
    submission,
    verdict,
)

from docsort_server.codec import ProtoRecordCodec
from docsort_server.documents.document import Document
from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
from docsort_server.documents.selection import Ranges
from docsort_server.engine.model import NOBODY, EngineIdentity, Outcome, PageVerdict, Question, Turn
from docsort_server.engine.result import PageResult
from docsort_server.faults import Failure, Fault, Reason
from docsort_server.jobs.journal import Journal
from docsort_server.jobs.model import JobEnded, JobStatus, PageDone, StopCause, Stopped
from docsort_server.jobs.store.memory import MemoryJobLog, open_store
from docsort_server.jobs.store.protocols import JobKey, Store


class BrokenReader(ScriptedReader):
    """Fail in the middle of a document with an exception of the test's choice."""

    def __init__(self, error: Exception | None, *, at: int) -> None:
        super().__init__()
        self._error = error
        self._at = at

    async def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield pages up to the one that fails; without an error just end there."""
        for number in numbers:
            if number == self._at:
                if self._error:
                    raise self._error
                return
            yield content(number)


async def failures(reader: ScriptedReader, pages: int = 6) -> dict[int, Failure]:
    """Return the failed pages of a job on a broken reader."""
    jobs = build(reader, ScriptedEngine(span=3))
    async with running(jobs):
        events = await ended(jobs, await jobs.intake.submit(submission(pages)))
    results = [event.kind.result for event in events if isinstance(event.kind, PageDone)]
    assert sorted(result.page for result in results) == list(range(1, pages + 1))
    return {result.page: result.failure for result in results if result.failure}


async def test_a_reader_that_gives_up_costs_the_rest_of_its_span() -> None:
    """The pages it left get its reason; other spans are not affected."""
    found = await failures(BrokenReader(Fault(Reason.PARSER_TIMEOUT, "late"), at=2))
    assert {page: failure.reason for page, failure in found.items()} == {
        2: Reason.PARSER_TIMEOUT,
        3: Reason.PARSER_TIMEOUT,
    }


async def test_a_reader_that_fails_unexpectedly_ends_no_job() -> None:
    """Its pages are INTERNAL with an error id, not tried for ever."""
    found = await failures(BrokenReader(RuntimeError("a secret sentence"), at=2))
    assert set(found) == {2, 3}
    assert {failure.reason for failure in found.values()} == {Reason.INTERNAL}
    assert "secret" not in str(found)


async def test_a_reader_that_forgets_pages_leaves_no_job_hanging() -> None:
    """Pages that were asked for and never came are failed, so that the job can end."""
    found = await failures(BrokenReader(None, at=5))
    assert {page: failure.reason for page, failure in found.items()} == {
        5: Reason.INTERNAL,
        6: Reason.INTERNAL,
    }


async def test_a_document_that_fails_to_open_unexpectedly() -> None:
    """The job fails with an error id instead of hanging."""

    class Unopenable(ScriptedReader):
        async def open(self, document: Document, asked: Ranges = ()) -> DocumentFacts:
            raise RuntimeError("a secret sentence")

    jobs = build(Unopenable(), ScriptedEngine())
    async with running(jobs):
        job = await classify(jobs, submission(2))
    assert job.finished is not None
    assert job.finished.failure is not None
    assert job.finished.failure.reason is Reason.INTERNAL
    assert "secret" not in job.finished.failure.message


class Stumbling:
    """An engine whose `span` fails so many times: with it the coordinator of a job."""

    identity = EngineIdentity("scripted", "scripted/1", "", "")

    def __init__(self, times: int) -> None:
        self.left = times

    @property
    def span(self) -> int:
        """Fail, or tell."""
        if self.left:
            self.left -= 1
            raise RuntimeError("a secret sentence")
        return 4

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page."""
        return verdict(page.number, question)


async def test_a_coordinator_that_fails_is_tried_again() -> None:
    """Everything it needs is in the log: the second attempt completes the job."""
    jobs = build(ScriptedReader(), Stumbling(2))
    async with running(jobs):
        job = await classify(jobs, submission(5))
        await eventually(lambda: jobs.admission.running == 0)
    assert job.status is JobStatus.COMPLETED


async def test_a_coordinator_that_keeps_failing_fails_the_job() -> None:
    """After three attempts the job ends with an error id, and its place is free."""
    jobs = build(ScriptedReader(), Stumbling(99))
    async with running(jobs):
        job = await classify(jobs, submission(5))
        await eventually(lambda: jobs.admission.running == 0)
    assert job.finished is not None
    assert job.finished.failure is not None
    assert (job.status, job.finished.failure.reason) == (JobStatus.FAILED, Reason.INTERNAL)


async def test_a_restarted_runner_goes_on_where_the_log_ends() -> None:
    """A runner dies in mid-job; the next one classifies only the pages that are missing."""
    gate = Gate()
    engine = ScriptedEngine(gate)
    store = open_store(ack_wait=0.05)
    jobs = build(ScriptedReader(), engine, store)
    key = await jobs.intake.submit(submission(8, detached=True))
    async with running(jobs):
        gate.let(3)
        async with aclosing(jobs.watcher.events(key)) as events:
            done = 0
            async for event in events:
                done += isinstance(event.kind, PageDone)
                if done == 3:
                    break
    gate.open()
    successor = build(ScriptedReader(), ScriptedEngine(), store)
    async with running(successor):
        found = await ended(successor, key)
    pages = [event.kind.result.page for event in found if isinstance(event.kind, PageDone)]
    assert sorted(pages) == list(range(1, 9))
    assert isinstance(found[-1].kind, JobEnded)
    assert found[-1].kind.job.status is JobStatus.COMPLETED


class RacingLog(MemoryJobLog):
    """Let somebody else write to a job just before its end is written, once."""

    def __init__(self, slot: str, body: bytes) -> None:
        super().__init__()
        self._rival: tuple[str, bytes] | None = (slot, body)

    async def append_after(
        self, key: JobKey, slot: str, body: bytes, *, last: int, ttl: float
    ) -> int | None:
        """Write the rival's record first."""
        if self._rival:
            await self.append(key, *self._rival, ttl=ttl)
            self._rival = None
        return await super().append_after(key, slot, body, last=last, ttl=ttl)


async def test_the_end_is_written_against_the_last_event_seen() -> None:
    """A cancel that comes between the last page and the end is in the end: nothing is lost."""
    plain = open_store()
    stop = ProtoRecordCodec().encode(Stopped(StopCause.REQUESTED))
    store = Store(RacingLog("stop", stop), plain.queue, plain.documents, plain.index, plain.cell)
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    async with running(jobs):
        job = await classify(jobs, submission(2))
    assert job.status is JobStatus.CANCELLED


async def test_records_after_the_end_are_ignored() -> None:
    """A page that comes too late is in no stream, no result and no list."""
    store = open_store()
    journal = Journal(store.log, ProtoRecordCodec())
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    async with running(jobs):
        key = await jobs.intake.submit(submission(2))
        before = await ended(jobs, key)
        late = PageResult(9, Outcome.BLANK)
        assert await journal.append(key, late, until=time.time() + 60) is not None
        again = await ended(jobs, key)
        pages = [page.page async for page in jobs.desk.pages(key)]
    assert again[-1] == before[-1]
    assert sorted(pages) == [1, 2]


async def test_a_page_result_that_is_too_large_fails_its_page() -> None:
    """A record above the store's limit is never written nor tried again."""

    async def verbose(page: PageContent, question: Question) -> PageVerdict:
        told = verdict(page.number, question)
        raw = "x" * 1_000_000 if page.number == 1 else None
        return PageVerdict(told.outcome, told.scores, told.criteria, 0.1, raw)

    jobs = build(ScriptedReader(), ScriptedEngine(verbose))
    async with running(jobs):
        key = await jobs.intake.submit(submission(2))
        await ended(jobs, key)
        pages = {page.page: page async for page in jobs.desk.pages(key)}
    assert pages[1].failure is not None
    assert pages[1].failure.metadata["limit"] == "record_bytes"
    assert pages[1].failure.metadata["error_id"]
    assert pages[2].failure is None


async def test_a_job_forgotten_while_it_is_watched() -> None:
    """Its watchers are told JOB_NOT_FOUND instead of waiting for ever."""
    store = open_store()
    jobs = build(ScriptedReader(), ScriptedEngine(Gate()), store)
    async with running(jobs):
        key = await jobs.intake.submit(submission(2))
        events = jobs.watcher.events(key)
        await anext(events)
        await store.log.purge(key)
        with pytest.raises(Fault) as caught:
            async for _ in events:
                pass
    assert caught.value.reason is Reason.JOB_NOT_FOUND


async def test_a_running_job_tells_how_far_it_is() -> None:
    """What GetJob reads catches up with the pages even when none follow for long."""
    gate = Gate()
    jobs = build(ScriptedReader(), ScriptedEngine(gate))
    async with running(jobs):
        key = await jobs.intake.submit(submission(9))
        gate.let(3)
        async with asyncio.timeout(5):
            while (await jobs.desk.get(key)).summary.pages_done < 3:  # noqa: ASYNC110
                await asyncio.sleep(0.005)
        assert (await jobs.desk.get(key)).status is JobStatus.PROCESSING


async def test_watchers_cost_no_memory_per_page() -> None:
    """Two hundred watchers who do not read cost the same for 300 pages as for none."""
    grown = [await growth(watchers) for watchers in (0, 200)]
    assert grown[1] - grown[0] < 200 * 300 * 10


async def growth(watchers: int) -> int:
    """Return the bytes that 300 pages of a job add while so many watch without reading."""
    store = open_store()
    journal = Journal(store.log, ProtoRecordCodec())
    jobs = build(ScriptedReader(), ScriptedEngine(), store)
    key = await jobs.intake.submit(submission(300))
    watching = [jobs.watcher.events(key) for _ in range(watchers)]
    for events in watching:
        await anext(events)
    results = [verdict(number, QUESTION) for number in range(300)]
    tracemalloc.start()
    try:
        for number, told in enumerate(results, 1):
            page = PageResult(number, told.outcome, told.scores, told.criteria)
            await journal.append(key, page, until=time.time() + 60)
        await asyncio.sleep(0)
        used, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    for events in watching:
        await events.aclose()
    return used
