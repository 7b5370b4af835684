"""Jobs beside one another, and what is left of one whose engine goes away."""

import asyncio
from collections import Counter

import pytest
from eventually import eventually
from job_parts import (
    ScriptedEngine,
    ScriptedReader,
    build,
    classify,
    ended,
    running,
    submission,
    verdict,
)
from store_cases import OPENERS

from docsort_server.documents.model import PageContent
from docsort_server.engine.model import Outcome, PageVerdict, Question
from docsort_server.engine.result import Exclusion, WarningCode
from docsort_server.faults import Fault, Reason
from docsort_server.jobs.assembly import WINDOW
from docsort_server.jobs.model import JobEnded, JobStatus

SPAN = 4


@pytest.mark.parametrize("store", sorted(OPENERS))
async def test_a_long_job_starves_no_short_one(store: str) -> None:
    """Two pages that come after 2,000 wait for a few spans of those, not for all of them."""
    asked: Counter[int] = Counter()

    async def slow(page: PageContent, question: Question) -> PageVerdict:
        asked[len(question.categories)] += 1
        await asyncio.sleep(0.002)
        return verdict(page.number, question)

    async with OPENERS[store]() as case:
        jobs = build(ScriptedReader(), ScriptedEngine(slow, span=SPAN), case.store)
        async with running(jobs):
            long = await jobs.intake.submit(submission(2_000, detached=True))
            await eventually(lambda: sum(asked.values()) > 2 * WINDOW * SPAN)
            before = sum(asked.values())
            job = await classify(jobs, submission(2))
            between = sum(asked.values()) - before
            assert job.status is JobStatus.COMPLETED
            # What was queued when it came, what took its place meanwhile, and its own two pages.
            assert between <= 3 * WINDOW * SPAN
            assert not (await jobs.desk.get(long)).finished
            await jobs.desk.cancel(long)


async def test_an_engine_that_is_gone_for_good_leaves_what_it_has_answered() -> None:
    """The job completes with the pages that it has: the others have no label and do not count."""

    async def leaving(page: PageContent, question: Question) -> PageVerdict:
        if page.number > 3:
            raise Fault(Reason.MODEL_UNAVAILABLE, "The model does not answer.", retry_after=1.0)
        return verdict(page.number, question)

    results = []
    for engine, pages in ((ScriptedEngine(leaving), 8), (ScriptedEngine(), 3)):
        jobs = build(ScriptedReader(), engine)
        async with running(jobs):
            key = await jobs.intake.submit(submission(pages))
            kind = (await ended(jobs, key))[-1].kind
            assert isinstance(kind, JobEnded)
            assert kind.job.finished is not None
            results.append((kind.job, [page async for page in jobs.desk.pages(key)]))
    (cut, cut_pages), (whole, _) = results
    assert cut.finished is not None
    assert whole.finished is not None
    assert cut.status is JobStatus.COMPLETED
    assert cut.finished.result is not None
    assert whole.finished.result is not None
    failed = [page for page in cut_pages if page.failure]
    assert sorted(page.page for page in failed) == [4, 5, 6, 7, 8]
    assert {(page.label, page.outcome) for page in failed} == {(None, Outcome.FAILED)}
    assert cut.finished.result.scores == whole.finished.result.scores
    assert (cut.finished.result.processed_pages, cut.finished.result.total_pages) == (3, 8)
    excluded = [weight.exclusion for weight in cut.finished.result.weights]
    assert excluded == [None] * 3 + [Exclusion.FAILED] * 5
    assert {each.code for each in cut.finished.result.warnings} == {WarningCode.PAGES_FAILED}
