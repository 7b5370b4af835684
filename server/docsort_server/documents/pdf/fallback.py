"""Reading with pypdf: slower, but it opens files that PDFium refuses."""

from __future__ import annotations

import importlib  # Pillow is needed for few documents only
import io
from typing import TYPE_CHECKING, Any

from pypdf import PdfReader, apply_configuration
from pypdf.errors import (
    DependencyError,
    FileNotDecryptedError,
    LimitReachedError,
    WrongPasswordError,
)
from pypdf.generic import DictionaryObject, NumberObject

from docsort_server.documents.model import PageContent
from docsort_server.documents.ocr.turning import turn
from docsort_server.documents.parsed import PageError, Refused
from docsort_server.documents.pdf.tree import find_pages
from docsort_server.documents.text import fitted
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from pypdf import PageObject

    from docsort_server.documents.parsed import Picture
    from docsort_server.documents.terms import Terms

# NotImplementedError is what pypdf raises for an encryption method that it does not know.
_LOCKED = (FileNotDecryptedError, WrongPasswordError, DependencyError, NotImplementedError)
# pypdf's own bounds on what an image unpacks to: a page scanned at 600 dpi is beyond them.
_BOUNDS = (
    "image_maximum_buffer_size",
    "jbig2_maximum_output_length",
    "lzw_maximum_output_length",
    "run_length_maximum_output_length",
    "stream_decoding_work_maximum_length",
    "zlib_maximum_output_length",
)
_TEXT_LAYER = 50  # characters; with fewer, a page with images is taken for a scan


class PypdfDocument:
    """A document open in pypdf.

    pypdf does not tell where images are: a page that has some, and next to no text, counts as
    covered by them. Paths are not counted. Nothing is drawn, but a page with one image, as scanners
    make them, looks like that.
    """

    reader = "pypdf"

    def __init__(self, content: bytes, terms: Terms, most_pages: int) -> None:
        self._terms = terms
        try:
            self._reader = PdfReader(io.BytesIO(content), strict=False)
            if self._reader.is_encrypted and not self._reader.decrypt(terms.password or ""):
                raise Refused("a password is needed", encrypted=True)
            self._found = find_pages(self._reader, most_pages)
            self.pages = len(self._found) if any(self._found) else 0
        except _LOCKED as error:
            raise Refused(type(error).__name__, encrypted=True) from error

    def read(self, number: int) -> PageContent:
        """Return the page; raises whatever pypdf raises."""
        page = self._page(number)
        width, height = _size(page)
        text, truncated = fitted(page.extract_text(), self._terms.page_chars)
        images = len(_images(page))
        return PageContent(
            number=number,
            text=text,
            width=round(width, 2),
            height=round(height, 2),
            words=len(text.split()),
            images=images,
            paths=0,
            image_share=1.0 if images and len(text) < _TEXT_LAYER else 0.0,
            truncated=truncated,
        )

    def picture(self, number: int, pixels: int) -> Picture:
        """Return the page's image as the page is turned, its longer side at most `pixels` pixels.

        Raises PageError for a page without one or with several, the Fault DOCUMENT_TOO_LARGE, and
        whatever pypdf raises.
        """
        page = self._page(number)
        images = _images(page)
        if len(images) != 1:
            raise PageError("only PDFium draws pages that are no single image")
        ((name, image),) = images.items()
        self._terms.check_pixels(_number(image, "/Width") * _number(image, "/Height"))
        seen = self._unpacked(page, name)
        # What the page says of its image need not be what the image is.
        self._terms.check_pixels(seen.width * seen.height)
        module = importlib.import_module("docsort_server.documents.images")
        return turn(module.shown(seen, pixels), page.rotation % 360)

    def close(self) -> None:
        """Let go of the content."""
        self._reader.close()

    def _unpacked(self, page: PageObject, name: str) -> Picture:
        most = self._terms.max_unpacked_bytes
        bounds: dict[str, Any] = dict.fromkeys(_BOUNDS, most)
        try:
            with apply_configuration(**bounds):
                image = page.images[name].image
        except LimitReachedError:
            limit = "max_unpacked_bytes"
            raise Fault(
                Reason.DOCUMENT_TOO_LARGE,
                f"the page's image unpacks to more than {most} bytes ({limit})",
                metadata={"limit": limit, "value": str(most)},
            ) from None
        if image is None:
            raise PageError("the image is of no known form")
        return image

    def _page(self, number: int) -> PageObject:
        page = self._found[number - 1]
        if page is None:
            raise PageError("the page is missing")
        return page


def _size(page: PageObject) -> tuple[float, float]:
    box = page.cropbox
    width, height = abs(float(box.width)), abs(float(box.height))
    if not (width and height):
        raise PageError("the page has no size")
    return (height, width) if page.rotation % 180 else (width, height)


def _images(page: PageObject) -> dict[str, DictionaryObject]:
    resources = _dictionary(page, "/Resources")
    drawn = _dictionary(resources, "/XObject")
    found = {name: _dictionary(drawn, name) for name in list(drawn)[:100]}
    return {name: each for name, each in found.items() if each.get("/Subtype") == "/Image"}


def _dictionary(parent: DictionaryObject, key: str) -> DictionaryObject:
    found = parent.get(key)
    found = found.get_object() if found is not None else None
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _number(parent: DictionaryObject, key: str) -> int:
    found = parent[key]
    if not isinstance(found, NumberObject):
        raise PageError("the image has no size")
    return found
