"""The parts of an upload: a header, then chunks, none of them too late or too large."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from docsort_server.convert.times import seconds_of
from docsort_server.faults import Fault, Reason, Violation
from docsort_server.jobs.uploads import Announcement
from docsort_server.validate import DOCUMENT_ID, invalid

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterator

    from docsort.v1.document_service_pb2 import UploadDocumentRequest, UploadHeader

MAX_CHUNK = 1024 * 1024


class Parts:
    """Read an upload; a sender that is silent for `silence` seconds loses it."""

    def __init__(self, requests: AsyncIterator[UploadDocumentRequest], silence: float) -> None:
        self._requests = requests
        self._silence = silence

    async def header(self) -> UploadHeader:
        """Return the first part. Raises `Fault` INVALID_REQUEST where it is another."""
        part = await self._next()
        if part is None or part.WhichOneof("part") != "header":
            raise invalid("header", "must be the first part of an upload")
        return part.header

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """Yield what follows. Raises `Fault` INVALID_REQUEST for what is no chunk."""
        while (part := await self._next()) is not None:
            if part.WhichOneof("part") == "header":
                raise invalid("header", "must come once, as the first part of an upload")
            chunk = part.chunk
            if len(chunk) > MAX_CHUNK:
                raise invalid("chunk", f"must have at most {MAX_CHUNK} bytes, has {len(chunk)}")
            yield chunk

    async def _next(self) -> UploadDocumentRequest | None:
        try:
            async with asyncio.timeout(self._silence):
                part = await anext(self._requests, None)
        except TimeoutError:
            raise _silent(self._silence) from None
        if part is not None and part.WhichOneof("part") is None:
            raise invalid("part", "must be set: a header first, then chunks")
        return part


def announcement(header: UploadHeader, ttl: float, longest_ttl: float) -> Announcement:
    """Return what a header says; `ttl` is that of headers without one.

    Raises `Fault` INVALID_REQUEST.
    """
    if header.sha256 and not DOCUMENT_ID.fullmatch(header.sha256):
        raise invalid("header.sha256", "must be 64 lower-case hexadecimal digits")
    if header.HasField("ttl"):
        ttl = seconds_of(header.ttl)
        if not 1 <= ttl <= longest_ttl:
            text = f"must be between 1 and {longest_ttl:.0f} seconds, is {ttl:g}"
            raise invalid("header.ttl", text)
    size = header.size_bytes if header.HasField("size_bytes") else None
    return Announcement(ttl, size, header.sha256)


def _silent(seconds: float) -> Fault:
    text = f"must come within {seconds:g} seconds of the one before (upload_seconds)"
    return Fault(
        Reason.INVALID_REQUEST,
        f"part: {text}",
        metadata={"limit": "upload_seconds", "value": f"{seconds:g}"},
        violations=(Violation("part", text),),
    )
