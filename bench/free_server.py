"""A docsort server whose reading and classifying cost nothing: what is left is the job engine.

Run as `python -m bench.free_server` with the settings of docsort-server in the environment. A
document is the text `%PDF-1.7 PAGES INTERVAL`: so many pages, one answered every INTERVAL
seconds (0: at once; a job of an endless interval stays idle). Each page's `raw_result` is the time
at which it was answered.
"""

from __future__ import annotations

import asyncio
import os
import sys
import time
from typing import TYPE_CHECKING

import uvloop

from docsort_server.app import serving
from docsort_server.documents.model import DocumentFacts, PageContent
from docsort_server.documents.selection import Ranges, select
from docsort_server.engine.model import NOBODY, EngineIdentity, Outcome, PageVerdict, Turn
from docsort_server.heap import keep_freed_memory
from docsort_server.lifecycle import Lifecycle
from docsort_server.settings_sources import load

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from docsort_server.documents.document import Document
    from docsort_server.documents.ocr.model import Part
    from docsort_server.engine.model import Question

# What the embedded engine takes at a time.
SPAN = 16


def document(pages: int, interval: float = 0.0, salt: str = "") -> bytes:
    """Return a document for this server."""
    return f"%PDF-1.7 {pages} {interval} {salt}".encode()


def _facts(document: Document) -> tuple[int, float]:
    _, pages, interval, *_ = os.pread(document.fd, 200, 0).split()
    return int(pages), float(interval)


class FreeReader:
    """Pages that need no reading."""

    async def open(self, document: Document, asked: Ranges = ()) -> DocumentFacts:
        """Return the number of pages that the document names."""
        pages, _ = _facts(document)
        selected, beyond_end = select(asked, pages)
        return DocumentFacts(pages, "free", selected=selected, beyond_end=beyond_end)

    async def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent, None]:
        """Yield pages whose text is the time from one to the next."""
        text = str(_facts(document)[1])
        for number in numbers:
            yield PageContent(number, text, 595.0, 842.0, 2, 0, 0, 0.0)

    async def draw(self, document: Document, number: int) -> bytes | None:
        """Draw nothing."""
        return None

    async def recognise(
        self, document: Document, page: PageContent, part: Part
    ) -> PageContent | None:
        """Read nothing off pictures."""
        return None


class FreeEngine:
    """Answers that need no thought, one at a time where the document asks for that."""

    identity = EngineIdentity("free", "free/1", "", "")
    span = SPAN

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._next = 0.0

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page."""
        if interval := float(page.text):
            async with self._turn:
                self._next = max(self._next, time.monotonic()) + interval
                await asyncio.sleep(self._next - time.monotonic())
        count = len(question.categories)
        return PageVerdict(
            outcome=Outcome.MATCHED,
            scores=(0.9, *[0.05 / max(1, count - 1)] * (count - 1)),
            criteria=tuple(() for _ in question.categories),
            no_match_score=0.05,
            raw_result=repr(time.time()),
        )


async def main() -> None:
    """Serve until SIGTERM."""
    settings = load(None, os.environ, {})
    lifecycle = Lifecycle(delay=0.0, grace=1.0)
    lifecycle.listen()
    async with serving(settings, {"local": FreeEngine()}, FreeReader()) as app:
        print(app.address, file=sys.stderr, flush=True)
        await lifecycle.stopping()
        await lifecycle.drain(app)


if __name__ == "__main__":
    # As docsort-server runs: another loop, or another way to keep memory, would be another server.
    keep_freed_memory()
    uvloop.run(main())
