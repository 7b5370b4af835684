"""The documents of a scripted server: what is uploaded to it is kept in memory."""

import hashlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime

import grpc
import grpc.aio
from google.protobuf.message import Message

from docsort._convert import document_to_proto
from docsort._enums import ErrorReason
from docsort._errors import FieldViolation
from docsort._models import UploadedDocument
from docsort._script import Cut
from docsort._upload import SEND_CHUNKS
from docsort.v1 import document_service_pb2, document_service_pb2_grpc

_Context = grpc.aio.ServicerContext[Message, Message]
_DEFAULT_TTL = 3600.0

Note = Callable[[Message], Awaitable[None]]
Refuse = Callable[[_Context, str], Awaitable[None]]
Abort = Callable[[_Context, Cut], Awaitable[None]]


class Keeper(document_service_pb2_grpc.DocumentServiceServicer):
    """Take in uploads as a server does; `documents` holds their content by id."""

    def __init__(self, note: Note, refuse: Refuse, abort: Abort) -> None:
        self.documents: dict[str, bytes] = {}
        self._note = note
        self._refuse = refuse
        self._abort = abort

    async def UploadDocument(  # noqa: N802 - named by the contract
        self,
        requests: AsyncIterator[document_service_pb2.UploadDocumentRequest],
        context: _Context,
    ) -> document_service_pb2.UploadDocumentResponse:
        """Keep the document; one that is here is answered by its header."""
        first = await anext(requests)
        header = first.header
        await self._note(first)
        await self._refuse(context, "UploadDocument")
        if header.sha256 not in self.documents:
            await context.send_initial_metadata((SEND_CHUNKS,))
            content = b"".join([part.chunk async for part in requests])
            document_id = hashlib.sha256(content).hexdigest()
            if document_id != (header.sha256 or document_id):
                await self._abort(context, _other_content())
            self.documents[document_id] = content
        else:
            document_id = header.sha256
        ttl = header.ttl.ToTimedelta().total_seconds() if header.HasField("ttl") else _DEFAULT_TTL
        end = datetime.fromtimestamp(time.time() + ttl, UTC)
        kept = UploadedDocument(document_id, len(self.documents[document_id]), end)
        return document_service_pb2.UploadDocumentResponse(document=document_to_proto(kept))

    async def DeleteDocument(  # noqa: N802 - named by the contract
        self, request: document_service_pb2.DeleteDocumentRequest, context: _Context
    ) -> document_service_pb2.DeleteDocumentResponse:
        """Forget the document."""
        await self._note(request)
        await self._refuse(context, "DeleteDocument")
        if self.documents.pop(request.document_id, None) is None:
            await self._abort(context, not_found(request.document_id))
        return document_service_pb2.DeleteDocumentResponse()


def not_found(document_id: str) -> Cut:
    """Return how a call about an unknown document ends."""
    return Cut(
        code=grpc.StatusCode.NOT_FOUND,
        message=f"No document {document_id}.",
        reason=ErrorReason.DOCUMENT_NOT_FOUND,
        metadata={"document_id": document_id},
    )


def _other_content() -> Cut:
    said = "must be that of the document"
    return Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT,
        message=f"header.sha256: {said}",
        reason=ErrorReason.INVALID_REQUEST,
        violations=(FieldViolation("header.sha256", said),),
    )
