"""Where the engine gets a page's image from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent


class PageImages(Protocol):
    """Renders pages of the document at hand."""

    async def render(self, page: PageContent) -> bytes | None:
        """Return a PNG or JPEG of the page; None where there is none to be had."""
