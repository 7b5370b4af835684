"""Read scans: pages without a text of their own, read off their pictures in sandboxed workers."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.documents.ocr.model import Part, Reading
from docsort_server.documents.terms import terms_of
from docsort_server.documents.wire import WireError, reading_from
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerDied, WorkerTimeout

if TYPE_CHECKING:
    from docsort_server.documents.document import Document
    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.sandbox.pool import WorkerPool


class ScanReader:
    """Reads pages off their pictures; `pool` runs one of `ocr.handler.HANDLERS`.

    Its processes start when the first scan comes: they are large, and many servers never need them.
    Close the pool in the end.
    """

    def __init__(self, pool: WorkerPool, limits: DocumentLimits) -> None:
        self._pool = pool
        self._limits = limits
        self._starting = asyncio.Lock()
        self._started = False

    async def recognise(self, document: Document, page: PageContent, part: Part) -> PageContent:
        """Return the page with the text of a part of it, added to that of its top.

        Raises the Faults PARSER_TIMEOUT, PARSER_CRASHED when that happened
        `DocumentLimits.page_tries` times, CORRUPT_DOCUMENT for a page that cannot be drawn, and
        those of opening the document.
        """
        await self._start()
        reading = await self._read(document, page, part)
        above = page.text if part is Part.REST and reading.part is Part.REST else ""
        text = f"{above}\n{reading.text}".strip()[: self._limits.page_chars]
        # What is covered by an image that holds text, or nothing, is no unread page any more.
        share = 0.0 if text or reading.blank else page.image_share
        return replace(
            page,
            text=text,
            words=len(text.split()),
            image_share=share,
            recognised=True,
            turned=reading.turned,
        )

    async def _start(self) -> None:
        async with self._starting:
            if not self._started:
                await self._pool.start()
                self._started = True

    async def _read(self, document: Document, page: PageContent, part: Part) -> Reading:
        seconds = self._limits.ocr_seconds
        for _ in range(self._limits.page_tries):
            try:
                return await self._ask(document, self._request(document, page, part))
            except WorkerTimeout as error:
                raise Fault(
                    Reason.PARSER_TIMEOUT,
                    f"the page was not read off its picture within {seconds:g} s",
                    metadata={"limit": "ocr_seconds", "value": f"{seconds:g}"},
                ) from error
            except WorkerDied:
                continue
        raise Fault(Reason.PARSER_CRASHED, "the page made its reader crash")

    async def _ask(self, document: Document, request: dict[str, Any]) -> Reading:
        async with self._pool.lease(prefer=document.digest) as worker:
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
        return {
            "op": "recognise",
            "digest": document.digest,
            "terms": terms_of(self._limits, document.password).frame(),
            "page": page.number,
            "pixels": self._limits.ocr_pixels,
            "part": part,
            "turned": page.turned if page.recognised else None,
        }
