"""How much of a document is read, and for how long."""

from __future__ import annotations

from dataclasses import dataclass

from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.limits import MIB


@dataclass(frozen=True, slots=True)
class DocumentLimits:
    """Bounds on one document.

    Times are seconds of waiting for the parser, summed over a document's reads:
    `document_seconds` plus `document_seconds_per_page` for every page it has. `page_chars` cuts
    a page's text. `page_tries` counts how often a page may cost a parser its life before it is
    given up; `crashes` bounds that over the whole document. `span_pages` pages are read before
    another document gets its turn on the parser. `max_inline_bytes` bounds one that comes within
    a request. A picture of a page has at most `image_pixels` on its longer side for models, and
    `ocr_pixels` to be read, which takes `ocr_seconds` at most; what reads it ends
    after `ocr_idle` seconds without a page. `Terms` tells of the bounds on
    pictures, archives and mails.
    """

    max_bytes: int = 100 * MIB
    max_inline_bytes: int = 16 * MIB
    max_pages: int = 2_000
    page_seconds: float = 20.0
    document_seconds: float = 60.0
    document_seconds_per_page: float = 0.2
    page_chars: int = 32_768
    page_tries: int = 2
    crashes: int = 10
    span_pages: int = 16
    image_pixels: int = 1_568
    ocr_pixels: int = 2_000
    ocr_seconds: float = 30.0
    ocr_idle: float = 300.0
    max_image_pixels: int = 100_000_000
    max_unpacked_bytes: int = 256 * MIB
    max_attachments: int = 100
    max_nesting: int = 3

    def check_size(self, actual: int) -> None:
        """Raise the Fault DOCUMENT_TOO_LARGE for more than `max_bytes` bytes."""
        if actual > self.max_bytes:
            raise over_limit(
                Reason.DOCUMENT_TOO_LARGE, "max_document_bytes", self.max_bytes, actual
            )

    def check_inline(self, actual: int) -> None:
        """Raise the Fault DOCUMENT_TOO_LARGE for what must be uploaded."""
        if actual > self.max_inline_bytes:
            limit = {"limit": "max_inline_bytes", "value": str(self.max_inline_bytes)}
            most = f"{self.max_inline_bytes} (max_inline_bytes)"
            text = f"at most {most} are read inline: upload it first"
            raise Fault(
                Reason.DOCUMENT_TOO_LARGE,
                f"the document has {actual} bytes; {text}",
                metadata={**limit, "actual": str(actual)},
            )

    def check_pages(self, actual: int) -> None:
        """Raise the Fault TOO_MANY_PAGES for more than `max_pages` pages."""
        if actual > self.max_pages:
            raise over_limit(Reason.TOO_MANY_PAGES, "max_pages", self.max_pages, actual)

    def seconds(self, pages: int) -> float:
        """Return the time a document of `pages` pages may cost."""
        return self.document_seconds + self.document_seconds_per_page * pages


_UNITS = {
    "max_document_bytes": "bytes",
    "max_pages": "pages to read",
    "max_image_pixels": "pixels",
    "max_unpacked_bytes": "bytes unpacked",
}


def over_limit(reason: Reason, limit: str, value: int, actual: int) -> Fault:
    """Return the Fault for a document that has `actual` where `limit` allows `value`."""
    unit = _UNITS[limit]
    return Fault(
        reason,
        f"the document has {actual} {unit}; at most {value} are read ({limit})",
        metadata={"limit": limit, "value": str(value), "actual": str(actual)},
    )
