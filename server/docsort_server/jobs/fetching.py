"""Bring a job the document that its request named by a URI."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.identity import document_key

if TYPE_CHECKING:
    from docsort_server.documents.source import DocumentFetcher
    from docsort_server.jobs.admission import Admission
    from docsort_server.jobs.model import JobSpec
    from docsort_server.jobs.store.protocols import DocumentStore, JobKey

log = logging.getLogger(__name__)

# Seconds before the second and the third try.
PAUSES = (0.5, 2.0)
# What a server that was reached says of the request, rather than of itself.
_FINAL_STATUSES = frozenset(range(400, 429)) - {408, 425}


class Fetching:
    """Fetch each document once: it then is the job's own, which all replicas read.

    Nobody knows its size before it is here, so that there must be room for the largest first.
    """

    def __init__(
        self, fetcher: DocumentFetcher, documents: DocumentStore, admission: Admission
    ) -> None:
        self._fetcher = fetcher
        self._documents = documents
        self._admission = admission

    async def count(self, key: JobKey, spec: JobSpec) -> bool:
        """Tell whether the document is here that the job needs, and count it if it was fetched."""
        if not spec.document_uri:
            return True
        stored = await self._documents.facts(document_key(key))
        if stored:
            self._admission.count(key, stored.size)
        return stored is not None

    def forget(self, key: JobKey) -> None:
        """Count the document no more."""
        self._admission.forget(key)

    async def bring(self, key: JobKey, spec: JobSpec) -> None:
        """Store the document that the job needs, unless it is there. Raises `Fault`."""
        if await self.count(key, spec):
            return
        await self._admission.hold(key, self._fetcher.most_bytes)
        for pause in (*PAUSES, None):
            try:
                await self._fetch(key, spec)
            except Fault as fault:
                if pause is None or not _may_pass(fault):
                    raise
            else:
                return
            await asyncio.sleep(pause)

    async def _fetch(self, key: JobKey, spec: JobSpec) -> None:
        async with aclosing(self._fetcher.fetch(spec.document_uri)) as chunks:
            stored = await self._documents.put(document_key(key), chunks, ttl=spec.ttl)
        self._admission.count(key, stored.size)
        log.info("job %s: a document of %d bytes was fetched", key.job_id, stored.size)


def _may_pass(fault: Fault) -> bool:
    """Tell whether another try may help: not where the server refuses it, or the time is over."""
    status = fault.metadata.get("status", "")
    final = "limit" in fault.metadata or (status.isdecimal() and int(status) in _FINAL_STATUSES)
    # Without room in the store the document is not lost: there is some when other jobs end.
    return fault.reason is Reason.OVERLOADED or (
        fault.reason is Reason.URI_UNREACHABLE and not final
    )
