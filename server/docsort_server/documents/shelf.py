"""The few documents a worker process keeps open between requests."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING

from docsort_server.sandbox.limits import MIB

if TYPE_CHECKING:
    from docsort_server.documents.opening import OpenDocument

_DOCUMENTS = 4
_BYTES = 128 * MIB


class Shelf:
    """Holds open documents by digest and closes those not asked for the longest."""

    def __init__(self) -> None:
        self._documents: OrderedDict[str, OpenDocument] = OrderedDict()

    def get(self, digest: str) -> OpenDocument | None:
        """Return the document if it is held."""
        if digest not in self._documents:
            return None
        self._documents.move_to_end(digest)
        return self._documents[digest]

    def put(self, digest: str, document: OpenDocument) -> None:
        """Hold a document; it may exceed the bound alone, never with others."""
        self._documents[digest] = document
        while len(self._documents) > 1 and self._overfull():
            self._documents.popitem(last=False)[1].close()

    def clear(self) -> None:
        """Close every document."""
        while self._documents:
            self._documents.popitem()[1].close()

    def _overfull(self) -> bool:
        size = sum(document.size for document in self._documents.values())
        return len(self._documents) > _DOCUMENTS or size > _BYTES
