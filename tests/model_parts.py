"""What the tests of the model engine share: a question, a page, an engine that waits little."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import pytest
from engine_pages import INVOICE, page

from docsort_server.engine.model import Category, Question
from docsort_server.engine.openai.backend import Backend
from docsort_server.engine.openai.engine import OpenAIEngine
from docsort_server.faults import Fault

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from model_server import ModelServer

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.openai.reuse import VerdictCache

QUESTION = Question(
    (
        Category("Invoice", "asks for money", ("shows a total", "names a seller")),
        Category("Invoice credit"),
        Category("Contract", "", ("is signed",)),
    ),
    evidence=False,
)
PLAIN = Question((Category("Invoice"), Category("Invoice credit"), Category("Contract")))
PAGE: PageContent = page(INVOICE)
KEY = "sk-very-secret"


def backend(server: ModelServer | None = None, **changes: Any) -> Backend:  # noqa: ANN401
    """Return a backend for a server, or for none."""
    url = server.url if server else "http://127.0.0.1:9/v1"
    facts = {"name": "default", "base_url": url, "model": "small", "api_key": KEY, "timeout": 5.0}
    return Backend(**{**facts, **changes})


@asynccontextmanager
async def engine_at(
    server: ModelServer,
    cache: VerdictCache | None = None,
    **changes: Any,  # noqa: ANN401
) -> AsyncGenerator[OpenAIEngine, None]:
    """Run an engine whose pauses are a tenth of a thousandth of the longest."""
    given = backend(server, **changes)
    engine = OpenAIEngine(given, cache=cache, jitter=lambda: 0.0001)
    try:
        yield engine
    finally:
        await engine.close()


async def fault_of(engine: OpenAIEngine, question: Question = QUESTION) -> Fault:
    """Return the fault with which a page fails."""
    with pytest.raises(Fault) as caught:
        await engine.classify(PAGE, question)
    assert KEY not in caught.value.message
    return caught.value
