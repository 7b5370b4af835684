"""Read scans: pages without a text of their own, read off their pictures in sandboxed workers."""

from __future__ import annotations

import asyncio
import logging
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.documents.ocr.joining import with_reading
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.terms import terms_of
from docsort_server.documents.wire import WireError, page_frame, reading_from
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerDied, WorkerStartError, WorkerTimeout

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from docsort_server.documents.document import Document
    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.documents.ocr.model import Reading
    from docsort_server.sandbox.pool import WorkerPool

logger = logging.getLogger(__name__)

_NOT_STARTED = "what reads pages off their pictures does not start"


class ScanReader:
    """Reads pages off their pictures; `make_pool` makes one that runs `ocr.handler.HANDLERS`.

    Its processes are large, and many servers never need them: they start when a scan comes, and end
    after `DocumentLimits.ocr_idle` seconds without one. Close it in the end.
    """

    def __init__(self, make_pool: Callable[[], WorkerPool], limits: DocumentLimits) -> None:
        self._make_pool = make_pool
        self._limits = limits
        self._pool: WorkerPool | None = None
        self._changing = asyncio.Lock()
        self._at_work = 0
        self._idle: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    async def recognise(self, document: Document, page: PageContent, part: Part) -> PageContent:
        """Return the page with the text of a part of it, added to that of its top.

        Raises the Faults PARSER_TIMEOUT, PARSER_CRASHED when a process crashed on the page
        `DocumentLimits.page_tries` times or did not start, CORRUPT_DOCUMENT for a page that cannot
        be drawn, and those of opening the document.
        """
        async with self._running() as pool:
            reading = await self._read(pool, document, page, part)
        return with_reading(page, reading, part, self._limits.page_chars)

    async def close(self) -> None:
        """End the processes, busy or not."""
        self._stay()
        async with self._changing:
            await self._end()

    @asynccontextmanager
    async def _running(self) -> AsyncGenerator[WorkerPool, None]:
        """Lend the processes, which start with the first lease."""
        self._at_work += 1
        self._stay()
        try:
            async with self._changing:
                self._pool = self._pool or self._make_pool()
            yield self._pool
        finally:
            self._at_work -= 1
            if not self._at_work:
                loop = asyncio.get_running_loop()
                self._idle = loop.call_later(self._limits.ocr_idle, self._leave)

    def _stay(self) -> None:
        if self._idle:
            self._idle.cancel()

    def _leave(self) -> None:
        # Not to be cancelled: an end that is broken off would leave processes behind.
        self._ending = asyncio.create_task(self._end_if_idle())

    async def _end_if_idle(self) -> None:
        async with self._changing:
            if not self._at_work:
                await self._end()

    async def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool:
            await pool.close()

    async def _read(
        self, pool: WorkerPool, document: Document, page: PageContent, part: Part
    ) -> Reading:
        seconds = self._limits.ocr_seconds
        for _ in range(self._limits.page_tries):
            if document.crashes >= self._limits.crashes:
                raise Fault(Reason.PARSER_CRASHED, "the document made its readers crash")
            try:
                return await self._ask(pool, document, self._request(document, page, part))
            except WorkerTimeout as error:
                # Its reader had to be ended, which costs as much.
                document.crashes += 1
                raise Fault(
                    Reason.PARSER_TIMEOUT,
                    f"the page was not read off its picture within {seconds:g} s",
                    metadata={"limit": "ocr_seconds", "value": f"{seconds:g}"},
                ) from error
            except WorkerDied:
                document.crashes += 1
            except WorkerStartError as error:
                logger.warning("a recogniser did not start: %s", error)
                raise Fault(Reason.PARSER_CRASHED, _NOT_STARTED) from error
        raise Fault(Reason.PARSER_CRASHED, "the page made its reader crash")

    async def _ask(self, pool: WorkerPool, document: Document, request: dict[str, Any]) -> Reading:
        async with pool.lease(prefer=document.digest) as worker:
            frame = await worker.call(request, document.fd, seconds=self._limits.ocr_seconds)
            try:
                read = reading_from(frame, request["page"], self._limits.page_chars)
            except WireError as error:
                # Its parser may have been taken over.
                worker.kill()
                raise WorkerDied(None, str(error)) from error
        if isinstance(read, UnreadPage):
            raise Fault(read.failure.reason, read.failure.message, metadata=read.failure.metadata)
        return read

    def _request(self, document: Document, page: PageContent, part: Part) -> dict[str, Any]:
        # Of what was read before, only what goes before the rest is of use to the process.
        seen = page if part is Part.REST else replace(page, text="")
        return {
            "op": "recognise",
            "digest": document.digest,
            "terms": terms_of(self._limits, document.password).frame(),
            "page": page.number,
            "pixels": self._limits.ocr_pixels,
            "part": part,
            "turned": page.turned if page.recognised else None,
            "seen": page_frame(seen),
        }
