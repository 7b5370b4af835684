"""PDFs that PDFium refuses and pypdf opens."""

from __future__ import annotations

import io

import pytest
from pdfs import rotated, text_pdf
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from docsort_server.documents.mapping import Mapping
from docsort_server.documents.opening import open_document
from docsort_server.documents.parsed import PageError, ParsedDocument
from docsort_server.documents.terms import Terms
from docsort_server.faults import Fault, Reason


def scanned(*pictures: Image.Image, turned: int = 0) -> bytes:
    """Return a document of a page with these pictures, with a header that PDFium refuses."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=(300, 200), invariant=True)
    for number, picture in enumerate(pictures):
        canvas.drawImage(ImageReader(picture), 10 * number, 0, 300, 200)
    canvas.save()
    return rotated(file.getvalue(), turned).replace(b"%PDF-", b"%PDX-", 1)


def opened(content: bytes, terms: Terms | None = None) -> ParsedDocument:
    """Open a document that only pypdf opens."""
    document = open_document(Mapping.of(content), terms or Terms())
    assert document.reader == "pypdf"
    return document


def half_red() -> Image.Image:
    """Return a picture whose left half is red."""
    picture = Image.new("RGB", (600, 400), "white")
    picture.paste("red", (0, 0, 300, 400))
    return picture


def test_a_scan_is_seen_by_its_image() -> None:
    """Turned as the page is, and no larger than asked for."""
    document = opened(scanned(half_red()))
    assert document.read(1).image_share == 1.0
    picture = document.picture(1, 300)
    assert (picture.size, picture.mode) == ((300, 200), "RGB")
    assert picture.getpixel((20, 100)) == (255, 0, 0)
    assert picture.getpixel((280, 100)) == (255, 255, 255)
    turned = opened(scanned(half_red(), turned=90)).picture(1, 300)
    assert turned.size == (200, 300)
    assert turned.getpixel((100, 20)) == (255, 0, 0)


def test_a_page_that_is_no_single_image_is_not_drawn() -> None:
    """What lies where on it, and over what, is not known."""
    other = Image.new("RGB", (30, 20), "blue")
    for content in (scanned(half_red(), other), text_pdf(["x"]).replace(b"%PDF-", b"%PDX-", 1)):
        with pytest.raises(PageError):
            opened(content).picture(1, 300)


def test_an_image_of_too_many_pixels_is_not_decoded() -> None:
    """The limit is named as for any picture."""
    document = opened(scanned(half_red()), Terms(max_image_pixels=1000))
    with pytest.raises(Fault) as caught:
        document.picture(1, 300)
    assert caught.value.reason is Reason.DOCUMENT_TOO_LARGE
    assert caught.value.metadata["limit"] == "max_image_pixels"
