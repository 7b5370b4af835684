"""What a parser may read of a document, as it goes along with every request."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Self

from docsort_server.documents.limits import over_limit
from docsort_server.faults import Reason
from docsort_server.sandbox.limits import MIB

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.documents.limits import DocumentLimits


@dataclass(frozen=True, slots=True)
class Terms:
    """Bounds on the reading of one document, and the password that opens it.

    `page_chars` cuts a page's text. A picture has at most `max_image_pixels`, what an archive
    unpacks to at most `max_unpacked_bytes`. A mail has at most `max_attachments` that are read,
    over all the mails in it; mails lie in mails to a depth of `max_nesting`. `depth` is how deep
    this document lies.
    """

    page_chars: int = 32_768
    max_image_pixels: int = 100_000_000
    max_unpacked_bytes: int = 256 * MIB
    max_attachments: int = 100
    max_nesting: int = 3
    password: str | None = None
    depth: int = 0

    @classmethod
    def of(cls, frame: Mapping[str, Any]) -> Self:
        """Return the terms that `frame` made a message of."""
        return cls(**frame)

    def frame(self) -> dict[str, Any]:
        """Return the terms as a message."""
        return asdict(self)

    def inside(self) -> Self:
        """Return the terms for a document within this one."""
        return replace(self, depth=self.depth + 1)

    def check_unpacked(self, actual: int) -> None:
        """Raise the Fault DOCUMENT_TOO_LARGE for more than `max_unpacked_bytes` bytes."""
        if actual > self.max_unpacked_bytes:
            raise over_limit(
                Reason.DOCUMENT_TOO_LARGE, "max_unpacked_bytes", self.max_unpacked_bytes, actual
            )

    def check_pixels(self, actual: int) -> None:
        """Raise the Fault DOCUMENT_TOO_LARGE for more than `max_image_pixels` pixels."""
        if actual > self.max_image_pixels:
            raise over_limit(
                Reason.DOCUMENT_TOO_LARGE, "max_image_pixels", self.max_image_pixels, actual
            )


def terms_of(limits: DocumentLimits, password: str | None = None) -> Terms:
    """Return the terms for a document under the server's limits."""
    return Terms(
        page_chars=limits.page_chars,
        max_image_pixels=limits.max_image_pixels,
        max_unpacked_bytes=limits.max_unpacked_bytes,
        max_attachments=limits.max_attachments,
        max_nesting=limits.max_nesting,
        password=password,
    )
