"""Documents at the hands of a client: sent within a request, uploaded before it, or again."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from typing import Final, TypeVar

from docsort._aio import AsyncCalls
from docsort._blocking import BlockingCalls
from docsort._errors import DocsortError, DocumentNotFoundError
from docsort._events import Event
from docsort._models import RemoteDocument, UploadedDocument
from docsort._parcel import Content, Document, Parcel, no_document, packed
from docsort._planning import Sample
from docsort._request import Material, build_sample
from docsort._stream import Patience
from docsort._upload import Progress
from docsort.v1 import schema_service_pb2

UPLOAD_ABOVE: Final = 1024 * 1024
# Many samples go into one request.
_SAMPLE_BYTES: Final = 64 * 1024
_Answer = TypeVar("_Answer")
_AWAITED: Final = "answer to the upload"


class AsyncDocuments:
    """Send documents with asyncio; those of more than `inline_bytes` are uploaded."""

    def __init__(self, calls: AsyncCalls, resume: float, inline_bytes: int) -> None:
        self._calls = calls
        self._resume = resume
        self._inline_bytes = inline_bytes

    @contextlib.asynccontextmanager
    async def material(self, document: Document) -> AsyncGenerator[Material, None]:
        """Lend what goes into a request; a parcel has to be uploaded before."""
        if isinstance(document, UploadedDocument | RemoteDocument):
            yield document
            return
        async with _packed(document, self._inline_bytes) as material:
            yield material

    async def store(
        self, content: Content, ttl: float | None, progress: Progress | None
    ) -> UploadedDocument:
        """Upload a document of any size."""
        async with _packed(content, 0) as parcel:
            assert isinstance(parcel, Parcel)
            return await self._send(parcel, ttl, progress)

    async def following(
        self,
        material: Material,
        progress: Progress | None,
        follow: Callable[[], AsyncGenerator[Event, None]],
    ) -> AsyncGenerator[Event, None]:
        """Upload a parcel and yield the events of its job.

        What the server has forgotten before the job began is uploaded once more.
        """
        await self._place(material, progress)
        begun = False
        try:
            async with contextlib.aclosing(follow()) as events:
                async for event in events:
                    begun = True
                    yield event
        except DocumentNotFoundError:
            if begun or not isinstance(material, Parcel):
                raise
        else:
            return
        await self._place(material, progress)
        async with contextlib.aclosing(follow()) as events:
            async for event in events:
                yield event

    async def submitting(
        self,
        material: Material,
        progress: Progress | None,
        submit: Callable[[], Awaitable[_Answer]],
    ) -> _Answer:
        """Upload a parcel and ask about it, once more where the server has forgotten it."""
        await self._place(material, progress)
        try:
            return await submit()
        except DocumentNotFoundError:
            if not isinstance(material, Parcel):
                raise
        await self._place(material, progress)
        return await submit()

    async def sample(self, sample: Sample) -> schema_service_pb2.Sample:
        """Return a sample as it is sent; its document is uploaded unless it is small."""
        document = sample.document
        if document is None or isinstance(document, UploadedDocument):
            return build_sample(sample, document)
        if isinstance(document, RemoteDocument):
            raise no_document(document)
        async with _packed(document, _SAMPLE_BYTES) as material:
            await self._place(material, None)
            return build_sample(sample, material)

    async def _place(self, material: Material, progress: Progress | None) -> None:
        if isinstance(material, Parcel):
            await self._send(material, None, progress)

    async def _send(
        self, parcel: Parcel, ttl: float | None, progress: Progress | None
    ) -> UploadedDocument:
        """Upload a parcel, from its start again when that breaks."""
        patience = Patience(self._resume, awaited=_AWAITED)
        while True:
            try:
                uploaded = await self._calls.upload(parcel, ttl, progress)
            except DocsortError as error:
                await asyncio.sleep(patience.delay(error))
                continue
            if progress:
                # What the server had already was not sent.
                progress(parcel.size, parcel.size)
            return uploaded


class BlockingDocuments:
    """Send documents from plain code; those of more than `inline_bytes` are uploaded."""

    def __init__(self, calls: BlockingCalls, resume: float, inline_bytes: int) -> None:
        self._calls = calls
        self._resume = resume
        self._inline_bytes = inline_bytes

    @contextlib.contextmanager
    def material(self, document: Document) -> Generator[Material, None, None]:
        """Lend what goes into a request; a parcel has to be uploaded before."""
        if isinstance(document, UploadedDocument | RemoteDocument):
            yield document
            return
        with packed(document, self._inline_bytes) as material:
            yield material

    def store(
        self, content: Content, ttl: float | None, progress: Progress | None
    ) -> UploadedDocument:
        """Upload a document of any size."""
        with packed(content) as parcel:
            assert isinstance(parcel, Parcel)
            return self._send(parcel, ttl, progress)

    def following(
        self,
        material: Material,
        progress: Progress | None,
        follow: Callable[[], Generator[Event, None, None]],
    ) -> Generator[Event, None, None]:
        """Upload a parcel and yield the events of its job.

        What the server has forgotten before the job began is uploaded once more.
        """
        self._place(material, progress)
        begun = False
        try:
            with contextlib.closing(follow()) as events:
                for event in events:
                    begun = True
                    yield event
        except DocumentNotFoundError:
            if begun or not isinstance(material, Parcel):
                raise
        else:
            return
        self._place(material, progress)
        yield from follow()

    def submitting(
        self,
        material: Material,
        progress: Progress | None,
        submit: Callable[[], _Answer],
    ) -> _Answer:
        """Upload a parcel and ask about it, once more where the server has forgotten it."""
        self._place(material, progress)
        try:
            return submit()
        except DocumentNotFoundError:
            if not isinstance(material, Parcel):
                raise
        self._place(material, progress)
        return submit()

    def sample(self, sample: Sample) -> schema_service_pb2.Sample:
        """Return a sample as it is sent; its document is uploaded unless it is small."""
        document = sample.document
        if document is None or isinstance(document, UploadedDocument):
            return build_sample(sample, document)
        if isinstance(document, RemoteDocument):
            raise no_document(document)
        with packed(document, _SAMPLE_BYTES) as material:
            self._place(material, None)
            return build_sample(sample, material)

    def _place(self, material: Material, progress: Progress | None) -> None:
        if isinstance(material, Parcel):
            self._send(material, None, progress)

    def _send(
        self, parcel: Parcel, ttl: float | None, progress: Progress | None
    ) -> UploadedDocument:
        """Upload a parcel, from its start again when that breaks."""
        patience = Patience(self._resume, awaited=_AWAITED)
        while True:
            try:
                uploaded = self._calls.upload(parcel, ttl, progress)
            except DocsortError as error:
                time.sleep(patience.delay(error))
                continue
            if progress:
                # What the server had already was not sent.
                progress(parcel.size, parcel.size)
            return uploaded


@contextlib.asynccontextmanager
async def _packed(content: Content, inline_bytes: int) -> AsyncGenerator[bytes | Parcel, None]:
    with contextlib.ExitStack() as stack:
        # Reading and hashing a file takes as long as its disk does.
        yield await asyncio.to_thread(stack.enter_context, packed(content, inline_bytes))
