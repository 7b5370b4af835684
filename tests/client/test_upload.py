"""The client's uploads, against a scripted server."""

import asyncio
import contextlib
import hashlib
import io
from collections.abc import AsyncGenerator, Callable
from pathlib import Path
from typing import Any

import grpc
import pytest
from client_scripts import CATEGORIES, QUICK, script

import docsort
from docsort.testing import Cut, Server
from docsort.v1.classification_service_pb2 import ClassifyRequest
from docsort.v1.document_service_pb2 import UploadDocumentRequest
from docsort.v1.job_service_pb2 import SubmitJobRequest

LARGE = b"%PDF-1.7".ljust(3_000_000, b"x")
ID = hashlib.sha256(LARGE).hexdigest()
# Calls a method of either client by its name.
Ask = Callable[..., Any]


@pytest.fixture
async def server() -> AsyncGenerator[Server, None]:
    """Play a script to whoever comes."""
    async with Server(script()) as running:
        yield running


@contextlib.asynccontextmanager
async def asking(server: Server, kind: str, **settings: Any) -> AsyncGenerator[Ask, None]:  # noqa: ANN401
    """Lend a client of either kind."""
    if kind == "asyncio":
        async with docsort.AsyncClient(server.target, timeouts=QUICK, **settings) as client:
            yield lambda name, *given, **options: getattr(client, name)(*given, **options)
        return
    blocking = docsort.Client(server.target, timeouts=QUICK, **settings)
    try:
        yield lambda name, *given, **options: asyncio.to_thread(
            getattr(blocking, name), *given, **options
        )
    finally:
        await asyncio.to_thread(blocking.close)


both = pytest.mark.parametrize("kind", ["asyncio", "blocking"])


def headers(server: Server) -> list[UploadDocumentRequest]:
    """Return the headers of all uploads."""
    return [each for each in server.requests if isinstance(each, UploadDocumentRequest)]


@both
async def test_upload_and_delete(server: Server, kind: str, tmp_path: Path) -> None:
    """A document is kept whole, known content is not sent again, and it can be deleted."""
    path = tmp_path / "large.pdf"
    path.write_bytes(LARGE)
    async with asking(server, kind) as ask:
        for document in (path, io.BytesIO(LARGE), LARGE):
            found = await ask("upload", document, ttl=60)
            assert (found.document_id, found.size_bytes) == (ID, len(LARGE))
            assert found.expire_time is not None
        assert server.documents == {ID: LARGE}
        assert [each.header.ttl.seconds for each in headers(server)] == [60, 60, 60]
        await ask("delete_document", ID)
        assert server.documents == {}
        with pytest.raises(docsort.DocumentNotFoundError):
            await ask("delete_document", ID)


@both
async def test_progress_is_told(server: Server, kind: str) -> None:
    """The bytes sent rise to their number in all, also where nothing needs to be sent."""
    told: list[tuple[int, int]] = []
    async with asking(server, kind) as ask:
        await ask("upload", LARGE, progress=lambda *each: told.append(each))
        assert told == sorted(told)
        assert told[-1] == (len(LARGE), len(LARGE))
        told.clear()
        await ask("upload", LARGE, progress=lambda *each: told.append(each))
        assert told == [(len(LARGE), len(LARGE))]


@both
async def test_large_documents_are_uploaded_by_themselves(server: Server, kind: str) -> None:
    """Above the bound the request names the document; below it the request holds it."""
    async with asking(server, kind) as ask:
        await ask("submit", LARGE, CATEGORIES)
        request = await server.received(SubmitJobRequest)
        assert request.document.document_id == ID
        await ask("submit", LARGE[:500_000], CATEGORIES)
        request = await server.received(SubmitJobRequest)
        assert request.document.content == LARGE[:500_000]
        result = await ask("classify", LARGE, CATEGORIES)
    assert result.success
    assert (await server.received(ClassifyRequest)).document.document_id == ID
    assert list(server.documents) == [ID]


@both
async def test_the_bound_is_the_callers(server: Server, kind: str) -> None:
    """`upload_above` moves it up to the message limit."""
    async with asking(server, kind, upload_above=len(LARGE)) as ask:
        await ask("submit", LARGE, CATEGORIES)
    assert (await server.received(SubmitJobRequest)).document.content == LARGE
    async with asking(server, kind, upload_above=len(LARGE), max_message_bytes=1000) as ask:
        await ask("submit", LARGE, CATEGORIES)
    assert (await server.received(SubmitJobRequest)).document.document_id == ID


@both
async def test_an_uploaded_document_is_used(server: Server, kind: str) -> None:
    """What upload returned, or an id alone, stands for the document; no bytes are sent for it."""
    async with asking(server, kind) as ask:
        document = await ask("upload", LARGE)
        for given in (document, docsort.UploadedDocument(ID)):
            await ask("submit", given, CATEGORIES)
            assert (await ask("classify", given, CATEGORIES)).success
        assert len(headers(server)) == 1
        for name in ("submit", "classify"):
            with pytest.raises(docsort.DocumentNotFoundError):
                await ask(name, docsort.UploadedDocument("0" * 64), CATEGORIES)


class Forgetful(Server):
    """A server that loses every document once, just after its upload."""

    def __init__(self) -> None:
        super().__init__(script())
        self._lost: set[str] = set()

    async def _require(self, context: Any, source: Any) -> None:  # noqa: ANN401
        if source.document_id not in self._lost:
            self.documents.pop(source.document_id, None)
            self._lost.add(source.document_id)
        await super()._require(context, source)


@both
@pytest.mark.parametrize("name", ["submit", "classify"])
async def test_a_forgotten_document_is_uploaded_once_more(kind: str, name: str) -> None:
    """What expired between upload and job is sent again, under the same request id."""
    async with Forgetful() as server, asking(server, kind) as ask:
        await ask(name, LARGE, CATEGORIES)
    assert len(headers(server)) == 2
    ids = {
        each.request_id
        for each in server.requests
        if isinstance(each, SubmitJobRequest | ClassifyRequest)
    }
    assert len(ids) == 1


@both
async def test_a_broken_upload_is_repeated(kind: str) -> None:
    """A server that is overloaded, and then away, gets the document when it is back."""
    refusals = {"UploadDocument": Cut(reason=docsort.ErrorReason.OVERLOADED, retry_after=0.05)}
    server = Server(script(), refusals=refusals)
    async with server, asking(server, kind) as ask:
        uploading = asyncio.ensure_future(ask("upload", LARGE))
        await server.received(UploadDocumentRequest)
        await server.stop()
        server._refusals.clear()
        await server.start()
        assert (await uploading).document_id == ID
    assert server.documents == {ID: LARGE}


@both
async def test_a_refused_upload_is_not_repeated(kind: str) -> None:
    """What no repeat helps is raised at once, with its own class."""
    refusal = Cut(
        code=grpc.StatusCode.INVALID_ARGUMENT, reason=docsort.ErrorReason.DOCUMENT_TOO_LARGE
    )
    server = Server(script(), refusals={"UploadDocument": refusal})
    async with server, asking(server, kind) as ask:
        with pytest.raises(docsort.DocumentTooLargeError):
            await ask("classify", LARGE, CATEGORIES)
    assert len(headers(server)) == 1


@both
async def test_mistakes_are_told_before_the_upload(server: Server, kind: str) -> None:
    """No large document travels for a request that cannot be made."""
    async with asking(server, kind) as ask:
        with pytest.raises(ValueError, match="pages"):
            await ask("submit", LARGE, CATEGORIES, pages="x")
        with pytest.raises(TypeError, match="ttl"):
            await ask("upload", LARGE, ttl="long")
    assert server.requests == []


class Unreadable(io.BytesIO):
    """A file that breaks when it is read for the second time."""

    def seek(self, position: int, whence: int = 0, /) -> int:
        """Fail once the digest is known."""
        if self.tell() == len(LARGE):
            raise OSError("the disk is gone")
        return super().seek(position, whence)


@both
async def test_a_file_that_breaks_is_the_callers(server: Server, kind: str) -> None:
    """An error of the file is raised as it is, and the server keeps nothing."""
    async with asking(server, kind) as ask:
        with pytest.raises(OSError, match="the disk is gone"):
            await ask("upload", Unreadable(LARGE))
    assert server.documents == {}
