"""A reader and an engine that do what a test says, and a job engine made of them."""

import asyncio
import hashlib
import os
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import cache

from docsort_server.codec import ProtoRecordCodec
from docsort_server.documents.document import Document
from docsort_server.documents.fetch.fetcher import Fetcher
from docsort_server.documents.fetch.policy import Policy
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.selection import Ranges, select
from docsort_server.documents.source import PageSource
from docsort_server.engine.model import (
    NOBODY,
    Category,
    CriterionMark,
    EngineIdentity,
    Outcome,
    PageClassifier,
    PageVerdict,
    Question,
    Turn,
)
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import to_text
from docsort_server.jobs.assembly import JobEngine, Terms, assemble
from docsort_server.jobs.engines import Engines
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.intake import Submission
from docsort_server.jobs.model import Event, Job, JobEnded, JobOptions, JobSpec
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey, Store

Answer = Callable[[PageContent, Question], Awaitable[PageVerdict]]
CATEGORIES = tuple(Category(name) for name in ("Invoice", "Contract", "Letter"))
QUESTION = Question(CATEGORIES)


def document(pages: int, salt: str = "") -> bytes:
    """Return what `ScriptedReader` takes for a document of so many pages."""
    return f"%PDF-1.7 {pages} {salt}".encode()


# Pages that lie as far apart look alike: what a page looks like takes longer than all that the
# job engine does with it.
_LETTERS = 500


def content(number: int) -> PageContent:
    """Return a page that looks like a letter of its own."""
    return replace(_letter((number - 1) % _LETTERS + 1), number=number)


@cache
def _letter(number: int) -> PageContent:
    text = f"LETTER NO. {number}\n3 May 2024\nDear Sir,\nPage 1 of 1"
    page = PageContent(number, text, 595.0, 842.0, len(text.split()), 0, 0, 0.0)
    return replace(page, traits=to_text(traits_of(page)))


def verdict(number: int, question: Question) -> PageVerdict:
    """Return scores that favour another category on every page, and marks that alternate."""
    count = len(question.categories)
    raw = [4.0 if index == number % count else 1.0 for index in range(count)]
    marks = tuple(
        tuple(
            CriterionMark((number + index) % 2 == 0, 0.75, f"line {number}.{index}")
            for index in range(len(category.criteria))
        )
        for category in question.categories
    )
    scores = tuple(each / sum(raw) for each in raw)
    return PageVerdict(Outcome.MATCHED, scores, marks, no_match_score=0.1)


# Fetches nothing.
FETCHER = Fetcher(Policy(), DocumentLimits(), seconds=1.0)


class ScriptedReader:
    """Read as many pages as a document's text says; `streams` counts those being read now."""

    def __init__(self) -> None:
        self.streams = 0
        self.read: list[int] = []

    async def open(self, document: Document, asked: Ranges = ()) -> DocumentFacts:
        """Return the page count that the document names."""
        pages = int(os.pread(document.fd, 64, 0).split()[1])
        selected, beyond_end = select(asked, pages)
        return DocumentFacts(pages, "scripted", selected=selected, beyond_end=beyond_end)

    async def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield the pages asked for."""
        self.streams += 1
        try:
            for number in numbers:
                self.read.append(number)
                yield content(number)
        finally:
            self.streams -= 1

    async def draw(self, document: Document, number: int) -> bytes | None:
        """Draw nothing."""
        return None

    async def recognise(
        self, document: Document, page: PageContent, part: Part
    ) -> PageContent | None:
        """Read nothing off pictures."""
        return None


class ScriptedEngine:
    """Answer with `answer`; `working` counts the pages being answered now."""

    def __init__(self, answer: Answer | None = None, *, span: int = 4) -> None:
        self.identity = EngineIdentity("scripted", "scripted/1", "0" * 64, "1" * 64)
        self.span = span
        self.working = 0
        self.seen: list[int] = []
        self._answer = answer

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page."""
        self.working += 1
        self.seen.append(page.number)
        try:
            if self._answer is None:
                return verdict(page.number, question)
            return await self._answer(page, question)
        finally:
            self.working -= 1


class Gate:
    """Hold pages back until a test lets them through, one by one or all."""

    def __init__(self) -> None:
        self._tickets = asyncio.Semaphore(0)
        self._opened = asyncio.Event()

    async def __call__(self, page: PageContent, question: Question) -> PageVerdict:
        """Answer once the page is let through."""
        if not self._opened.is_set():
            await self._tickets.acquire()
        return verdict(page.number, question)

    def let(self, pages: int) -> None:
        """Let so many pages through."""
        for _ in range(pages):
            self._tickets.release()

    def open(self) -> None:
        """Let all pages through from now on."""
        self._opened.set()
        self.let(10_000)


def terms(**changes: float) -> Terms:
    """Return terms for tests: a long grace and no heartbeats unless changed."""
    values = {
        "spans": 4,
        "pages": 4,
        "max_jobs": 100,
        "max_jobs_bytes": 1 << 30,
        "orphan_grace": 60.0,
        "heartbeat": 60.0,
    }
    return Terms(**{**values, **changes})  # type: ignore[arg-type]


def build(
    reader: PageSource, engine: PageClassifier, store: Store | None = None, **changes: float
) -> JobEngine:
    """Return a job engine, in memory unless a store is given, that is not running yet."""
    engines = Engines({"scripted": engine}, "scripted")
    codec = ProtoRecordCodec()
    return assemble(store or open_store(), codec, reader, FETCHER, engines, terms(**changes))


@asynccontextmanager
async def running(jobs: JobEngine) -> AsyncGenerator[JobEngine, None]:
    """Run the background work of a job engine for as long as the block does."""
    task = asyncio.create_task(jobs.run())
    try:
        yield jobs
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        jobs.shelf.close()


def submission(
    pages: int = 3,
    *,
    request_id: str = "",
    options: JobOptions | None = None,
    question: Question = QUESTION,
    detached: bool = False,
    ttl: float = 3600.0,
) -> Submission:
    """Return a request for a job on a document of so many pages."""
    body = document(pages)
    spec = JobSpec(
        question=question,
        options=options or JobOptions(),
        document_digest=hashlib.sha256(body).hexdigest(),
        document_size=len(body),
        fingerprint=f"1:{pages}",
        ttl=ttl,
        detached=detached,
    )
    return Submission(DEFAULT_TENANT, request_id, spec, body)


async def ended(jobs: JobEngine, key: JobKey) -> list[Event]:
    """Return a job's events once it has ended."""
    async with asyncio.timeout(20):
        return [event async for event in jobs.watcher.events(key)]


async def classify(jobs: JobEngine, asked: Submission) -> Job:
    """Submit a request and return the job it ends as."""
    kind = (await ended(jobs, await jobs.intake.submit(asked)))[-1].kind
    assert isinstance(kind, JobEnded)
    return kind.job
