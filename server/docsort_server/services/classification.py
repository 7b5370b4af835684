"""ClassificationService: submit and watch in one call."""

from __future__ import annotations

import asyncio
import hashlib
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from docsort.v1.classification_service_pb2 import ClassifyRequest, ClassifyResponse
from docsort.v1.classification_service_pb2_grpc import ClassificationServiceServicer
from docsort_server.convert.requests import options_from_proto, question_from_proto
from docsort_server.documents.sniff import sniff
from docsort_server.jobs.identity import DEFAULT_TENANT
from docsort_server.jobs.intake import Intake, Submission
from docsort_server.jobs.model import JobSpec
from docsort_server.services.fingerprint import fingerprint
from docsort_server.validate import check_classify

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.documents.limits import DocumentLimits
    from docsort_server.interceptors.handlers import Context
    from docsort_server.services.events import Outbox

# Digests of documents up to this size are too quick to be worth a thread.
_INLINE_DIGEST = 256 * 1024


@dataclass(frozen=True, slots=True)
class ClassificationTerms:
    """What the service grants every job: limits on its document, seconds it is kept."""

    limits: DocumentLimits
    ttl: float


class ClassificationService(ClassificationServiceServicer):
    """Accept documents and stream their jobs."""

    def __init__(self, intake: Intake, outbox: Outbox, terms: ClassificationTerms) -> None:
        self._intake = intake
        self._outbox = outbox
        self._terms = terms

    async def Classify(  # noqa: N802 - the name is the contract's
        self, request: ClassifyRequest, context: Context
    ) -> AsyncGenerator[ClassifyResponse, None]:
        """Submit the document, then stream the job's events."""
        key = await self._intake.submit(await self._submission(request))
        async with aclosing(self._outbox.events(key, 0)) as events:
            async for event in events:
                yield ClassifyResponse(event=event)

    async def _submission(self, request: ClassifyRequest) -> Submission:
        check_classify(request)
        content = request.document.content
        sniff(content, self._terms.limits)
        digest = await _sha256(content)
        spec = JobSpec(
            question=question_from_proto(request.categories, request.options),
            options=options_from_proto(request.options),
            document_digest=digest,
            document_size=len(content),
            fingerprint=fingerprint(request, digest),
            ttl=self._terms.ttl,
        )
        return Submission(DEFAULT_TENANT, request.request_id, spec, content)


async def _sha256(content: bytes) -> str:
    if len(content) <= _INLINE_DIGEST:
        return hashlib.sha256(content).hexdigest()
    return (await asyncio.to_thread(hashlib.sha256, content)).hexdigest()
