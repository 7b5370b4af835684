"""The few documents a worker process keeps open between requests."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from docsort_server.sandbox.limits import MIB

if TYPE_CHECKING:
    from docsort_server.documents.parsed import ParsedDocument

_DOCUMENTS = 4
_BYTES = 128 * MIB


class Shelf:
    """Holds open documents by digest and closes those not asked for the longest."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, tuple[ParsedDocument, int]] = OrderedDict()

    def get(self, digest: str) -> ParsedDocument | None:
        """Return the document if it is held."""
        if digest not in self._documents:
            return None
        self._documents.move_to_end(digest)
        return self._documents[digest][0]

    def put(self, digest: str, document: ParsedDocument, size: int) -> None:
        """Hold a document of `size` bytes; it may exceed the bound alone, never with others."""
        self._documents[digest] = (document, size)
        while len(self._documents) > 1 and self._overfull():
            self._documents.popitem(last=False)[1][0].close()

    def clear(self) -> None:
        """Close every document."""
        while self._documents:
            self._documents.popitem()[1][0].close()

    def _overfull(self) -> bool:
        total = sum(size for _, size in self._documents.values())
        return len(self._documents) > _DOCUMENTS or total > _BYTES
