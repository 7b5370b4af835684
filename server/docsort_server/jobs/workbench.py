"""Work on a span of a job's pages: read each, classify it, append its result."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import Outcome
from docsort_server.engine.result import PageResult
from docsort_server.faults import Failure, Fault, Reason
from docsort_server.incidents import failure_of
from docsort_server.jobs.answers import Answers
from docsort_server.jobs.engines import PAGES_PER_PLACE
from docsort_server.jobs.identity import span_of
from docsort_server.jobs.journal import expiry
from docsort_server.jobs.quarantine import Quarantine
from docsort_server.jobs.scans import Sight
from docsort_server.jobs.trials import UNSUSPECTED, Trials, given_up

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Iterable

    from docsort_server.documents.document import Document
    from docsort_server.documents.source import PageSource
    from docsort_server.jobs.answers import Asker
    from docsort_server.jobs.engines import Engines
    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.model import JobSpec
    from docsort_server.jobs.pace import Paces, Timing
    from docsort_server.jobs.shelf import Shelf
    from docsort_server.jobs.store.protocols import JobKey, Task

log = logging.getLogger(__name__)


class TaskLostError(Exception):
    """Pages were left to whoever may have the task by now."""


@dataclass(slots=True)
class _Order:
    """What pages are worked on for: their job, when it is forgotten, and when it must end.

    `held` tells whether the task is still ours; `left` counts the pages that were left because it
    was not. `timing` is of the span that is being worked on.
    """

    key: JobKey
    spec: JobSpec
    until: float
    asker: Asker
    held: Callable[[], bool]
    left: int = 0
    timing: Timing | None = None


class Workbench:
    """Classify the pages of one task.

    `slots` bounds the pages in hand over all tasks of an engine, unless it works elsewhere.
    """

    def __init__(
        self,
        journal: Journal,
        shelf: Shelf,
        reader: PageSource,
        engines: Engines,
        paces: Paces,
        *,
        slots: int,
    ) -> None:
        self._journal = journal
        self._shelf = shelf
        self._reader = reader
        self._engines = engines
        self._paces = paces
        self._answers = Answers(engines, journal)
        self._slots: dict[str, asyncio.Semaphore] = {}
        self._least_slots = slots
        self._quarantine = Quarantine()
        self._trials = Trials(journal)

    async def work(
        self, task: Task, attempt: int = 1, held: Callable[[], bool] = lambda: True
    ) -> None:
        """Give every page of the task's span a result, unless the job has ended.

        `attempt` is how often the task was delivered. From the third time on its pages are worked
        on one by one and alone: one of them may be what ends workers. No page is paid for while
        `held` denies that the task is ours: raises `TaskLostError` when others are to do the rest.
        """
        if await self._journal.has_ended(task.key):
            return
        accepted, spec = await self._journal.spec(task.key)
        asker = self._answers.asker(task.key, accepted, spec)
        order = _Order(task.key, spec, expiry(accepted, spec), asker, held)
        first, last = span_of(task)
        await self._work_through(order, range(first, last + 1), attempt)
        if order.left:
            raise TaskLostError

    async def _work_through(self, order: _Order, numbers: range, attempt: int) -> None:
        if attempt <= UNSUSPECTED:
            async with self._quarantine.together():
                await self._work_on(order, numbers)
            return
        for number in await self._journal.missing(order.key, numbers):
            async with self._quarantine.alone():
                await self._try(order, number)

    async def _try(self, order: _Order, number: int) -> None:
        async with self._trials.trial(order.key, number, order.until) as granted:
            if granted:
                await self._work_on(order, [number])
            else:
                await self._journal.append(order.key, given_up(number), until=order.until)

    async def _work_on(self, order: _Order, numbers: Iterable[int]) -> None:
        missing = await self._journal.missing(order.key, numbers)
        if not missing:
            return
        try:
            await self._read(order, missing)
        except (Fault, KeyError) as error:
            # A job's own document goes with its end; else no later try would find it.
            if await self._is_over(order.key):
                return
            failure = failure_of(log, "the fetching of a document", error)
            for number in missing:
                await self._settle(order, UnreadPage(number, failure), _BLIND)

    async def _read(self, order: _Order, numbers: list[int]) -> None:
        """Settle all pages. Raises `Fault` or KeyError where the document cannot be had."""
        slots = self._slots_of(order.spec.options.engine)
        engine = self._engines.named(order.spec.options.engine)
        async with self._shelf.reading(order.key, order.spec) as document:
            with self._paces.timed(engine) as order.timing:
                await self._settle_all(order, document, numbers, slots)

    async def _settle_all(
        self, order: _Order, document: Document, numbers: list[int], slots: asyncio.Semaphore
    ) -> None:
        async with (
            asyncio.TaskGroup() as group,
            aclosing(self._pages(document, numbers)) as pages,
        ):
            async for page in pages:
                sight = Sight(
                    partial(self._reader.draw, document, page.number),
                    partial(self._reader.recognise, document),
                )
                if _waits_for_its_picture(page):
                    # It takes its time elsewhere, and hardly any memory: others go first.
                    group.create_task(self._settle(order, page, sight))
                    continue
                # Taking the slot here keeps the parser from running ahead of the engine.
                await slots.acquire()
                settling = group.create_task(self._settle(order, page, sight))
                settling.add_done_callback(lambda _: slots.release())

    def _slots_of(self, engine: str) -> asyncio.Semaphore:
        """Return the places for pages of an engine: its own, so that none waits for another."""
        room = self._engines.room(engine)
        slots = PAGES_PER_PLACE * room if room else self._least_slots
        return self._slots.setdefault(self._engines.named(engine), asyncio.Semaphore(slots))

    async def _is_over(self, key: JobKey) -> bool:
        """Tell whether a job has ended. Raises `Fault` JOB_NOT_FOUND."""
        await self._journal.spec(key)
        return await self._journal.has_ended(key)

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

    async def _settle(self, order: _Order, page: PageContent | UnreadPage, sight: Sight) -> None:
        # Right before it costs something: after a crash others may have the same task in hand, and
        # reading the page took its time.
        if not await self._journal.missing(order.key, [page.number]):
            return
        if not order.held():
            order.left += 1
            return
        result = await self._answers.answer(page, order.asker, sight)
        if order.timing and not (result.failure or result.cached):
            order.timing.answered()
        try:
            await self._journal.append(order.key, result, until=order.until)
        except Fault as fault:
            if fault.reason is Reason.JOB_NOT_FOUND:
                # Its time is over, so nobody misses the result.
                return
            failure = failure_of(log, "the writing of a page's result", fault)
            failed = PageResult(page.number, Outcome.FAILED, failure=failure)
            await self._journal.append(order.key, failed, until=order.until)


def _waits_for_its_picture(page: PageContent | UnreadPage) -> bool:
    return isinstance(page, PageContent) and unread(page) is Outcome.UNREADABLE


async def _nothing(*_: object) -> None:
    """Draw and read nothing."""


_BLIND = Sight(_nothing, _nothing)
