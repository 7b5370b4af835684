"""How often a document is asked for that is not to be had."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from job_parts import (
    Gate,
    ScriptedEngine,
    ScriptedReader,
    classify,
    document,
    running,
    submission,
    terms,
)

from docsort_server.codec import ProtoRecordCodec
from docsort_server.faults import Fault, Reason
from docsort_server.jobs import fetching
from docsort_server.jobs.admission import Admission
from docsort_server.jobs.assembly import assemble
from docsort_server.jobs.engines import Engines
from docsort_server.jobs.identity import document_key
from docsort_server.jobs.loans import GivenDocument
from docsort_server.jobs.model import JobStatus
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.assembly import JobEngine
    from docsort_server.jobs.intake import Submission

URI = "https://docs.example.com/a.pdf"
KEY = JobKey("tenant", "job")


class Source:
    """Fails some times as told, and then has the document; `closed` counts its generators' ends."""

    def __init__(self, reason: Reason, failures: int, **metadata: str) -> None:
        self.asked = self.closed = 0
        self.most_bytes = 100
        self._fault = Fault(reason, "not now", metadata=metadata)
        self._failures = failures

    def check(self, uri: str) -> None:
        """Allow everything."""

    async def fetch(self, uri: str) -> AsyncGenerator[bytes, None]:
        """Yield a document that is named by the URI."""
        self.asked += 1
        try:
            if self.asked <= self._failures:
                raise self._fault
            yield uri.encode()
        finally:
            self.closed += 1


async def brought(source: Source) -> Reason | None:
    """Fetch a job's document; return why it could not be had."""
    store = open_store()
    spec = replace(submission().spec, document_uri=URI)
    admission = Admission(max_jobs=1, max_bytes=100)
    try:
        await fetching.Fetching(source, store.documents, admission).bring(KEY, spec)
    except Fault as fault:
        return fault.reason
    assert await store.documents.facts(document_key(KEY))
    return None


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSES", (0.0, 0.0))


@pytest.mark.parametrize("status", ["", "408", "425", "429", "503"])
async def test_what_may_pass_is_tried_again(status: str) -> None:
    """A place that is away or busy has three tries."""
    source = Source(Reason.URI_UNREACHABLE, 2, status=status)
    assert await brought(source) is None
    assert (source.asked, source.closed) == (3, 3)


async def test_a_full_store_is_tried_again() -> None:
    """There is room when other jobs end."""
    assert await brought(Source(Reason.OVERLOADED, 2)) is None


@pytest.mark.parametrize(
    ("reason", "metadata"),
    [
        (Reason.URI_UNREACHABLE, {"status": "404"}),
        (Reason.URI_UNREACHABLE, {"status": "403"}),
        (Reason.URI_UNREACHABLE, {"limit": "uri_seconds"}),
        (Reason.URI_NOT_ALLOWED, {}),
    ],
)
async def test_what_stays_is_asked_once(reason: Reason, metadata: dict[str, str]) -> None:
    """What is refused or missing stays so, and what took all the time would take it again."""
    source = Source(reason, 1, **metadata)
    assert await brought(source) is reason
    assert source.asked == 1


class Shop:
    """Has a document of a page under every URI; `gate` holds each back once it was asked for."""

    most_bytes = 100

    def __init__(self) -> None:
        self.gate = asyncio.Semaphore(0)
        self.asked = 0
        self.arrived = asyncio.Event()

    def check(self, uri: str) -> None:
        """Allow everything."""

    async def fetch(self, uri: str) -> AsyncGenerator[bytes, None]:
        """Yield a document."""
        self.asked += 1
        self.arrived.set()
        await self.gate.acquire()
        yield document(1)


def shopping(shop: Shop, gate: Gate) -> JobEngine:
    """Return a job engine with room for one document that is fetched and two that are known."""
    engines = Engines({"scripted": ScriptedEngine(gate)}, "scripted")
    bounded = terms(max_jobs_bytes=100 + 2 * len(document(1)))
    return assemble(open_store(), ProtoRecordCodec(), ScriptedReader(), shop, engines, bounded)


def by_uri() -> Submission:
    """Return a request that names its document by a URI."""
    asked = submission(1)
    return replace(asked, content=b"", spec=replace(asked.spec, document_uri=URI, document_size=0))


async def test_documents_that_are_fetched_stay_within_the_bound() -> None:
    """All jobs are accepted; their documents come one by one, as no size is known before."""
    shop, gate = Shop(), Gate()
    async with running(shopping(shop, gate)) as jobs:
        ends = [asyncio.create_task(classify(jobs, by_uri())) for _ in range(4)]
        for asked in (1, 2, 3):
            await asyncio.wait_for(shop.arrived.wait(), 5)
            assert (shop.asked, jobs.admission.running) == (asked, 4)
            shop.arrived.clear()
            shop.gate.release()
        # The three that are here leave no room for another that may be as large as allowed.
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(shop.arrived.wait(), 0.05)
        gate.open()
        shop.gate.release()
        ended = [await asyncio.wait_for(each, 5) for each in ends]
    assert [job.status for job in ended] == [JobStatus.COMPLETED] * 4
    assert shop.asked == 4


async def test_a_call_that_fetches_counts_the_largest_document() -> None:
    """Until it is here; then the call counts as much as it has."""
    shop = Shop()
    jobs = shopping(shop, Gate())
    given = GivenDocument(uri=URI)

    async def second() -> Reason | None:
        try:
            async with jobs.loans.lent("tenant", given):
                return None
        except Fault as fault:
            return fault.reason

    lent = jobs.loans.lent("tenant", given)
    entering = asyncio.create_task(lent.__aenter__())
    await shop.arrived.wait()
    assert await second() is Reason.OVERLOADED
    shop.gate.release()
    await entering
    shop.gate.release()
    assert await second() is None
    await lent.__aexit__(None, None, None)
