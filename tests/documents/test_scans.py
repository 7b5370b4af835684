"""Scans: pages read off their pictures, by whatever library is installed."""

from __future__ import annotations

import asyncio
import contextlib
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
import pytest_asyncio
from eventually import children_of, command_of, eventually
from kinds import encoded, scan
from pdfs import text_pdf
from PIL import Image

from docsort_server.documents.document import Document
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.model import PageContent
from docsort_server.documents.ocr import choice
from docsort_server.documents.ocr.joining import with_reading
from docsort_server.documents.ocr.lines import Line, rows
from docsort_server.documents.ocr.model import Part, Reading
from docsort_server.documents.ocr.pages import cropped, is_blank
from docsort_server.documents.ocr.turning import turn
from docsort_server.documents.scans import ScanReader
from docsort_server.engine.packet.handlers import RECOGNISERS
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import from_text
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

HEAD = ("INVOICE", "Invoice number 4711", "Harrow and Finch Limited", "Bill to: Ada Lovelace")
FOOT = ("Total due 96.00 EUR", "Please pay within thirty days")
# What reads nothing and starts fast, for tests of how processes are kept.
RECITER = "reader_handlers:reciter"
PAGE = PageContent(1, "", 595.0, 842.0, 0, 1, 0, 1.0)


def invoice() -> Image.Image:
    """Return a page with lines in its top third and at its foot."""
    return scan(*HEAD, *[""] * 13, *FOOT)


@contextlib.asynccontextmanager
async def reading(library: str, **bounds: float) -> AsyncIterator[ScanReader]:
    """Yield a reader of scans with one process of its own."""
    if library in RECOGNISERS and not choice.installed(library):
        pytest.skip(f"{library} is not installed: {choice.missing(library)}")
    limits = Limits(memory_bytes=2 << 30, max_rss_bytes=1 << 30)
    scans = ScanReader(
        lambda: WorkerPool(
            RECOGNISERS.get(library, library), size=1, limits=limits, name="recogniser"
        ),
        DocumentLimits(**bounds),  # type: ignore[arg-type]
    )
    try:
        yield scans
    finally:
        await scans.close()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rapid() -> AsyncIterator[ScanReader]:
    """Yield a reader of scans for the whole module: its process takes seconds to start."""
    async with reading("rapidocr") as scans:
        yield scans


def squeezed(text: str) -> str:
    """Return letters and digits alone, in small ones."""
    return "".join(filter(str.isalnum, text.lower()))


@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("library", ["rapidocr", "tesseract"])
async def test_a_page_is_read_in_parts_and_whichever_way_it_lies(
    library: str, rapid: ScanReader
) -> None:
    """The top third comes first and the rest after it; a page lying on its side is turned."""
    # As legible as of full size, and read in half the time.
    upright = invoice().resize((620, 877))
    shared = contextlib.nullcontext(rapid)
    async with shared if library == "rapidocr" else reading(library) as scans:
        with Document(encoded(upright, "PNG")) as document:
            top = await scans.recognise(document, PAGE, Part.TOP)
            both = await scans.recognise(document, top, Part.REST)
        assert squeezed(HEAD[1]) in squeezed(top.text)
        assert squeezed(FOOT[0]) not in squeezed(top.text)
        assert both.text.startswith(top.text)
        assert squeezed(FOOT[0]) in squeezed(both.text)
        assert (both.recognised, both.turned, both.image_share) == (True, 0, 0.0)
        assert both.words == len(both.text.split())
        assert [from_text(page.traits) for page in (top, both)] == list(map(traits_of, (top, both)))
        for angle in (90, 180, 270):
            with Document(encoded(turn(upright, angle), "PNG")) as document:
                found = await scans.recognise(document, PAGE, Part.WHOLE)
            assert squeezed("".join((*HEAD, *FOOT))) == squeezed(found.text), angle
            # Some turn lines by themselves.
            assert found.turned in {0, 360 - angle}


@pytest.mark.asyncio(loop_scope="module")
async def test_a_page_of_a_pdf_is_read_off_its_picture(rapid: ScanReader) -> None:
    """A scan within a PDF is drawn first; its text layer, if any, does not matter."""
    with Document(text_pdf(["Purchase order\nnumber 12345"])) as document:
        found = await rapid.recognise(document, replace(PAGE, text="junk"), Part.WHOLE)
    assert "junk" not in found.text
    assert "purchaseordernumber12345" in squeezed(found.text)


@pytest.mark.asyncio(loop_scope="module")
async def test_a_blank_page_is_told_from_one_without_letters(rapid: ScanReader) -> None:
    """Paper with dust is blank; a photograph in which nothing is written is not."""
    blank, photo = (
        Image.new("L", (600, 800), 240),
        Image.radial_gradient("L").resize((600, 800)),
    )
    found = []
    for picture in (blank, photo):
        with Document(encoded(picture, "PNG")) as document:
            found.append(await rapid.recognise(document, PAGE, Part.WHOLE))
    assert [(page.text, page.image_share) for page in found] == [("", 0.0), ("", 1.0)]


async def test_what_cannot_be_drawn_says_why() -> None:
    """A page that is not there, a picture of too many pixels, and a locked file are faults."""
    png = encoded(scan("x", size=(300, 300)), "PNG")
    async with reading(RECITER, max_image_pixels=10_000) as scans:
        for content, page, reason in (
            (text_pdf(["x"]), replace(PAGE, number=7), Reason.CORRUPT_DOCUMENT),
            (png, PAGE, Reason.DOCUMENT_TOO_LARGE),
            (b"\x7fELF", PAGE, Reason.UNSUPPORTED_DOCUMENT),
        ):
            with Document(content) as document, pytest.raises(Fault) as caught:
                await scans.recognise(document, page, Part.WHOLE)
            assert caught.value.reason is reason


async def test_a_scan_has_a_time_of_its_own() -> None:
    """One that takes longer fails with the limit's name, and the next is read."""
    picture = scan(*[f"line {number} of many with words" for number in range(22)])
    async with reading("rapidocr", ocr_seconds=0.05) as scans:
        with Document(encoded(picture, "PNG")) as document, pytest.raises(Fault) as caught:
            await scans.recognise(document, PAGE, Part.WHOLE)
    assert caught.value.reason is Reason.PARSER_TIMEOUT
    assert caught.value.metadata["limit"] == "ocr_seconds"


async def test_idle_processes_end_and_come_back() -> None:
    """After a while without scans none is left; the next scan starts them again."""
    async with reading(RECITER, ocr_idle=0.2) as scans:
        for _ in range(2):
            with Document(encoded(scan("Hello there"), "PNG")) as document:
                reads = asyncio.create_task(scans.recognise(document, PAGE, Part.WHOLE))
                # Once it has read it may end at any moment.
                await eventually(lambda: recognisers() == 1)
                found = await reads
            assert "hello" in squeezed(found.text)
            await eventually(lambda: recognisers() == 0)


def recognisers() -> int:
    """Count the children that read scans."""
    return sum(RECITER in command_of(pid) for pid in children_of(os.getpid()))


def test_the_cut_goes_between_lines() -> None:
    """Top and rest make the page, and no line is cut where there is a gap near the third."""
    picture = scan(*[f"line {number}" for number in range(22)])
    top, rest = (cropped(picture, part) for part in (Part.TOP, Part.REST))
    assert top.height + rest.height == picture.height
    assert 0.30 <= top.height / picture.height <= 0.40
    edge = top.convert("L").crop((0, top.height - 1, top.width, top.height))
    assert edge.getextrema() == (255, 255)


@pytest.mark.parametrize(
    ("picture", "blank"),
    [
        (Image.new("L", (100, 100), 255), True),
        (Image.new("RGB", (100, 100), (250, 240, 210)), True),
        (scan("x"), False),
        (Image.new("L", (100, 100), 0), False),
        (Image.linear_gradient("L"), False),
    ],
    ids=["white", "paper", "a letter", "black", "shades"],
)
def test_what_is_blank(picture: Image.Image, blank: bool) -> None:
    """Paper of one light tone is; anything on it, or dark paper, is not."""
    assert is_blank(picture) is blank


def test_lines_side_by_side_share_a_row() -> None:
    """Columns are spaced, rows go from top to bottom."""
    lines = [
        Line((200, 11, 300, 31), "right", 1.0),
        Line((0, 60, 90, 80), "below", 1.0),
        Line((0, 10, 90, 30), "left", 1.0),
    ]
    assert rows(lines) == "left  right\nbelow"


def test_the_library_is_chosen_by_what_is_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """Off is none; a library that is named and missing says what to install."""
    monkeypatch.setattr(choice, "installed", lambda name: name == choice.TESSERACT)
    assert choice.chosen("off") is None
    assert choice.chosen("auto") == "tesseract"
    with pytest.raises(LookupError, match=r"docsort\[ocr\]"):
        choice.chosen("rapidocr")


async def test_an_end_that_meets_another_leaves_no_process() -> None:
    """Processes that are just being ended for idleness are gone when the reader is closed."""
    before = children_of(os.getpid())
    async with reading(RECITER, ocr_idle=0.1) as scans:
        with Document(encoded(invoice(), "PNG")) as document:
            await scans.recognise(document, PAGE, Part.TOP)
        await eventually(lambda: scans._pool is None)
        await scans.close()
        assert children_of(os.getpid()) == before


@pytest.mark.parametrize(
    ("paper", "ink"),
    [((0, 82, 155), "white"), ((200, 30, 30), "white"), ("white", (215, 215, 215))],
)
def test_light_letters_are_no_blank_page(paper: Any, ink: Any) -> None:  # noqa: ANN401 - colours
    """Letters may be lighter than their paper, and faint."""
    picture = Image.new("RGB", (400, 400), paper)
    picture.paste(ink, (100, 100, 160, 110))
    assert not is_blank(picture)


async def test_a_document_that_crashes_its_readers_is_given_up() -> None:
    """Its pages share one bound on what it may cost."""
    limits = DocumentLimits(crashes=3)
    made: list[WorkerPool] = []

    def pool() -> WorkerPool:
        name = "reader_handlers:saboteur"
        made.append(WorkerPool(name, size=1, limits=Limits(), name="recogniser"))
        return made[-1]

    scans = ScanReader(pool, limits)
    with Document(text_pdf(["x"]) + b"CRASH") as document:
        for _ in range(4):
            with pytest.raises(Fault) as caught:
                await scans.recognise(document, PAGE, Part.TOP)
            assert caught.value.reason is Reason.PARSER_CRASHED
        assert document.crashes == 3
    await scans.close()


@pytest.mark.parametrize(("length", "cut"), [(9, False), (10, True), (11, True)])
def test_a_text_that_was_cut_is_told(length: int, cut: bool) -> None:
    """Of scans as of any page."""
    page = with_reading(PAGE, Reading("x" * length, Part.WHOLE), Part.WHOLE, 10)
    assert page.truncated is cut
    assert len(page.text) <= 10


@pytest.mark.parametrize(
    ("asked", "read", "top_only"),
    [
        (Part.TOP, Part.TOP, True),
        (Part.TOP, Part.WHOLE, False),
        (Part.REST, Part.REST, False),
        (Part.WHOLE, Part.WHOLE, False),
    ],
)
def test_a_page_tells_whether_its_bottom_was_read(asked: Part, read: Part, top_only: bool) -> None:
    """Of a page whose top was enough nothing is concluded from its last line."""
    page = replace(PAGE, text="Invoice", top_only=asked is Part.REST)
    assert with_reading(page, Reading("text", read), asked, 100).top_only is top_only
