"""Put what was read off a picture into its page."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.documents.ocr.model import Part

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent
    from docsort_server.documents.ocr.model import Reading


def with_reading(page: PageContent, reading: Reading, part: Part, chars: int) -> PageContent:
    """Return a page with what was read when `part` was asked for; at most `chars` characters."""
    above = page.text if part is Part.REST and reading.part is Part.REST else ""
    text = f"{above}\n{reading.text}".strip()[:chars]
    # What is covered by an image that holds text, or nothing, is no unread page any more.
    share = 0.0 if text or reading.blank else page.image_share
    return replace(
        page,
        text=text,
        words=len(text.split()),
        image_share=share,
        # A text of just so many characters may have been cut: in its process, or here.
        truncated=len(text) >= chars,
        recognised=True,
        turned=reading.turned,
        top_only=reading.part is Part.TOP,
        traits=reading.traits,
    )
