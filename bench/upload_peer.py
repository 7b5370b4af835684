"""The peer of an upload: a bare grpc.aio server that hashes and counts what it is sent.

Run as `python -m bench.upload_peer`; prints its address, then serves until its input ends.
"""

from __future__ import annotations

import asyncio
import hashlib
import sys
from typing import TYPE_CHECKING

import grpc
import grpc.aio

from docsort.v1.document_service_pb2 import UploadDocumentRequest, UploadDocumentResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

SERVICE, METHOD = "docsort.v1.DocumentService", "UploadDocument"


async def take(
    requests: AsyncIterator[UploadDocumentRequest],
    context: grpc.aio.ServicerContext[UploadDocumentRequest, UploadDocumentResponse],
) -> UploadDocumentResponse:
    """Hash and count the chunks, and keep nothing of them."""
    answer, digest = UploadDocumentResponse(), hashlib.sha256()
    async for part in requests:
        digest.update(part.chunk)
        answer.document.size_bytes += len(part.chunk)
    answer.document.document_id = digest.hexdigest()
    return answer


async def main() -> None:
    """Serve until the input ends."""
    server = grpc.aio.server()
    handler = grpc.stream_unary_rpc_method_handler(
        take,
        UploadDocumentRequest.FromString,
        UploadDocumentResponse.SerializeToString,
    )
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler(SERVICE, {METHOD: handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop(None)


if __name__ == "__main__":
    asyncio.run(main())
