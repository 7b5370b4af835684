"""The calls of the document service, part by part."""

import asyncio
import hashlib
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager
from typing import cast

import grpc
from google.protobuf.duration_pb2 import Duration
from rpc_server import Refusal, connected, refusal

from docsort.v1.classification_pb2 import ClassificationOptions
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort.v1.document_pb2 import Document
from docsort.v1.document_service_pb2 import (
    DeleteDocumentRequest,
    UploadDocumentRequest,
    UploadDocumentResponse,
    UploadHeader,
)
from docsort.v1.document_service_pb2_grpc import DocumentServiceStub

Call = grpc.aio.StreamUnaryCall[UploadDocumentRequest, UploadDocumentResponse]
CHUNK = 512 * 1024


class Documents:
    """The service's calls over one channel."""

    def __init__(self, channel: grpc.aio.Channel, address: str) -> None:
        self._stub = DocumentServiceStub(channel)
        self._address = address

    def open(self) -> Call:
        """Begin an upload that sends nothing by itself."""
        return self._stub.UploadDocument(timeout=30)

    async def send(self, *parts: UploadDocumentRequest) -> Document:
        """Send these parts and nothing else."""
        return (await self._stub.UploadDocument(iter(parts), timeout=30)).document

    async def upload(self, content: bytes, ttl: float | None = None) -> Document:
        """Upload a document as a good sender does."""
        return await self.send(header(content, ttl=ttl), *chunks(content))

    async def delete(self, document_id: str) -> None:
        """Delete a document."""
        await self._stub.DeleteDocument(DeleteDocumentRequest(document_id=document_id), timeout=30)

    async def refused(self, *parts: UploadDocumentRequest) -> Refusal:
        """Return how an upload of these parts is refused.

        Sent by gRPC's other stack: where the asynchronous one still writes when the status comes,
        it may put an INTERNAL of its own in its place.
        """
        try:
            await asyncio.to_thread(self._send_blocking, parts)
        except grpc.RpcError as error:
            return refusal(cast("grpc.aio.AioRpcError", error))
        raise AssertionError("the upload was taken")

    def _send_blocking(self, parts: Iterable[UploadDocumentRequest]) -> None:
        with grpc.insecure_channel(self._address) as channel:
            DocumentServiceStub(channel).UploadDocument(iter(parts), timeout=30)


@asynccontextmanager
async def documents(address: str) -> AsyncGenerator[Documents, None]:
    """Connect to a server."""
    async with connected(address) as channel:
        yield Documents(channel, address)


def header(
    content: bytes | None = None,
    *,
    size: int | None = None,
    sha256: str = "",
    ttl: float | None = None,
) -> UploadDocumentRequest:
    """Return the header of a document, or one that says what a test wants."""
    if content is not None:
        size, sha256 = size or len(content), sha256 or digest(content)
    message = UploadHeader(size_bytes=size, sha256=sha256)
    if ttl is not None:
        message.ttl.CopyFrom(Duration(seconds=int(ttl), nanos=int(ttl % 1 * 1e9)))
    return UploadDocumentRequest(header=message)


def chunks(content: bytes, size: int = CHUNK) -> Iterable[UploadDocumentRequest]:
    """Cut a document into parts."""
    for start in range(0, len(content), size):
        yield UploadDocumentRequest(chunk=content[start : start + size])


def digest(content: bytes) -> str:
    """Return the id that a document has."""
    return hashlib.sha256(content).hexdigest()


def about(
    document_id: str, *, request_id: str = "", options: ClassificationOptions | None = None
) -> ClassifyRequest:
    """Return a request about an uploaded document."""
    message = ClassifyRequest(request_id=request_id, options=options)
    message.document.document_id = document_id
    for name in ("Invoice", "Contract", "Letter"):
        message.categories.add(name=name)
    return message
