"""Uploaded documents as callers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1.document_pb2 import Document
from docsort_server.convert.times import timestamp

if TYPE_CHECKING:
    from docsort_server.jobs.uploads import UploadedDocument


def document_to_proto(document: UploadedDocument) -> Document:
    """Return a document that is kept."""
    return Document(
        document_id=document.document_id,
        size_bytes=document.size,
        expire_time=timestamp(document.expire_time),
    )
