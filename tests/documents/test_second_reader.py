"""PDFs that PDFium refuses and pypdf opens."""

from __future__ import annotations

import io

import pytest
from pdfs import rotated, text_pdf
from PIL import Image
from pypdf import PdfWriter, apply_configuration
from pypdf.generic import DecodedStreamObject, DictionaryObject, NameObject, NumberObject
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


def test_an_image_is_bounded_by_what_it_unpacks_to() -> None:
    """By the setting, not by bounds of the library's own; and by its pixels, not by those told."""
    content = scanned(half_red())
    with apply_configuration(zlib_maximum_output_length=1_000, image_maximum_buffer_size=1_000):
        assert opened(content).picture(1, 300).size == (300, 200)
    with pytest.raises(Fault, match="max_unpacked_bytes") as caught:
        opened(content, Terms(max_unpacked_bytes=100_000)).picture(1, 300)
    assert caught.value.reason is Reason.DOCUMENT_TOO_LARGE
    file = io.BytesIO()
    half_red().save(file, "JPEG")
    with pytest.raises(Fault, match="max_image_pixels"):
        opened(scanned_jpeg(file.getvalue()), Terms(max_image_pixels=100_000)).picture(1, 300)


def scanned_jpeg(content: bytes) -> bytes:
    """Return a page with a JPEG of which it is said that it has 50 x 50 pixels."""
    picture = PdfWriter()
    page = picture.add_blank_page(300, 200)
    stream = DecodedStreamObject()
    stream.set_data(content)
    image = {"/Type": "/XObject", "/Subtype": "/Image", "/Filter": "/DCTDecode"}
    stream.update({NameObject(key): NameObject(value) for key, value in image.items()})
    stream[NameObject("/ColorSpace")] = NameObject("/DeviceRGB")
    for key, value in (("/Width", 50), ("/Height", 50), ("/BitsPerComponent", 8)):
        stream[NameObject(key)] = NumberObject(value)
    found = DictionaryObject({NameObject("/I"): picture._add_object(stream)})
    page[NameObject("/Resources")] = DictionaryObject({NameObject("/XObject"): found})
    file = io.BytesIO()
    picture.write(file)
    return file.getvalue().replace(b"%PDF-", b"%PDX-", 1)
