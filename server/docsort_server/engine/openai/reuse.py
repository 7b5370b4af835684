"""Answers that were paid for, for pages and questions that are the same in every way."""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import asdict
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from docsort_server.engine.openai.prompt import prompt_digest
from docsort_server.engine.outcome import without_bounds

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from docsort_server.engine.model import PageVerdict, Question
    from docsort_server.engine.openai.backend import Backend


class VerdictCache(Protocol):
    """Keeps verdicts by key, for as long as it likes."""

    async def find(self, key: str) -> PageVerdict | None:
        """Return the verdict of a key, told as `cached` and without usage; None if unknown."""

    async def keep(self, key: str, verdict: PageVerdict) -> None:
        """Keep a verdict, or not; never fails."""


class Reuse:
    """Look for a verdict before it is asked for; of equal pages at a time, one is asked about."""

    def __init__(self, cache: VerdictCache) -> None:
        self._cache = cache
        self._asking: dict[str, asyncio.Event] = {}

    async def verdict(self, key: str, ask: Callable[[], Awaitable[PageVerdict]]) -> PageVerdict:
        """Return the verdict of a key, which is asked for where it is not known.

        Failures are not kept: who waited for one asks again. Raises what `ask` raises.
        """
        while asking := self._asking.get(key):
            await asking.wait()
        self._asking[key] = done = asyncio.Event()
        try:
            found = await self._cache.find(key)
            if found is None:
                found = await ask()
                await self._cache.keep(key, found)
            return found
        finally:
            del self._asking[key]
            done.set()


def key_of(
    tenant: str,
    backend: Backend,
    question: Question,
    shown: str,
    text: str,
    image: bytes | None,
) -> str:
    """Return the SHA-256, in hexadecimal, of all that a verdict depends on.

    `shown` is the page as the model is shown it, `text` all of its text, against which quotes are
    checked. The bounds of outcomes do not count: those are decided anew for each question. Tenants
    share nothing: what one has paid for tells another nothing.
    """
    fit = backend.calibration
    facts = [
        tenant,
        _question_digest(question),
        [backend.name, backend.base_url, backend.model, backend.votes],
        [fit.id, fit.temperature] if fit else [],
        shown,
        hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest(),
        hashlib.sha256(image).hexdigest() if image is not None else "",
    ]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


@lru_cache(maxsize=64)
def _question_digest(question: Question) -> str:
    """Return the digest of a question with all that answers depend on, and of how it is asked."""
    facts = [prompt_digest(question), asdict(without_bounds(question))]
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
