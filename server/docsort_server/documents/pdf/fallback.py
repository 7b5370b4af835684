"""Reading with pypdf: slower, but it opens files that PDFium refuses."""

from __future__ import annotations

import importlib  # Pillow is needed for few documents only
import io
from typing import TYPE_CHECKING

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, WrongPasswordError
from pypdf.generic import DictionaryObject, NumberObject

from docsort_server.documents.model import PageContent
from docsort_server.documents.ocr.turning import turn
from docsort_server.documents.parsed import PageError, Refused
from docsort_server.documents.pdf.tree import find_pages
from docsort_server.documents.text import fitted

if TYPE_CHECKING:
    from pypdf import PageObject

    from docsort_server.documents.parsed import Picture
    from docsort_server.documents.terms import Terms

# NotImplementedError is what pypdf raises for an encryption method that it does not know.
_LOCKED = (FileNotDecryptedError, WrongPasswordError, DependencyError, NotImplementedError)
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
        module = importlib.import_module("docsort_server.documents.images")
        return turn(module.shown(page.images[name].image, pixels), page.rotation % 360)

    def close(self) -> None:
        """Let go of the content."""
        self._reader.close()

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
