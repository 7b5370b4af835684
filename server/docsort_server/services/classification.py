"""ClassificationService: submit and watch in one call."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING

from docsort.v1.classification_service_pb2 import ClassifyRequest, ClassifyResponse
from docsort.v1.classification_service_pb2_grpc import ClassificationServiceServicer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.interceptors.handlers import Context
    from docsort_server.services.counter import Counter
    from docsort_server.services.events import Outbox


class ClassificationService(ClassificationServiceServicer):
    """Accept documents and stream their jobs."""

    def __init__(self, counter: Counter, outbox: Outbox) -> None:
        self._counter = counter
        self._outbox = outbox

    async def Classify(  # noqa: N802 - the name is the contract's
        self, request: ClassifyRequest, context: Context
    ) -> AsyncGenerator[ClassifyResponse, None]:
        """Submit the document, then stream the job's events."""
        key = await self._counter.submit(request, detached=False)
        async with aclosing(self._outbox.events(key, 0)) as events:
            async for event in events:
                yield ClassifyResponse(event=event)
