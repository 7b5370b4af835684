"""Work on a span of a job's pages: read each, classify it, append its result."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.engine.model import Outcome
from docsort_server.engine.result import PageResult, TextSource
from docsort_server.faults import Failure, Fault, Reason
from docsort_server.incidents import failure_of
from docsort_server.jobs.identity import span_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.documents.document import Document
    from docsort_server.documents.source import PageSource
    from docsort_server.engine.model import PageVerdict
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.model import JobSpec
    from docsort_server.jobs.shelf import Shelf
    from docsort_server.jobs.store.protocols import JobKey, Task

log = logging.getLogger(__name__)


class Workbench:
    """Classify the pages of one task; `slots` bounds the pages in hand over all tasks."""

    def __init__(
        self, journal: Journal, shelf: Shelf, reader: PageSource, engines: Engines, *, slots: int
    ) -> None:
        self._journal = journal
        self._shelf = shelf
        self._reader = reader
        self._engines = engines
        self._slots = asyncio.Semaphore(slots)

    async def work(self, task: Task) -> None:
        """Give every page of the task's span a result, unless the job has ended."""
        if await self._journal.finished(task.key):
            return
        _, spec = await self._journal.spec(task.key)
        numbers = await self._missing(task)
        if not numbers:
            return
        try:
            await self._read(task.key, spec, numbers)
        except (Fault, KeyError) as error:
            # A job's own document goes with its end; else no later try would find it.
            if await self._is_over(task.key):
                return
            failure = failure_of(log, "the fetching of a document", error)
            for number in numbers:
                await self._settle(task.key, spec, UnreadPage(number, failure))

    async def _read(self, key: JobKey, spec: JobSpec, numbers: list[int]) -> None:
        """Settle all pages. Raises `Fault` or KeyError where the document cannot be had."""
        async with self._shelf.reading(key, spec) as document, asyncio.TaskGroup() as group:
            pages = self._pages(document, numbers)
            async with aclosing(pages):
                async for page in pages:
                    # Taking the slot here keeps the parser from running ahead of the engine.
                    await self._slots.acquire()
                    settling = group.create_task(self._settle(key, spec, page))
                    settling.add_done_callback(lambda _: self._slots.release())

    async def _is_over(self, key: JobKey) -> bool:
        """Tell whether a job has ended. Raises `Fault` JOB_NOT_FOUND."""
        await self._journal.spec(key)
        return await self._journal.finished(key) is not None

    async def _missing(self, task: Task) -> list[int]:
        first, last = span_of(task)
        numbers = range(first, last + 1)
        return [n for n in numbers if not await self._journal.has_page(task.key, n)]

    async def _pages(
        self, document: Document, numbers: list[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield every page asked for; those that the reader gave up come as unread."""
        left = set(numbers)
        failure = Failure(Reason.INTERNAL, "The page was not read.")
        pages = self._reader.pages(document, numbers)
        try:
            async with aclosing(pages):
                async for page in pages:
                    left.discard(page.number)
                    yield page
        except Exception as error:  # noqa: BLE001 - trying the span again would end the same way
            failure = failure_of(log, "the reading of pages", error)
        for number in sorted(left):
            yield UnreadPage(number, failure)

    async def _settle(self, key: JobKey, spec: JobSpec, page: PageContent | UnreadPage) -> None:
        result = await self._classify(spec, page)
        try:
            await self._journal.append(key, result, ttl=spec.ttl)
        except Fault as fault:
            failure = failure_of(log, "the writing of a page's result", fault)
            failed = PageResult(page.number, Outcome.FAILED, failure=failure)
            await self._journal.append(key, failed, ttl=spec.ttl)

    async def _classify(self, spec: JobSpec, page: PageContent | UnreadPage) -> PageResult:
        if isinstance(page, UnreadPage):
            return PageResult(page.number, Outcome.FAILED, failure=page.failure)
        try:
            engine = self._engines.get(spec.options.engine)
            return _result(page, await engine.classify(page, spec.question))
        except Exception as error:  # noqa: BLE001 - the page must end with a result, whatever happened
            failure = failure_of(log, "the classification of a page", error)
            return PageResult(page.number, Outcome.FAILED, failure=failure)


def _result(page: PageContent, verdict: PageVerdict) -> PageResult:
    return PageResult(
        page=page.number,
        outcome=verdict.outcome,
        scores=verdict.scores,
        criteria=verdict.criteria,
        no_match_score=verdict.no_match_score,
        raw_result=verdict.raw_result,
        text_source=TextSource.TEXT_LAYER if page.text.strip() else None,
    )
