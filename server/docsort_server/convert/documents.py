"""Documents as callers hand them in, and as they see those that are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1.document_pb2 import Document, DocumentSource
from docsort_server.convert.times import timestamp
from docsort_server.jobs.loans import GivenDocument

if TYPE_CHECKING:
    from docsort_server.jobs.uploads import UploadedDocument


def document_to_proto(document: UploadedDocument) -> Document:
    """Return a document that is kept."""
    return Document(
        document_id=document.document_id,
        size_bytes=document.size,
        expire_time=timestamp(document.expire_time),
    )


def given_document_from_proto(source: DocumentSource) -> GivenDocument:
    """Return where a document is."""
    return GivenDocument(source.content, source.document_id, source.uri, source.password)
