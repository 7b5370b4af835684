"""What reads documents in worker processes and tells the traits of their pages with them."""

from __future__ import annotations

from docsort_server.documents.reader import Reader
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.wire import to_text


def reader() -> Reader:
    """Make the handler that reads documents."""
    return Reader(lambda page: to_text(traits_of(page)))
