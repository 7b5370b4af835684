"""Documents that a call looks at by itself, without a job."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.documents.document import Document
from docsort_server.jobs.identity import job_key, uploaded_key
from docsort_server.jobs.uploads import document_not_found

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.documents.source import DocumentFetcher
    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.store.protocols import DocumentStore


@dataclass(frozen=True, slots=True)
class GivenDocument:
    """Where a document is: its content, or the id of an upload, or a URI; the others are empty."""

    content: bytes = b""
    document_id: str = ""
    uri: str = ""
    password: str = ""


class Loans:
    """Lend documents for as long as a call lasts; each takes a place like an unfinished job."""

    def __init__(
        self, documents: DocumentStore, fetcher: DocumentFetcher, admission: Admission
    ) -> None:
        self._documents = documents
        self._fetcher = fetcher
        self._admission = admission

    @asynccontextmanager
    async def lent(self, tenant: str, given: GivenDocument) -> AsyncGenerator[Document, None]:
        """Lend a document, and close it in the end.

        Raises `Fault` OVERLOADED, SHUTTING_DOWN, DOCUMENT_NOT_FOUND, and those of fetching.
        """
        place = job_key(tenant, "")
        size = await self._size(tenant, given)
        self._admission.admit(place, size)
        try:
            with await self._document(tenant, given) as document:
                self._admission.resize(place, document.size)
                document.password = given.password or None
                yield document
        finally:
            self._admission.release(place)

    async def _size(self, tenant: str, given: GivenDocument) -> int:
        if given.uri:
            return self._fetcher.most_bytes
        if not given.document_id:
            return len(given.content)
        stored = await self._documents.facts(uploaded_key(tenant, given.document_id))
        if stored is None:
            raise document_not_found(given.document_id)
        return stored.size

    async def _document(self, tenant: str, given: GivenDocument) -> Document:
        if given.uri:
            async with aclosing(self._fetcher.fetch(given.uri)) as fetched:
                return await Document.fetched(fetched)
        if not given.document_id:
            return Document(given.content)
        try:
            async with aclosing(
                self._documents.get(uploaded_key(tenant, given.document_id))
            ) as chunks:
                return await Document.fetched(chunks)
        except KeyError:
            raise document_not_found(given.document_id) from None
