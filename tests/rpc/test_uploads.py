"""Documents that are uploaded: what is taken, what is refused, and what is left behind."""

import asyncio
import time

import grpc
import pytest
from eventually import eventually
from google.rpc import error_details_pb2
from rpc_server import Served, refusal, served
from upload_calls import about, chunks, digest, documents, header

from docsort.v1.document_service_pb2 import UploadDocumentRequest
from docsort_server.jobs.store.memory import MemoryDocumentStore, open_store
from docsort_server.settings import Settings

MIB = 1024 * 1024
CONTENT = b"%PDF-1.7 3 ".ljust(2 * MIB + 7, b"x")
SMALL = Settings(listen="127.0.0.1:0", max_document_bytes=3 * MIB, upload_seconds=0.2)


def held(server: Served) -> int:
    """Return how many bytes of documents the server's memory holds."""
    store = server.jobs.documents
    assert isinstance(store, MemoryDocumentStore)
    return store._bytes


async def test_an_upload_is_kept_under_its_digest() -> None:
    """The answer names the document, its size and its end; nothing needs to be announced."""
    before = time.time()
    async with served() as server, documents(server.address) as calls:
        found = await calls.send(header(), *chunks(CONTENT, 100_000))
    assert (found.document_id, found.size_bytes) == (digest(CONTENT), len(CONTENT))
    assert before + 3600 <= found.expire_time.seconds + 1 <= time.time() + 3602


async def test_known_content_is_not_sent_again() -> None:
    """A header with a known digest is answered at once, while the sender waits for a sign."""
    async with served() as server, documents(server.address) as calls:
        first = await calls.upload(CONTENT)
        call = calls.open()
        await call.write(header(CONTENT))
        again = (await call).document
        longer = await calls.send(header(CONTENT, ttl=7200))
        shorter = await calls.send(header(CONTENT, ttl=60))
        assert held(server) == len(CONTENT)
    assert again.document_id == first.document_id
    assert longer.expire_time.seconds >= first.expire_time.seconds + 3600
    assert shorter.expire_time == longer.expire_time


async def test_a_sender_may_wait_until_its_bytes_are_wanted() -> None:
    """The initial metadata come before any chunk where the content is not known."""
    async with served() as server, documents(server.address) as calls:
        call = calls.open()
        await call.write(header(CONTENT))
        await call.initial_metadata()
        for part in chunks(CONTENT):
            await call.write(part)
        await call.done_writing()
        assert (await call).document.document_id == digest(CONTENT)


async def test_uploads_of_one_content_at_a_time_agree() -> None:
    """All senders get the same document, which is kept once."""
    async with served() as server, documents(server.address) as calls:
        found = await asyncio.gather(
            *(calls.send(header(), *chunks(CONTENT, 200_000 + n)) for n in range(8))
        )
        assert held(server) == len(CONTENT)
    assert {each.document_id for each in found} == {digest(CONTENT)}


BIG = b"%PDF-1.7".ljust(3 * MIB + 1, b"x")
REFUSED: dict[str, tuple[list[UploadDocumentRequest], str, str]] = {
    "no part": ([], "INVALID_REQUEST", "header"),
    "no header": ([*chunks(CONTENT)], "INVALID_REQUEST", "header"),
    "two headers": ([header(), header()], "INVALID_REQUEST", "header"),
    "empty part": ([header(), UploadDocumentRequest()], "INVALID_REQUEST", "part"),
    "chunk": ([header(), *chunks(CONTENT, MIB + 1)], "INVALID_REQUEST", "chunk"),
    "no digest": ([header(sha256="ABC")], "INVALID_REQUEST", "header.sha256"),
    "short ttl": ([header(ttl=0)], "INVALID_REQUEST", "header.ttl"),
    "long ttl": ([header(ttl=7 * 86_400 + 1)], "INVALID_REQUEST", "header.ttl"),
    "other digest": (
        [header(CONTENT, sha256="0" * 64), *chunks(CONTENT)],
        "INVALID_REQUEST",
        "header.sha256",
    ),
    "too little": (
        [header(size=len(CONTENT) + 1), *chunks(CONTENT)],
        "INVALID_REQUEST",
        "header.size_bytes",
    ),
    "too much": (
        [header(size=len(CONTENT) - 1), *chunks(CONTENT)],
        "INVALID_REQUEST",
        "header.size_bytes",
    ),
    "announced too large": ([header(size=3 * MIB + 1)], "DOCUMENT_TOO_LARGE", ""),
    "too large": ([header(), *chunks(BIG)], "DOCUMENT_TOO_LARGE", ""),
    "nothing": ([header()], "EMPTY_DOCUMENT", ""),
    "blank": ([header(), *chunks(b" \n" * 100_000)], "EMPTY_DOCUMENT", ""),
    "no PDF": ([header(), *chunks(b"PK\x03\x04".ljust(200_000))], "UNSUPPORTED_DOCUMENT", ""),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_what_is_refused(name: str) -> None:
    """The status names the reason and the field at fault, and nothing is kept."""
    parts, reason, field = REFUSED[name]
    async with served(settings=SMALL) as server, documents(server.address) as calls:
        found = await calls.refused(*parts)
        for _ in range(3):
            # What the library tells where it was still sending when the answer came.
            if found.code is not grpc.StatusCode.INTERNAL:
                break
            found = await calls.refused(*parts)
        await eventually(lambda: held(server) == 0)
    assert (found.code, found.info.reason) == (grpc.StatusCode.INVALID_ARGUMENT, reason)
    if field:
        bad = found.detail(error_details_pb2.BadRequest)
        assert isinstance(bad, error_details_pb2.BadRequest)
        assert [each.field for each in bad.field_violations] == [field]
    if reason == "DOCUMENT_TOO_LARGE":
        assert found.info.metadata["limit"] == "max_document_bytes"
        assert found.info.metadata["value"] == str(3 * MIB)


async def test_a_wrong_size_of_known_content_is_told() -> None:
    """The early answer, too, checks what the header announces."""
    async with served() as server, documents(server.address) as calls:
        await calls.upload(CONTENT)
        found = await calls.refused(header(CONTENT, size=5))
    assert found.info.reason == "INVALID_REQUEST"


async def test_a_silent_sender_loses_its_upload() -> None:
    """After so long without a part the call ends, naming the limit, and nothing is kept."""
    async with served(settings=SMALL) as server, documents(server.address) as calls:
        call = calls.open()
        await call.write(header())
        for part in [*chunks(CONTENT)][:2]:
            await call.write(part)
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call
        await eventually(lambda: held(server) == 0)
    found = refusal(caught.value)
    assert (found.code, found.info.reason) == (
        grpc.StatusCode.INVALID_ARGUMENT,
        "INVALID_REQUEST",
    )
    assert dict(found.info.metadata) == {"limit": "upload_seconds", "value": "0.2"}


async def test_a_cancelled_upload_leaves_nothing() -> None:
    """Whoever leaves in mid-upload takes with him what has come, and can begin again."""
    async with served() as server, documents(server.address) as calls:
        call = calls.open()
        await call.write(header(CONTENT))
        for part in [*chunks(CONTENT)][:3]:
            await call.write(part)
        await eventually(lambda: held(server) > 0)
        call.cancel()
        await eventually(lambda: held(server) == 0)
        with pytest.raises(grpc.aio.AioRpcError, match="No document"):
            await server.calls.submit(about(digest(CONTENT)))
        assert (await calls.upload(CONTENT)).document_id == digest(CONTENT)


async def test_no_uploads_while_draining() -> None:
    """A server that shuts down refuses by the header alone, with a time to retry."""
    async with served() as server, documents(server.address) as calls:
        server.jobs.admission.close()
        found = await calls.refused(header(CONTENT), *chunks(CONTENT))
    assert (found.code, found.info.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")
    assert error_details_pb2.RetryInfo in found.details


async def test_full_memory_refuses_uploads() -> None:
    """The limit on all documents in memory is named; what was kept before stays."""
    store = open_store(max_document_bytes=3 * MIB)
    async with served(store=store) as server, documents(server.address) as calls:
        await calls.upload(CONTENT)
        found = await calls.refused(header(), *chunks(CONTENT + b"more"))
        assert held(server) == len(CONTENT)
    assert (found.code, found.info.reason) == (grpc.StatusCode.UNAVAILABLE, "OVERLOADED")
    assert found.info.metadata["limit"] == "memory_document_bytes"


async def test_a_deleted_document_is_not_found() -> None:
    """The second delete is told that there is no such document, as a resource."""
    async with served() as server, documents(server.address) as calls:
        found = await calls.upload(CONTENT)
        await calls.delete(found.document_id)
        for wrong, reason in ((found.document_id, "DOCUMENT_NOT_FOUND"), ("x", "INVALID_REQUEST")):
            with pytest.raises(grpc.aio.AioRpcError) as caught:
                await calls.delete(wrong)
            assert refusal(caught.value).info.reason == reason
        assert held(server) == 0
