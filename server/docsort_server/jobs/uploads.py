"""Documents that are handed in by themselves, for jobs to refer to."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.documents.sniff import Sampling, sniff
from docsort_server.faults import Fault, Reason, Violation
from docsort_server.jobs.identity import uploaded_key

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.store.protocols import DocumentStore, StoredDocument

log = logging.getLogger(__name__)

# Chunks up to this size are too quick to be worth a thread.
_QUICK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is said of a document before it comes; `ttl` is the seconds to keep it."""

    ttl: float
    size: int | None = None
    digest: str = ""


@dataclass(frozen=True, slots=True)
class UploadedDocument:
    """A document that is kept; `expire_time` is seconds since the epoch."""

    document_id: str
    size: int
    expire_time: float


class Uploads:
    """Take in, find and forget documents, each under the SHA-256 of its content."""

    def __init__(self, store: DocumentStore, admission: Admission, limits: DocumentLimits) -> None:
        self._store = store
        self._admission = admission
        self._limits = limits

    async def known(self, tenant: str, announced: Announcement) -> UploadedDocument | None:
        """Return the announced document where its bytes are not needed.

        Raises `Fault` SHUTTING_DOWN, and DOCUMENT_TOO_LARGE for what must not even begin to come.
        """
        self._admission.require_open()
        self._limits.check_size(announced.size or 0)
        if not announced.digest:
            return None
        key = uploaded_key(tenant, announced.digest)
        stored = await self._store.extend(key, ttl=announced.ttl)
        if stored is None:
            return None
        if announced.size not in (None, stored.size):
            raise _mismatch("size_bytes", announced.size, stored.size)
        return _uploaded(announced.digest, stored)

    async def take(
        self, tenant: str, announced: Announcement, chunks: AsyncGenerator[bytes, None]
    ) -> UploadedDocument:
        """Store a document as it comes.

        Raises `Fault` for what is not as announced (INVALID_REQUEST), is no document of a fit
        size, or finds no room (OVERLOADED); nothing is kept of it then.
        """
        examination = _Examination(announced, self._limits)
        stored = await self._store.put(
            lambda: uploaded_key(tenant, examination.finish()),
            examination.passing(chunks),
            ttl=announced.ttl,
        )
        log.info("document %s uploaded: %d bytes", examination.digest, stored.size)
        return _uploaded(examination.digest, stored)

    async def delete(self, tenant: str, document_id: str) -> None:
        """Forget a document. Raises `Fault` DOCUMENT_NOT_FOUND."""
        if not await self._store.delete(uploaded_key(tenant, document_id)):
            raise document_not_found(document_id)


class _Examination:
    """Look at the bytes of a document as they pass."""

    def __init__(self, announced: Announcement, limits: DocumentLimits) -> None:
        self._announced = announced
        self._limits = limits
        self._sampling = Sampling()
        self._hash = hashlib.sha256()
        self.digest = ""

    async def passing(self, chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
        """Yield the chunks; each is hashed while it is stored and the next one comes."""
        hashing: asyncio.Future[None] | None = None
        async with aclosing(chunks):
            async for chunk in chunks:
                self._sampling.add(chunk)
                self._check_size()
                if hashing:
                    await hashing
                hashing = self._hashing(chunk)
                yield chunk
        if hashing:
            await hashing

    def finish(self) -> str:
        """Return the digest of a document that has come as a whole and is a fit one."""
        announced, size = self._announced, self._sampling.size
        self.digest = self._hash.hexdigest()
        if announced.size not in (None, size):
            raise _mismatch("size_bytes", announced.size, size)
        if announced.digest not in ("", self.digest):
            raise _mismatch("sha256", announced.digest, self.digest)
        sniff(self._sampling.sample(), self._limits)
        return self.digest

    def _hashing(self, chunk: bytes) -> asyncio.Future[None] | None:
        if len(chunk) <= _QUICK:
            self._hash.update(chunk)
            return None
        return asyncio.get_running_loop().run_in_executor(None, self._hash.update, chunk)

    def _check_size(self) -> None:
        size = self._sampling.size
        self._limits.check_size(size)
        if self._announced.size is not None and size > self._announced.size:
            raise _mismatch("size_bytes", self._announced.size, f"more: {size} so far")


def document_not_found(document_id: str) -> Fault:
    """Return the fault for a document that is unknown or forgotten."""
    text = f"No document {document_id}: it was never uploaded, has expired or was deleted."
    return Fault(Reason.DOCUMENT_NOT_FOUND, text, metadata={"document_id": document_id})


def _mismatch(field: str, announced: object, found: object) -> Fault:
    path = f"header.{field}"
    text = f"must be that of the document, is {announced}; the document's is {found}"
    return Fault(Reason.INVALID_REQUEST, f"{path}: {text}", violations=(Violation(path, text),))


def _uploaded(document_id: str, stored: StoredDocument) -> UploadedDocument:
    return UploadedDocument(document_id, stored.size, stored.expire_time)
