"""Where documents are handed in: a request checked, turned into a submission, accepted."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort_server.convert.requests import options_from_proto, question_from_proto
from docsort_server.convert.times import seconds_of
from docsort_server.documents.kinds import Sample
from docsort_server.documents.sniff import sniff
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.intake import Intake, Submission
from docsort_server.jobs.model import JobSpec
from docsort_server.services.fingerprint import fingerprint
from docsort_server.validate import check_estimate, check_submission

if TYPE_CHECKING:
    from docsort.v1.classification_service_pb2 import ClassifyRequest
    from docsort.v1.document_pb2 import DocumentSource
    from docsort.v1.job_service_pb2 import EstimateJobRequest, SubmitJobRequest
    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.documents.source import DocumentFetcher
    from docsort_server.jobs.store.protocols import JobKey

# Digests of documents up to this size are too quick to be worth a thread.
_INLINE_DIGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class SubmissionTerms:
    """What is granted to every job: limits on its document, seconds it is kept and may be."""

    limits: DocumentLimits
    ttl: float
    longest_ttl: float


class Counter:
    """Take in the requests of all services that make jobs."""

    def __init__(self, intake: Intake, fetcher: DocumentFetcher, terms: SubmissionTerms) -> None:
        self._intake = intake
        self._fetcher = fetcher
        self._terms = terms

    async def submit(
        self, request: ClassifyRequest | SubmitJobRequest, *, detached: bool
    ) -> JobKey:
        """Return the job of a request; a detached one goes on when nobody watches.

        Raises `Fault` for a request that is not accepted.
        """
        check_submission(request, self._terms.longest_ttl)
        source, asked = request.document, request.options
        digest = source.document_id or await self.fit(source)
        spec = JobSpec(
            question=question_from_proto(request.categories, asked),
            options=options_from_proto(asked),
            document_digest="" if source.uri else digest,
            document_size=len(source.content),
            fingerprint=fingerprint(request, digest),
            ttl=seconds_of(asked.ttl) if asked.HasField("ttl") else self._terms.ttl,
            detached=detached,
            document_id=source.document_id,
            document_uri=source.uri,
            locked=bool(source.password),
        )
        submission = Submission(
            DEFAULT_TENANT, request.request_id, spec, source.content, source.password
        )
        return await self._intake.submit(submission)

    async def require_fit(self, request: EstimateJobRequest) -> None:
        """Raise `Fault` for a request that would not be accepted as a job."""
        check_estimate(request, self._terms.longest_ttl)
        if not request.document.document_id:
            await self.fit(request.document)

    async def fit(self, source: DocumentSource) -> str:
        """Return what tells a document from others: its digest, or that of where it is.

        Raises `Fault` where it is not a fit one, or is not fetched from there.
        """
        if source.uri:
            self._fetcher.check(source.uri)
            return await _sha256(b"uri " + source.uri.encode())
        content = source.content
        self._terms.limits.check_inline(len(content))
        sniff(Sample.of(content), self._terms.limits)
        return await _sha256(content)


async def _sha256(content: bytes) -> str:
    if len(content) <= _INLINE_DIGEST:
        return hashlib.sha256(content).hexdigest()
    return (await asyncio.to_thread(hashlib.sha256, content)).hexdigest()
