"""Workers that die, hang or lie while they read a document."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Callable

import pytest
from eventually import eventually
from pdfs import text_pdf

from docsort_server.documents.document import Document
from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.documents.pages import PageReader
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.pool import WorkerPool

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]

# Enough for a page that does not hang, on a busy machine too.
PATIENCE = 2.0
SABOTEUR = "reader_handlers:saboteur"


async def outcomes(reader: PageReader, document: Document, last: int) -> list[str]:
    """Read pages 1 to `last`; return each page's text, or the reason it has none."""
    found: list[str] = []
    async for page in reader.pages(document, range(1, last + 1)):
        assert page.number == len(found) + 1
        if isinstance(page, PageContent):
            found.append(page.text.split()[0])
        else:
            found.append(page.failure.reason)
    return found


async def test_a_crash_costs_exactly_its_page(reader_of: ReaderOf) -> None:
    """A page that kills two workers is PARSER_CRASHED; all others are read."""
    async with reader_of(SABOTEUR) as (reader, pool):
        with Document(text_pdf(["one", "two", "CRASH", "four", "five"])) as document:
            await reader.open(document)
            assert await outcomes(reader, document, 5) == (
                ["one", "two", "PARSER_CRASHED", "four", "five"]
            )
            assert document.crashes == 2
        await eventually(lambda: pool.restarts == 2)


async def test_a_page_that_crashed_once_is_read_again(reader_of: ReaderOf) -> None:
    """The second try on a fresh worker counts when it succeeds."""
    async with reader_of(SABOTEUR) as (reader, pool):
        with Document(text_pdf(["one", f"CRASH\nONCE {time.time()}", "three"])) as document:
            await reader.open(document)
            assert await outcomes(reader, document, 3) == ["one", "CRASH", "three"]
        assert pool.restarts == 1


async def test_a_neighbour_is_not_disturbed(reader_of: ReaderOf) -> None:
    """While one document crashes its worker again and again, another is read whole."""
    async with reader_of(SABOTEUR, size=2) as (reader, _):
        with (
            Document(text_pdf(["CRASH"] * 3)) as bad,
            Document(text_pdf(["good"] * 50)) as good,
        ):
            crashed, read = await asyncio.gather(
                outcomes(reader, bad, 3), outcomes(reader, good, 50)
            )
    assert crashed == ["PARSER_CRASHED"] * 3
    assert read == ["good"] * 50


async def test_a_hang_is_a_timeout_of_its_page(reader_of: ReaderOf) -> None:
    """A page that hangs is given up once, with the limit named; the others are read."""
    async with reader_of(SABOTEUR, page_seconds=PATIENCE) as (reader, _):
        with Document(text_pdf(["one", "HANG", "three"])) as document:
            await reader.open(document)
            started = time.monotonic()
            pages = [page async for page in reader.pages(document, [1, 2, 3])]
            assert time.monotonic() - started < 5 * PATIENCE
            assert document.crashes == 0
    assert [type(page) for page in pages] == [PageContent, UnreadPage, PageContent]
    hung = pages[1]
    assert isinstance(hung, UnreadPage)
    assert hung.failure.reason is Reason.PARSER_TIMEOUT
    assert hung.failure.metadata == {"limit": "page_seconds", "value": f"{PATIENCE:g}"}


async def test_a_document_has_a_time_of_its_own(reader_of: ReaderOf) -> None:
    """When the document's time is used up, the pages left are unread, over all its reads."""
    bounds = {"document_seconds": PATIENCE, "document_seconds_per_page": 0.0}
    async with reader_of(SABOTEUR, **bounds) as (reader, _):
        # Each page takes 0.2 s: twice as many as there is time for.
        with Document(text_pdf(["STROLL"] * 20)) as document:
            await reader.open(document)
            found = await outcomes(reader, document, 20)
            assert 1 <= found.count("STROLL") <= 11
            assert set(found[found.count("STROLL") :]) == {"PARSER_TIMEOUT"}
            assert await outcomes(reader, document, 2) == ["PARSER_TIMEOUT"] * 2


async def test_a_document_has_the_same_time_wherever_it_was_opened(reader_of: ReaderOf) -> None:
    """Another replica's parsers have as long for its last pages as those that opened it."""
    bounds = {"document_seconds": 0.1, "document_seconds_per_page": 0.4, "span_pages": 2}
    async with reader_of(SABOTEUR, **bounds) as (reader, _):
        with Document(text_pdf(["STROLL"] * 9)) as document:
            assert await outcomes(reader, document, 9) == ["STROLL"] * 9


async def test_crashes_of_a_document_are_bounded(reader_of: ReaderOf) -> None:
    """A document that kills every worker is given up before it has cost one per page."""
    async with reader_of(SABOTEUR, crashes=4) as (reader, pool):
        with Document(text_pdf(["CRASH"] * 30)) as document:
            await reader.open(document)
            assert await outcomes(reader, document, 30) == ["PARSER_CRASHED"] * 30
        assert pool.restarts <= 4


@pytest.mark.parametrize(
    ("sabotage", "reason"), [("CRASH", Reason.PARSER_CRASHED), ("HANG", Reason.PARSER_TIMEOUT)]
)
async def test_opening_can_fail_too(reader_of: ReaderOf, sabotage: str, reason: Reason) -> None:
    """A document that kills or stalls its parser on opening is a Fault."""
    async with reader_of(SABOTEUR, page_seconds=PATIENCE) as (reader, _):
        with Document(text_pdf(["fine"]) + sabotage.encode()) as document:
            with pytest.raises(Fault) as caught:
                await reader.open(document)
            assert caught.value.reason is reason


async def test_opening_is_tried_again(reader_of: ReaderOf) -> None:
    """A single crash on opening goes unnoticed."""
    async with reader_of(SABOTEUR) as (reader, _):
        command = f"CRASH ONCE {time.time()}"
        with Document(text_pdf(["fine"]) + command.encode()) as document:
            assert (await reader.open(document)).pages == 1
            assert document.crashes == 1


async def test_a_lying_worker_is_not_believed(reader_of: ReaderOf) -> None:
    """A worker that answers for another page is killed, as if it had crashed."""
    async with reader_of(SABOTEUR) as (reader, pool):
        with Document(text_pdf(["one", "LIE", "three"])) as document:
            assert await outcomes(reader, document, 3) == ["one", "PARSER_CRASHED", "three"]
        await eventually(lambda: pool.restarts == 2)


@pytest.mark.parametrize("last_page", ["HANG", "fine"])
async def test_cancelling_frees_the_worker(reader_of: ReaderOf, last_page: str) -> None:
    """Whoever stops reading, in a hung page or not, frees the worker within a second."""
    content = text_pdf(["one"] * 3 + [last_page] * 400)

    async def read_all(document: Document) -> None:
        async for page in reader.pages(document, range(1, 404)):
            progress.append(page.number)  # noqa: PERF401 - watched while it grows

    progress: list[int] = []
    async with reader_of(SABOTEUR) as (reader, _):
        with Document(content) as document, Document(text_pdf(["next"])) as following:
            await reader.open(document)
            task = asyncio.create_task(read_all(document))
            await eventually(lambda: len(progress) >= 3)
            started = time.monotonic()
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert time.monotonic() - started < 1.0
            assert await outcomes(reader, following, 1) == ["next"]
    assert len(progress) < 400
