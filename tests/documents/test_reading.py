"""What is read from good and from damaged documents."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from eventually import eventually
from pdfs import bomb, drawn_pdf, encrypted, handmade, rotated, text_pdf

from docsort_server.documents.document import Document
from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
from docsort_server.documents.pages import PageReader
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.limits import MIB, Limits
from docsort_server.sandbox.pool import WorkerPool

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]

# For its process, which one loop has to keep.
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def read(
    reader: PageReader, content: bytes, numbers: Sequence[int] | None = None
) -> tuple[DocumentFacts, list[PageContent | UnreadPage]]:
    """Open a document and read its pages."""
    with Document(content) as document:
        facts = await reader.open(document)
        asked = numbers or range(1, facts.pages + 1)
        return facts, [page async for page in reader.pages(document, asked)]


def texts(pages: Sequence[PageContent | UnreadPage]) -> list[str | Reason]:
    """Return each page's text, or the reason it has none."""
    return [
        page.text.strip() if isinstance(page, PageContent) else page.failure.reason
        for page in pages
    ]


def holds_a_document(pid: int) -> bool:
    """Tell whether a process has a memory file mapped."""
    return "memfd:" in Path(f"/proc/{pid}/maps").read_text()


async def test_text_size_words_and_type_are_read(shared_reader_of: ReaderOf) -> None:
    """A page tells its text with line ends, its size, its words and its largest type."""
    content = text_pdf(["Heading\nsome small words", "Second page"])
    async with shared_reader_of() as (reader, _):
        facts, pages = await read(reader, content)
    assert facts == DocumentFacts(pages=2, reader="pdfium", selected=((1, 2),))
    assert texts(pages) == ["Heading\nsome small words", "Second page"]
    first = pages[0]
    assert isinstance(first, PageContent)
    assert (first.number, first.words, first.images, first.paths) == (1, 4, 0, 0)
    assert (first.width, first.height, first.max_font_size) == (595.0, 842.0, 20.0)
    assert first.image_share == 0.0


async def test_images_and_paths_are_counted(shared_reader_of: ReaderOf) -> None:
    """An image inside a scaled form covers the part of the page that it is seen to cover."""
    async with shared_reader_of() as (reader, _):
        _, (page,) = await read(reader, drawn_pdf())
    assert isinstance(page, PageContent)
    assert (page.images, page.paths, page.image_share) == (1, 2, 0.5)


async def test_sizes_are_as_displayed(shared_reader_of: ReaderOf) -> None:
    """A page turned by a quarter swaps its width and height."""
    async with shared_reader_of() as (reader, _):
        _, (page,) = await read(reader, rotated(text_pdf(["x"], size=(400, 300)), 90))
    assert isinstance(page, PageContent)
    assert (page.width, page.height) == (300.0, 400.0)


async def test_pages_come_in_the_order_asked_for(shared_reader_of: ReaderOf) -> None:
    """Any selection is read, across more pages than one worker holds the document for."""
    content = text_pdf([f"page {number}" for number in range(1, 41)])
    wanted = [40, 1, *range(10, 35), 2]
    async with shared_reader_of(span_pages=4) as (reader, _):
        _, pages = await read(reader, content, wanted)
    assert texts(pages) == [f"page {number}" for number in wanted]


async def test_long_text_is_cut(shared_reader_of: ReaderOf) -> None:
    """A page's text ends at `page_chars` characters."""
    content = text_pdf(["\n".join(["word " * 15] * 50)])
    async with shared_reader_of(page_chars=100) as (reader, _):
        _, (page,) = await read(reader, content)
    assert isinstance(page, PageContent)
    assert len(page.text) == 100


async def test_a_password_that_is_missing_is_told(shared_reader_of: ReaderOf) -> None:
    """A user password makes ENCRYPTED_DOCUMENT; an owner password alone hinders no reading."""
    content = text_pdf(["secret"])
    async with shared_reader_of() as (reader, _):
        assert await reason_of(reader, encrypted(content, user="u", owner="o")) is (
            Reason.ENCRYPTED_DOCUMENT
        )
        _, pages = await read(reader, encrypted(content, user="", owner="o"))
    assert texts(pages) == ["secret"]


async def reason_of(reader: PageReader, content: bytes) -> Reason:
    """Return why a document cannot be opened."""
    with Document(content) as document, pytest.raises(Fault) as caught:
        await reader.open(document)
    return caught.value.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"%PDF-1.7\n" + b"\x00\xff junk" * 999, Reason.CORRUPT_DOCUMENT),
        (handmade(kids=(), count=0), Reason.EMPTY_DOCUMENT),
        (handmade(kids=["3 0 R"] * 11, count=11), Reason.TOO_MANY_PAGES),
        (handmade() + b" " * 100_000, Reason.DOCUMENT_TOO_LARGE),
    ],
    ids=["junk", "no page", "many pages", "large"],
)
async def test_what_cannot_be_opened_says_why(
    reader_of: ReaderOf, content: bytes, reason: Reason
) -> None:
    """Every refusal has its reason and costs no worker."""
    async with reader_of(max_pages=10, max_bytes=100_000) as (reader, pool):
        assert await reason_of(reader, content) is reason
        assert pool.restarts == 0


async def test_an_exceeded_limit_is_named(shared_reader_of: ReaderOf) -> None:
    """The metadata tell the limit, its value and the actual number."""
    async with shared_reader_of(max_pages=2) as (reader, _):
        with Document(text_pdf(["a", "b", "c"])) as document, pytest.raises(Fault) as caught:
            await reader.open(document)
    assert caught.value.metadata == {"limit": "max_pages", "value": "2", "actual": "3"}


async def test_a_second_reader_opens_what_the_first_refuses(shared_reader_of: ReaderOf) -> None:
    """Without a valid header PDFium gives up and pypdf reads the page."""
    broken = handmade().replace(b"%PDF-1.7", b"%1.7    ")
    async with shared_reader_of() as (reader, _):
        facts, pages = await read(reader, broken)
    assert (facts.reader, texts(pages)) == ("pypdf", ["hello"])


async def test_pages_that_are_not_there_fail_alone(shared_reader_of: ReaderOf) -> None:
    """Where the page tree promises more than it has, the pages that exist are read."""
    content = handmade(kids=("3 0 R", "77 0 R", "3 0 R"), count=3)
    async with shared_reader_of() as (reader, _):
        _, pages = await read(reader, content)
    assert texts(pages) == ["hello", Reason.CORRUPT_DOCUMENT, "hello"]


@pytest.mark.parametrize("count", [5000, 10**6, 2**31])
async def test_a_page_count_that_lies_is_corrected(shared_reader_of: ReaderOf, count: int) -> None:
    """A small file that claims thousands of pages is read for the one it has."""
    async with shared_reader_of() as (reader, _):
        facts, pages = await read(reader, handmade(count=count))
    assert (facts.pages, texts(pages)) == (1, ["hello"])


async def test_a_cycle_in_the_page_tree_ends(shared_reader_of: ReaderOf) -> None:
    """A page tree that contains itself is a failed page, not an endless loop."""
    async with shared_reader_of() as (reader, _):
        _, pages = await read(reader, handmade(kids=("2 0 R",), count=1))
    assert texts(pages) == [Reason.CORRUPT_DOCUMENT]


async def test_a_deep_page_tree_is_read_by_the_second_reader(shared_reader_of: ReaderOf) -> None:
    """Where PDFium finds the page tree too deep, the page is read all the same."""
    levels = 1500
    nodes = "".join(
        f"{10 + i} 0 obj\n<< /Type /Pages /Count 1 /Kids [{11 + i} 0 R] >>\nendobj\n"
        for i in range(levels)
    )
    leaf = f"{10 + levels} 0 obj\n<< /Type /Page /MediaBox [0 0 9 9] /Contents 4 0 R >>\nendobj\n"
    content = re.sub(rb"xref\n.*", b"", handmade(kids=("10 0 R",)), flags=re.DOTALL)
    content += nodes.encode() + leaf.encode() + b"trailer\n<< /Root 1 0 R >>\nstartxref\n0\n%%EOF\n"
    async with shared_reader_of() as (reader, _):
        _, (page,) = await read(reader, content)
    assert isinstance(page, PageContent)
    assert page.width == 9.0


async def test_a_decompression_bomb_costs_its_page_only(reader_of: ReaderOf) -> None:
    """A page that inflates beyond the memory limit fails or is read; the next document is fine."""
    async with reader_of(limits=Limits(memory_bytes=64 * MIB)) as (reader, _):
        _, pages = await read(reader, bomb(200 * MIB))
        assert texts(pages)[0] in ("", Reason.CORRUPT_DOCUMENT, Reason.PARSER_CRASHED)
        _, pages = await read(reader, text_pdf(["fine"]))
    assert texts(pages) == ["fine"]


async def test_documents_share_workers_without_mixing(reader_of: ReaderOf) -> None:
    """Eight documents read at once through two workers keep their own texts."""
    contents = [text_pdf([f"document {n} page {p}" for p in range(40)]) for n in range(8)]
    async with reader_of(size=2) as (reader, pool):
        results = await asyncio.gather(*(read(reader, content) for content in contents))
        assert pool.restarts == 0
    for number, (_, pages) in enumerate(results):
        assert texts(pages) == [f"document {number} page {p}" for p in range(40)]


async def test_a_short_document_overtakes_a_long_one(shared_reader_of: ReaderOf) -> None:
    """With a single worker, one page of another document is read while a long one goes on."""
    async with shared_reader_of() as (reader, _):
        short_content = text_pdf(["short"])
        with Document(text_pdf(["long"] * 400)) as long:
            await reader.open(long)
            rest = reader.pages(long, range(1, 401))
            await anext(rest)
            other = asyncio.create_task(read(reader, short_content))
            seen = 1
            while not other.done():
                await anext(rest)
                seen += 1
            await rest.aclose()
    assert texts((await other)[1]) == ["short"]
    assert seen < 60


async def test_a_resting_parser_holds_no_document(reader_of: ReaderOf) -> None:
    """A second after its last request it has closed what it read: jobs do not meet in it."""
    async with reader_of() as (reader, pool):
        await read(reader, text_pdf(["One page"]))
        (pid,) = pool.pids
        assert holds_a_document(pid)
        await eventually(lambda: not holds_a_document(pid))
        assert pool.pids == (pid,)
        assert texts((await read(reader, text_pdf(["Another"])))[1]) == ["Another"]
