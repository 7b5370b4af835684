"""Read documents page by page through sandboxed workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
from docsort_server.documents.selection import count, select
from docsort_server.documents.terms import terms_of
from docsort_server.documents.wire import WireError, facts_from, page_from, picture_from
from docsort_server.faults import Failure, Fault, Reason
from docsort_server.sandbox.errors import WorkerDied, WorkerError, WorkerTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Sequence

    from docsort_server.documents.document import Document
    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.documents.ocr.model import Part
    from docsort_server.documents.scans import ScanReader
    from docsort_server.documents.selection import Ranges
    from docsort_server.sandbox.pool import WorkerPool
    from docsort_server.sandbox.worker import Worker

log = logging.getLogger(__name__)

_CRASHED = "the document made its parser crash"
_PAGE_CRASHED = "the page made its parser crash"


class PageReader:
    """Opens documents and streams their pages, whatever happens to the workers.

    `pool` runs `reader.HANDLER`. A worker is held for `DocumentLimits.span_pages` pages at most,
    so that documents share the workers fairly. `scans` reads pages off their pictures, if anything
    here does.
    """

    def __init__(
        self, pool: WorkerPool, limits: DocumentLimits, scans: ScanReader | None = None
    ) -> None:
        self._pool = pool
        self._limits = limits
        self._scans = scans

    async def open(self, document: Document, asked: Ranges = ()) -> DocumentFacts:
        """Return how many pages the document has and which of them are asked for.

        Sets `document.pages` to the number of the latter. Raises the Faults INVALID_REQUEST where
        there is none, TOO_MANY_PAGES, DOCUMENT_TOO_LARGE, CORRUPT_DOCUMENT, EMPTY_DOCUMENT,
        ENCRYPTED_DOCUMENT, WRONG_PASSWORD, UNSUPPORTED_DOCUMENT, PARSER_TIMEOUT, and PARSER_CRASHED
        when that happened `DocumentLimits.page_tries` times.
        """
        self._limits.check_size(document.size)
        for _ in range(self._limits.page_tries):
            try:
                facts = await self._open(document)
            except WorkerTimeout as error:
                raise _late("the document", "page_seconds", error.seconds) from error
            except WorkerDied:
                document.crashes += 1
                continue
            selected, beyond_end = select(asked, facts.pages)
            document.pages = count(selected)
            self._limits.check_pages(document.pages)
            return replace(facts, selected=selected, beyond_end=beyond_end)
        raise Fault(Reason.PARSER_CRASHED, _CRASHED)

    async def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield the pages asked for, in that order, each as soon as it is read.

        A page that kills its worker is tried again on another; then it, and a page that hangs,
        is an UnreadPage and the others go on. Once the document has used up its time or its
        crashes, the rest is unread. Closing the generator frees the worker.

        Raises the Faults of `open` when a worker has to open the document again and cannot.
        """
        todo = deque(numbers)
        tries = 0
        while todo:
            if (failure := self._spent(document, len(todo))) is not None:
                for number in todo:
                    yield UnreadPage(number, failure)
                return
            try:
                async with contextlib.aclosing(self._span(document, todo)) as span:
                    async for page in span:
                        tries = 0
                        yield page
            except WorkerDied:
                document.crashes += 1
                tries += 1
                if tries >= self._limits.page_tries:
                    tries = 0
                    yield UnreadPage(todo.popleft(), Failure(Reason.PARSER_CRASHED, _PAGE_CRASHED))
            except WorkerTimeout as error:
                late = self._late_page(document, len(todo), error.seconds)
                yield UnreadPage(todo.popleft(), late.failure())

    async def draw(self, document: Document, number: int) -> bytes | None:
        """Return a picture of a page, a JPEG of at most 1.5 MB; None where it cannot be drawn.

        Whoever reads pages may hold the workers, so the wait for one has an end too.
        """
        if self._spent(document, 1):
            return None
        request = self._request("draw", document)
        request |= {"page": number, "pixels": self._limits.image_pixels}
        try:
            async with (
                asyncio.timeout(2 * self._limits.page_seconds),
                self._pool.lease(prefer=document.digest) as worker,
            ):
                return await self._drawn(worker, request, document)
        except (WorkerError, Fault, TimeoutError) as error:
            document.crashes += isinstance(error, WorkerDied)
            log.info("page %d was not drawn: %s", number, error)
            return None

    async def recognise(
        self, document: Document, page: PageContent, part: Part
    ) -> PageContent | None:
        """Return the page with a part of its text, as `ScanReader` does; None without one."""
        return await self._scans.recognise(document, page, part) if self._scans else None

    async def _drawn(
        self, worker: Worker, request: dict[str, Any], document: Document
    ) -> bytes | None:
        with _timed(document):
            frame = await worker.call(request, document.fd, seconds=self._limits.page_seconds)
        try:
            picture = picture_from(frame, request["page"])
        except WireError as error:
            raise _distrust(worker, error) from error
        return picture if isinstance(picture, bytes) else None

    async def _open(self, document: Document) -> DocumentFacts:
        request = self._request("open", document)
        async with self._pool.lease(prefer=document.digest) as worker:
            with _timed(document):
                frame = await worker.call(request, document.fd, seconds=self._limits.page_seconds)
            try:
                return facts_from(frame)
            except WireError as error:
                raise _distrust(worker, error) from error

    async def _span(
        self, document: Document, todo: deque[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Read the next few pages with one worker; removes from `todo` what it yields.

        The worker is given back before the last page is yielded.
        """
        numbers = [todo[index] for index in range(min(len(todo), self._limits.span_pages))]
        request = {**self._request("read", document), "pages": numbers}
        seconds = min(self._limits.page_seconds, self._left(document, len(todo)))
        async with (
            self._pool.lease(prefer=document.digest) as worker,
            contextlib.aclosing(
                worker.stream(request, document.fd, frame_seconds=seconds)
            ) as frames,
        ):
            try:
                facts = facts_from(await _next(frames, document))
                # Whoever opened the document may have been another server.
                document.pages = document.pages or facts.pages
                for left in reversed(range(len(numbers))):
                    frame = await _next(frames, document)
                    page = page_from(frame, todo[0], self._limits.page_chars)
                    todo.popleft()
                    if not left or self._left(document, len(todo)) <= 0:
                        break
                    yield page
            except WireError as error:
                raise _distrust(worker, error) from error
            if not left:
                with contextlib.suppress(WorkerError):  # all pages came: a death is no loss
                    await anext(frames, None)
        yield page

    def _request(self, op: str, document: Document) -> dict[str, Any]:
        return {
            "op": op,
            "digest": document.digest,
            "terms": terms_of(self._limits, document.password).frame(),
        }

    def _left(self, document: Document, pages: int) -> float:
        return self._limits.seconds(document.pages or pages) - document.seconds

    def _late_page(self, document: Document, pages: int, waited: float) -> Fault:
        """Return why a page was not read in so many seconds: its own bound, or the whole's."""
        if waited >= self._limits.page_seconds:
            return _late("the page", "page_seconds", waited)
        return _late(
            "the document", "document_seconds", self._limits.seconds(document.pages or pages)
        )

    def _spent(self, document: Document, pages: int) -> Failure | None:
        """Return why no more of the document is read, if so."""
        if self._left(document, pages) <= 0:
            allowed = self._limits.seconds(document.pages or pages)
            return _late("the document", "document_seconds", allowed).failure()
        if document.crashes >= self._limits.crashes:
            return Failure(Reason.PARSER_CRASHED, _CRASHED)
        return None


@contextlib.contextmanager
def _timed(document: Document) -> Iterator[None]:
    started = time.monotonic()
    try:
        yield
    finally:
        document.seconds += time.monotonic() - started


async def _next(frames: AsyncGenerator[dict[str, Any], None], document: Document) -> dict[str, Any]:
    with _timed(document):
        frame = await anext(frames, None)
    if frame is None:
        raise WireError("fewer pages than asked for")
    return frame


def _distrust(worker: Worker, error: WireError) -> WorkerDied:
    """Kill a worker that sent nonsense: its parser may have been taken over."""
    worker.kill()
    return WorkerDied(None, str(error))


def _late(what: str, limit: str, seconds: float) -> Fault:
    return Fault(
        Reason.PARSER_TIMEOUT,
        f"{what} was not read within {seconds:g} s",
        metadata={"limit": limit, "value": f"{seconds:g}"},
    )
