"""The embedded engine as the server sees it: pages go to a pool of worker processes."""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Protocol

from docsort_server.engine.local import lexicon, weights, word_vectors
from docsort_server.engine.local.criteria import concepts
from docsort_server.engine.model import (
    NOBODY,
    ConfidenceSource,
    CriterionMark,
    EngineIdentity,
    Outcome,
    PageVerdict,
    Suggestion,
)
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.errors import WorkerError

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import Question, Turn

HANDLER = "docsort_server.engine.local.handler:factory"
MODEL = "docsort-a/1"
SPAN = 16

_KEYS = 256
_TRIES = 2
_FAILED = "the embedded engine failed on this page"


class Caller(Protocol):
    """A worker process that answers one request with one reply."""

    async def call(
        self, request: dict[str, Any], fd: int | None = None, *, seconds: float
    ) -> dict[str, Any]:
        """Return the reply. Raises WorkerError when the process dies or is late."""


class Pool(Protocol):
    """Lends worker processes that run `HANDLER`."""

    def lease(self) -> AbstractAsyncContextManager[Caller]:
        """Lend one worker until the context ends."""


class LocalEngine:
    """A PageClassifier without key or network; `page_seconds` bounds one page's wall time."""

    def __init__(self, pool: Pool, *, page_seconds: float = 20.0) -> None:
        self._pool = pool
        self._page_seconds = page_seconds
        self._keys: OrderedDict[Question, tuple[str, dict[str, Any]]] = OrderedDict()
        self._identity = identity()

    @property
    def identity(self) -> EngineIdentity:
        """Name the engine and its data."""
        return self._identity

    @property
    def span(self) -> int:
        """Tell how many pages one unit of work should hold."""
        return SPAN

    async def classify(
        self,
        page: PageContent,
        question: Question,
        turn: Turn = NOBODY,
    ) -> PageVerdict:
        """Answer for one page. Raises Fault MODEL_UNAVAILABLE when two workers failed on it."""
        failure: WorkerError | None = None
        for _ in range(_TRIES):
            try:
                return _verdict(await self._ask(page, question))
            except WorkerError as error:
                failure = error
        raise Fault(Reason.MODEL_UNAVAILABLE, _FAILED) from failure

    async def _ask(self, page: PageContent, question: Question) -> dict[str, Any]:
        key, spelled = self._spelled(question)
        request = {"op": "classify", "key": key, "page": asdict(page)}
        async with self._pool.lease() as worker:
            reply = await worker.call(request, seconds=self._page_seconds)
            if reply.get("unknown_question"):
                request["question"] = spelled
                reply = await worker.call(request, seconds=self._page_seconds)
            return reply

    def _spelled(self, question: Question) -> tuple[str, dict[str, Any]]:
        entry = self._keys.get(question)
        if entry is None:
            spelled = asdict(question)
            text = json.dumps(spelled, sort_keys=True).encode()
            entry = hashlib.sha256(text).hexdigest(), spelled
            self._keys[question] = entry
        self._keys.move_to_end(question)
        while len(self._keys) > _KEYS:
            self._keys.popitem(last=False)
        return entry


def identity() -> EngineIdentity:
    """Name the engine; the lexicon's digest covers types, concepts of criteria and word vectors."""
    data = lexicon.digest() + concepts.digest() + word_vectors.digest()
    return EngineIdentity(
        engine="local",
        model=MODEL,
        lexicon_digest=hashlib.sha256(data.encode()).hexdigest(),
        weights_digest=weights.load().digest,
    )


def _verdict(reply: dict[str, Any]) -> PageVerdict:
    return PageVerdict(
        outcome=Outcome(reply["outcome"]),
        scores=tuple(reply["scores"]),
        criteria=tuple(
            tuple(CriterionMark(met, confidence, evidence) for met, confidence, evidence in marks)
            for marks in reply["criteria"]
        ),
        no_match_score=reply["no_match"],
        confidence_source=ConfidenceSource.LOCAL_MODEL if reply["scores"] else None,
        unfamiliar=tuple(reply["unfamiliar"]),
        suggestion=Suggestion(**reply["suggestion"]) if reply["suggestion"] else None,
    )
