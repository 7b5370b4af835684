"""The peer of an upload: a bare grpc.aio server that hashes and counts what it is sent.

Run as `python -m bench.upload_peer [FOLDER SYNC]`; prints its address, then serves until its input
ends. With a folder it also writes each chunk to a file there, to the disk where SYNC is `always`.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

import grpc
import grpc.aio

from docsort.v1.document_service_pb2 import UploadDocumentRequest, UploadDocumentResponse

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

SERVICE, METHOD = "docsort.v1.DocumentService", "UploadDocument"


Keep = Callable[[bytes], Awaitable[None]]
Keeper = Callable[[], AbstractContextManager[Keep]]


@contextmanager
def nothing() -> Iterator[Keep]:
    """Keep nothing of an upload."""

    async def drop(_: bytes) -> None:
        pass

    yield drop


@contextmanager
def in_file(folder: str, sync: str) -> Iterator[Keep]:
    """Keep an upload in a file as long as the block runs."""

    def write(chunk: bytes) -> None:
        file.write(chunk)
        if sync == "always":
            os.fsync(file.fileno())

    async def keep(chunk: bytes) -> None:
        await asyncio.to_thread(write, chunk)

    with TemporaryFile(dir=folder, buffering=0) as file:
        yield keep


async def take(
    keeper: Keeper,
    requests: AsyncIterator[UploadDocumentRequest],
    context: grpc.aio.ServicerContext[UploadDocumentRequest, UploadDocumentResponse],
) -> UploadDocumentResponse:
    """Hash, count and keep the chunks."""
    answer, digest = UploadDocumentResponse(), hashlib.sha256()
    with keeper() as keep:
        async for part in requests:
            digest.update(part.chunk)
            answer.document.size_bytes += len(part.chunk)
            await keep(part.chunk)
    answer.document.document_id = digest.hexdigest()
    return answer


async def main(keeper: Keeper) -> None:
    """Serve until the input ends."""
    server = grpc.aio.server()

    async def taken(
        requests: AsyncIterator[UploadDocumentRequest],
        context: grpc.aio.ServicerContext[UploadDocumentRequest, UploadDocumentResponse],
    ) -> UploadDocumentResponse:
        return await take(keeper, requests, context)

    handler = grpc.stream_unary_rpc_method_handler(
        taken,
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
    place = sys.argv[1:]
    asyncio.run(main(partial(in_file, *place) if place else nothing))
