"""Where the job engine takes its pages from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from docsort_server.documents.document import Document
    from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage


class PageSource(Protocol):
    """Open documents and read their pages; `PageReader` does it in sandboxed workers."""

    async def open(self, document: Document) -> DocumentFacts:
        """Return what opening the document tells. Raises `Fault` where it cannot be opened."""
        ...

    def pages(
        self, document: Document, numbers: Sequence[int]
    ) -> AsyncGenerator[PageContent | UnreadPage, None]:
        """Yield the pages asked for. Raises `Fault` where the rest cannot be read."""
        ...

    async def draw(self, document: Document, number: int) -> bytes | None:
        """Return a picture of a page, a JPEG; None where there is none to be had."""
        ...
