"""DocumentService: keep documents for jobs to refer to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort.v1.document_service_pb2 import (
    DeleteDocumentRequest,
    DeleteDocumentResponse,
    UploadDocumentRequest,
    UploadDocumentResponse,
)
from docsort.v1.document_service_pb2_grpc import DocumentServiceServicer
from docsort_server.convert.documents import document_to_proto
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.services.parts import Parts, announcement
from docsort_server.validate import check_document_id

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from docsort_server.interceptors.handlers import Context
    from docsort_server.jobs.uploads import Uploads

# Tells that the chunks are wanted; metadata that come with an early answer are without it.
SEND_CHUNKS = (("docsort-upload", "send-chunks"),)


@dataclass(frozen=True, slots=True)
class UploadTerms:
    """What is granted to every upload, in seconds: how long it is kept and may be, its silence."""

    ttl: float
    longest_ttl: float
    silence: float


class DocumentService(DocumentServiceServicer):
    """Take in documents as they come, and forget them."""

    def __init__(self, uploads: Uploads, terms: UploadTerms) -> None:
        self._uploads = uploads
        self._terms = terms

    async def UploadDocument(  # noqa: N802 - the name is the contract's
        self, requests: AsyncIterator[UploadDocumentRequest], context: Context
    ) -> UploadDocumentResponse:
        """Store the document, or answer at once where it is here already."""
        terms = self._terms
        parts = Parts(requests, terms.silence)
        announced = announcement(await parts.header(), terms.ttl, terms.longest_ttl)
        document = await self._uploads.known(DEFAULT_TENANT, announced)
        if document is None:
            # A sender that waits for this sends nothing in vain.
            await context.send_initial_metadata(SEND_CHUNKS)
            document = await self._uploads.take(DEFAULT_TENANT, announced, parts.chunks())
        return UploadDocumentResponse(document=document_to_proto(document))

    async def DeleteDocument(  # noqa: N802 - the name is the contract's
        self, request: DeleteDocumentRequest, context: Context
    ) -> DeleteDocumentResponse:
        """Forget the document."""
        document_id = check_document_id("document_id", request.document_id)
        await self._uploads.delete(DEFAULT_TENANT, document_id)
        return DeleteDocumentResponse()
