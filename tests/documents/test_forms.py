"""What is filled into the fields of a form is read with the words that name it."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Callable
from typing import Any

import pytest
from form_files import form_pdf
from pdfs import text_pdf
from PIL import Image

from docsort_server.documents.document import Document
from docsort_server.documents.model import PageContent
from docsort_server.documents.pages import PageReader
from docsort_server.sandbox.pool import WorkerPool

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]

# For its process, which one loop has to keep.
pytestmark = pytest.mark.asyncio(loop_scope="module")


async def read(reader_of: ReaderOf, content: bytes) -> PageContent:
    """Return the first page."""
    async with reader_of() as (reader, _):
        with Document(content) as document:
            await reader.open(document)
            page = await anext(aiter(reader.pages(document, [1])))
    assert isinstance(page, PageContent)
    return page


async def test_a_value_stands_behind_the_words_before_its_field(
    shared_reader_of: ReaderOf,
) -> None:
    """Each goes to its own label where a line has several, and an empty field adds nothing."""
    labels = [("Name:", 50, 700), ("City:", 300, 700), ("Telephone:", 50, 660)]
    values = [("Ada Finch", 90, 700), ("Bristol", 340, 700), ("", 110, 660)]
    page = await read(shared_reader_of, form_pdf(labels, values))
    assert page.text.split("\n") == ["Name: Ada Finch City: Bristol", "Telephone:"]
    assert (page.fields, page.words) == (3, 6)


async def test_a_value_stands_below_the_words_above_its_field(shared_reader_of: ReaderOf) -> None:
    """Values of a row come on one line, below the line that names them."""
    labels = [("First name", 50, 700), ("Last name", 250, 700), ("Signed in Bristol", 50, 600)]
    values = [("Finch", 250, 686), ("Ada", 50, 686)]
    page = await read(shared_reader_of, form_pdf(labels, values))
    assert page.text.split("\n") == ["First name Last name", "Ada Finch", "Signed in Bristol"]


async def test_rows_that_no_words_name_stay_together(shared_reader_of: ReaderOf) -> None:
    """The second row of a table follows the first, which stands below its headings."""
    labels = [("Item", 50, 700), ("Price", 250, 700), ("Thank you", 50, 400)]
    values = [
        ("Chair", 50, 686),
        ("40.00", 250, 686),
        ("Table", 50, 660),
        ("90.00", 250, 660),
    ]
    page = await read(shared_reader_of, form_pdf(labels, values))
    assert page.text.split("\n") == [
        "Item Price",
        "Chair 40.00",
        "Table 90.00",
        "Thank you",
    ]


async def test_a_page_of_values_alone_is_read(shared_reader_of: ReaderOf) -> None:
    """Nothing on it names them, and nothing is lost."""
    page = await read(shared_reader_of, form_pdf([], [("Ada", 50, 700), ("Finch", 50, 650)]))
    assert page.text.strip().split("\n") == ["Ada", "Finch"]


@pytest.mark.parametrize("hidden", [{"annotationFlags": "hidden"}, {"fieldFlags": "password"}])
async def test_what_is_not_shown_is_not_read(
    shared_reader_of: ReaderOf, hidden: dict[str, Any]
) -> None:
    """A hidden field and a password are counted, and left out of the text."""
    content = form_pdf([("Name:", 50, 700)], [("Ada Finch", 90, 700)], **hidden)
    page = await read(shared_reader_of, content)
    assert (page.text.strip(), page.fields) == ("Name:", 1)


async def test_values_on_a_scan_are_left_to_its_picture(shared_reader_of: ReaderOf) -> None:
    """A scan with fields is still one: its picture is read, on which the values stand."""
    picture = Image.new("RGB", (100, 140), "white")
    page = await read(shared_reader_of, form_pdf([], [("Ada Finch", 90, 700)], picture=picture))
    assert (page.text, page.fields, page.image_share) == ("", 1, 1.0)


async def test_a_long_value_is_cut_with_the_page(shared_reader_of: ReaderOf) -> None:
    """A value counts into `page_chars` like any text, and as one line."""
    content = form_pdf([("Notes:", 50, 700)], [("one\ntwo " + "x" * 9_000, 90, 700)])
    async with shared_reader_of(page_chars=100) as (reader, _):
        with Document(content) as document:
            await reader.open(document)
            page = await anext(aiter(reader.pages(document, [1])))
    assert isinstance(page, PageContent)
    assert page.text.startswith("Notes: one two xxx")
    assert (len(page.text), page.truncated) == (100, True)


async def test_a_page_without_fields_has_none(shared_reader_of: ReaderOf) -> None:
    """Text that is drawn is no field."""
    assert (await read(shared_reader_of, text_pdf(["Name: Ada"]))).fields == 0


async def test_flags_beyond_all_numbers_cost_no_page(shared_reader_of: ReaderOf) -> None:
    """A field whose flags are no flags is read like one without any."""
    content = form_pdf([("Name:", 50, 700)], [("Ada Finch", 90, 700)], fieldFlags=10**43)
    # As long as before, so that all stays in its place.
    content, found = re.subn(rb"(/Ff 1\d{41})\d\d", rb"\1.0", content)
    assert found == 1
    page = await read(shared_reader_of, content)
    assert page.text == "Name: Ada Finch"


async def test_many_fields_behind_endless_words_take_no_endless_time(
    shared_reader_of: ReaderOf,
) -> None:
    """Five hundred fields behind a line of thirty thousand letters are read in a page's time."""
    letters = [("x" * 30_000, 50, 700)]
    content = form_pdf(letters, [("Ada", 160, 700)] * 500, size=0.005)
    page = await read(shared_reader_of, content)
    assert page.text.count("Ada") == 500
    assert page.text.count("x") == 30_000
