"""Pages as pictures, drawn in confined workers."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable

import pytest
from hostile_files import HOSTILE, sample
from pdfs import drawn_pdf, rotated, text_pdf
from PIL import Image

from docsort_server.documents.document import Document
from docsort_server.documents.pages import PageReader
from docsort_server.documents.picture import PICTURE_BYTES
from docsort_server.faults import Fault
from docsort_server.sandbox.pool import WorkerPool

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]

# For its process, which one loop has to keep.
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def drawn(reader: PageReader, content: bytes, number: int = 1) -> Image.Image | None:
    """Return the picture of a page, decoded."""
    with Document(content) as document:
        await reader.open(document)
        jpeg = await reader.draw(document, number)
    if jpeg is None:
        return None
    assert len(jpeg) <= PICTURE_BYTES
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    assert image.format == "JPEG"
    return image


@pytest.mark.parametrize(
    ("size", "pixels"),
    [
        ((595.0, 842.0), (1108, 1568)),
        ((842.0, 595.0), (1568, 1108)),
        ((72.0, 72.0), (288, 288)),
        ((14_400.0, 144.0), (1568, 16)),
    ],
)
async def test_a_picture_has_the_shape_of_its_page(
    shared_reader_of: ReaderOf, size: tuple[float, float], pixels: tuple[int, int]
) -> None:
    """However large the page is, its picture is not; small ones are not blown up."""
    async with shared_reader_of() as (reader, _):
        image = await drawn(reader, text_pdf(["Hello"], size=size))
    assert image
    assert image.size == pixels


async def test_a_page_is_drawn_as_it_is_turned(shared_reader_of: ReaderOf) -> None:
    """The image on its left half is at the top when it is turned to the right."""
    async with shared_reader_of() as (reader, _):
        upright = await drawn(reader, drawn_pdf())
        turned = await drawn(reader, rotated(drawn_pdf(), 90))
    assert upright
    assert turned
    assert upright.size[0] > upright.size[1]
    assert turned.size == upright.size[::-1]
    assert is_red(upright, 0.1, 0.5)
    assert not is_red(upright, 0.9, 0.5)
    assert is_red(turned, 0.5, 0.1)
    assert not is_red(turned, 0.5, 0.9)


def is_red(image: Image.Image, x: float, y: float) -> bool:
    """Tell whether there is red at a place, given as parts of width and height."""
    pixel = image.convert("RGB").getpixel((int(x * image.width), int(y * image.height)))
    assert isinstance(pixel, tuple)
    return pixel[0] > 200 and pixel[1] < 80


async def test_a_page_that_is_not_there_has_no_picture(reader_of: ReaderOf) -> None:
    """And the worker goes on."""
    content = text_pdf(["one"])
    async with reader_of() as (reader, pool):
        before = pool.restarts
        assert await drawn(reader, content, 7) is None
        assert await drawn(reader, content) is not None
        assert pool.restarts == before


@pytest.mark.timeout(300)
async def test_hostile_files_are_drawn_or_not(shared_reader_of: ReaderOf) -> None:
    """Each ends in time with a sound picture or with none, and a good one can be drawn after."""
    if not HOSTILE.exists():
        pytest.skip("shared/corpus/hostile is not there")
    seen = 0
    async with shared_reader_of() as (reader, _):
        for path in sample()[::2]:
            content = path.read_bytes()
            if not content.startswith(b"%PDF"):
                continue
            with contextlib.suppress(Fault):
                seen += await drawn(reader, content) is not None
        assert await drawn(reader, text_pdf(["still here"])) is not None
    assert seen > 5
