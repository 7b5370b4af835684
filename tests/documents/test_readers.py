"""What is read of each kind of document, in confined workers."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence

import pytest
from kinds import encoded, forwarded, heif, mail, odt, scan, sheets, slides, word
from pdfs import encrypted, text_pdf
from PIL import Image

from docsort_server.documents.document import Document
from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
from docsort_server.documents.pages import PageReader
from docsort_server.engine.packet.handlers import READER
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import from_text
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.pool import WorkerPool

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]

# For its process, which one loop has to keep.
pytestmark = pytest.mark.asyncio(loop_scope="module")
Pages = list[PageContent | UnreadPage]


async def read(
    reader: PageReader, content: bytes, password: str | None = None
) -> tuple[DocumentFacts, Pages]:
    """Open a document and read its pages."""
    with Document(content) as document:
        document.password = password
        facts = await reader.open(document)
        numbers = range(1, facts.pages + 1)
        return facts, [page async for page in reader.pages(document, numbers)]


def texts(pages: Sequence[PageContent | UnreadPage]) -> list[str | Reason]:
    """Return each page's text in one line, or the reason it has none."""
    return [
        " ".join(page.text.split()) if isinstance(page, PageContent) else page.failure.reason
        for page in pages
    ]


@pytest.mark.parametrize(
    ("content", "reader_name", "expected"),
    [
        (word("first", "second"), "python-docx", ["first", "second left cell right cell"]),
        (slides("one", "two"), "python-pptx", ["one", "two"]),
        (
            sheets(Bill=[["Total", 96.5], [None, "EUR"]], Empty=[]),
            "openpyxl",
            ["Bill Total 96.5 EUR", "Empty"],
        ),
        (odt("Gr&#252;sse<text:s text:c='3'/>an<text:tab/>alle"), "odt", ["Grüsse an alle"]),
        (
            rb"{\rtf1\ansi Hello\par you\page next {\pict 0102}\'e4}",
            "striprtf",
            ["Hello you", "next ä"],
        ),
        (
            b"<html><head><style>p{}</style></head><body><p>Caf\xc3\xa9<p>two<script>x</script>",
            "html-text",
            ["Café two"],
        ),
        ("Grüße".encode("utf-16"), "text", ["Grüße"]),
        (b"caf\xe9 \x80 5", "text", ["café € 5"]),
        (b"one\ftwo", "text", ["one", "two"]),
    ],
    ids=["docx", "pptx", "xlsx", "odt", "rtf", "html", "utf-16", "cp1252", "form feed"],
)
async def test_each_kind_is_read(
    shared_reader_of: ReaderOf, content: bytes, reader_name: str, expected: list[str]
) -> None:
    """Pages, slides and sheets are pages; markup is gone and letters are what they were."""
    async with shared_reader_of() as (reader, _):
        facts, pages = await read(reader, content)
    assert facts.reader == reader_name
    assert texts(pages) == expected


async def test_what_reads_pages_tells_their_traits(reader_of: ReaderOf) -> None:
    """Of each kind, with the attachment that starts; a page that fails has none."""
    pdf = text_pdf(["INVOICE\nInvoice number 4711\nPage 1 of 2"])
    for content in (pdf, mail("letter", pdf), encoded(scan("x", size=(90, 90)), "PNG")):
        async with reader_of(READER) as (reader, _):
            _, pages = await read(reader, content)
        assert pages
        for page in pages:
            assert isinstance(page, PageContent)
            assert from_text(page.traits) == traits_of(page)


async def test_long_text_becomes_pages(shared_reader_of: ReaderOf) -> None:
    """Nothing of a text is lost, however long it and its lines are."""
    lines = [f"line {number} " + "x" * (number % 90) for number in range(700)] + ["y" * 9_000]
    async with shared_reader_of() as (reader, _):
        facts, pages = await read(reader, "\n".join(lines).encode())
    assert facts.pages > 10
    whole = "".join(page.text for page in pages if isinstance(page, PageContent))
    assert whole.replace("\n", "") == "".join(lines)
    assert not any(page.truncated for page in pages if isinstance(page, PageContent))


async def test_text_that_is_cut_is_told(shared_reader_of: ReaderOf) -> None:
    """A sheet and a page of a PDF with more text than is read of one say so."""
    many = sheets(Long=[[f"cell {number}"] for number in range(500)])
    crowded = text_pdf(["\n".join(["word " * 15] * 50)])
    async with shared_reader_of(page_chars=300) as (reader, _):
        found = [(await read(reader, content))[1][0] for content in (many, crowded)]
        short = (await read(reader, text_pdf(["short"])))[1][0]
    assert [page.truncated for page in found if isinstance(page, PageContent)] == [True, True]
    assert isinstance(short, PageContent)
    assert not short.truncated


@pytest.mark.parametrize("form", ["PNG", "JPEG", "TIFF", "WEBP", "GIF", "BMP", "HEIF"])
async def test_pictures_are_pages_without_text(shared_reader_of: ReaderOf, form: str) -> None:
    """A picture of any kind has a size on paper, is all image, and can be drawn."""
    page = scan("Hello", size=(600, 300))
    content = heif(page) if form == "HEIF" else encoded(page, form)
    async with shared_reader_of() as (reader, _):
        with Document(content) as document:
            facts = await reader.open(document)
            (read_page,) = [each async for each in reader.pages(document, [1])]
            drawn = await reader.draw(document, 1)
    assert (facts.pages, facts.reader) == (1, "pillow")
    assert isinstance(read_page, PageContent)
    assert (read_page.text, read_page.images, read_page.image_share) == ("", 1, 1.0)
    assert read_page.width == 2 * read_page.height
    assert drawn
    assert drawn.startswith(b"\xff\xd8")


async def test_a_tiff_has_a_page_for_each_frame(shared_reader_of: ReaderOf) -> None:
    """Frames of different shapes and depths are pages in order."""
    frames = [
        Image.new("RGB", (100, 200)),
        Image.new("1", (300, 200)),
        Image.new("I;16", (40, 20), 9_000),
    ]
    content = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:], dpi=(72, 72))
    async with shared_reader_of() as (reader, _):
        with Document(content) as document:
            facts = await reader.open(document)
            pages = [each async for each in reader.pages(document, [1, 2, 3])]
            drawn = [await reader.draw(document, number) for number in (1, 2, 3)]
    assert facts.pages == 3
    shapes = [(page.width, page.height) for page in pages if isinstance(page, PageContent)]
    assert shapes == [(100, 200), (300, 200), (40, 20)]
    assert all(drawn)


async def test_a_picture_lies_as_its_camera_says(shared_reader_of: ReaderOf) -> None:
    """One that is to be turned to the right is as high as it was wide."""
    exif = Image.Exif()
    exif[0x0112] = 6
    content = encoded(scan(size=(400, 200)), "JPEG", exif=exif.tobytes())
    async with shared_reader_of() as (reader, _):
        _, (page,) = await read(reader, content)
    assert isinstance(page, PageContent)
    assert page.height == 2 * page.width


async def test_a_picture_of_too_many_pixels_fails_alone(reader_of: ReaderOf) -> None:
    """Its page names the limit; a smaller frame of the same file is read."""
    frames = [Image.new("1", (500, 500)), Image.new("1", (10, 10))]
    content = encoded(frames[0], "TIFF", save_all=True, append_images=frames[1:])
    async with reader_of(max_image_pixels=10_000) as (reader, pool):
        _, (large, small) = await read(reader, content)
        assert pool.restarts == 0
    assert isinstance(large, UnreadPage)
    assert large.failure.reason is Reason.DOCUMENT_TOO_LARGE
    assert large.failure.metadata == {
        "limit": "max_image_pixels",
        "value": "10000",
        "actual": "250000",
    }
    assert isinstance(small, PageContent)


async def test_a_mail_is_its_text_and_its_attachments(shared_reader_of: ReaderOf) -> None:
    """Head and text make the first page, each attachment more, whatever it says it is."""
    content = mail("Please find the papers.", text_pdf(["one", "two"]), b"plain", word("a letter"))
    async with shared_reader_of() as (reader, _):
        facts, pages = await read(reader, content)
    first, *others = texts(pages)
    assert first == (
        "From: Ada <ada@example.com> To: desk@example.com Date: Mon, 06 May 2024 10:00:00 +0000 "
        "Subject: Papers Please find the papers."
    )
    assert others == ["one", "two", "plain", "a letter left cell right cell"]
    assert [page.number for page in pages] == [1, 2, 3, 4, 5]
    assert facts.left_out == ()


async def test_what_of_a_mail_is_no_page_is_told(shared_reader_of: ReaderOf) -> None:
    """Unknown kinds, empty ones, too many and too deep ones are counted with the reason."""
    deep = forwarded(mail("inner", b"deepest"))
    content = mail("x", b"\x7fELF\x00", b"\x00\x01", b"", deep, b"one", b"two")
    async with shared_reader_of(max_attachments=4, max_nesting=1) as (reader, _):
        facts, pages = await read(reader, content)
    assert len(pages) == 3
    said = "; ".join(facts.left_out)
    assert "2 attached: the content is of no kind that is read" in said
    assert "1 attached: empty" in said
    assert "1 attached: deeper than max_nesting, 1" in said
    assert "1 attached: more than max_attachments, 4" in said


async def test_an_attachment_that_cannot_be_opened_is_a_failed_page(
    shared_reader_of: ReaderOf,
) -> None:
    """It counts, says why, and leaves its neighbours alone."""
    locked = encrypted(text_pdf(["secret"]), user="u", owner="o")
    content = mail("see", locked, b"%PDF-1.7 junk", b"after")
    async with shared_reader_of() as (reader, _):
        _, pages = await read(reader, content)
        assert texts(pages)[1:] == [Reason.ENCRYPTED_DOCUMENT, Reason.CORRUPT_DOCUMENT, "after"]
        _, pages = await read(reader, content, password="u")
    assert texts(pages)[1:] == ["secret", Reason.CORRUPT_DOCUMENT, "after"]


async def test_a_mail_in_html_is_read_as_it_is_seen(shared_reader_of: ReaderOf) -> None:
    """Its plain version goes first; without one the HTML's text is the mail's."""
    both = mail("plain words", html="<p>other words</p>")
    only = mail("   ", html="<p>Total <b>due</b></p><script>x()</script>")
    async with shared_reader_of() as (reader, _):
        found = [texts((await read(reader, content))[1])[0] for content in (both, only)]
    assert "plain words" in str(found[0])
    assert "other" not in str(found[0])
    assert str(found[1]).endswith("Total due")


@pytest.mark.parametrize(
    ("password", "expected"),
    [(None, Reason.ENCRYPTED_DOCUMENT), ("wrong", Reason.WRONG_PASSWORD), ("grün", None)],
)
async def test_a_password_opens_a_document(
    shared_reader_of: ReaderOf, password: str | None, expected: Reason | None
) -> None:
    """Without the right one the reason tells which of both it is, and none is held open."""
    content = encrypted(text_pdf(["secret"]), user="grün", owner="o")
    async with shared_reader_of() as (reader, _):
        _, pages = await read(reader, content, password="grün")
        assert texts(pages) == ["secret"]
        if expected is None:
            return
        with pytest.raises(Fault) as caught:
            await read(reader, content, password=password)
    assert caught.value.reason is expected
