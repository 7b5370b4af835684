"""Where the job engine takes its pages from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from docsort_server.documents.document import Document
    from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
    from docsort_server.documents.ocr.model import Part
    from docsort_server.documents.selection import Ranges


class DocumentFetcher(Protocol):
    """Fetches documents by URI; `fetch.fetcher.Fetcher` does it within a policy."""

    @property
    def most_bytes(self) -> int:
        """The size of the largest document that is fetched."""
        ...

    def check(self, uri: str) -> None:
        """Raise `Fault` URI_NOT_ALLOWED for what is never fetched, as far as its text tells."""
        ...

    def fetch(self, uri: str) -> AsyncGenerator[bytes, None]:
        """Yield a document in chunks. Raises `Fault`."""
        ...


class PageSource(Protocol):
    """Open documents and read their pages; `PageReader` does it in sandboxed workers."""

    async def open(self, document: Document, asked: Ranges = ()) -> DocumentFacts:
        """Return what opening the document tells, with the pages that are asked for.

        Raises `Fault` where it cannot be opened, or there are no or too many such pages.
        """
        ...

    def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield the pages asked for. Raises `Fault` where the rest cannot be read."""
        ...

    async def draw(self, document: Document, number: int) -> bytes | None:
        """Return a picture of a page, a JPEG; None where there is none to be had."""
        ...

    async def recognise(
        self, document: Document, page: PageContent, part: Part
    ) -> PageContent | None:
        """Return the page with a part of its text, read off its picture.

        The rest is added to the top, which must have been read before. None where nothing here
        reads pictures. Raises `Fault` where the page cannot be read.
        """
        ...
