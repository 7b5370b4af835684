"""The model engine as the server sees it: a page and a question go in, a verdict comes out."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.engine.local.garbled import is_garbled
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import NOBODY, EngineIdentity, Outcome, PageVerdict
from docsort_server.engine.openai.backend import Vision
from docsort_server.engine.openai.calls import Calls, Errand
from docsort_server.engine.openai.client import ModelClient
from docsort_server.engine.openai.inquiry import Asked, Inquiry
from docsort_server.engine.openai.ladder import PROBE_AGAIN, Ladder
from docsort_server.engine.openai.prompt import VERSION, page_content, page_text, prompt_of
from docsort_server.engine.openai.reuse import Reuse, key_of
from docsort_server.engine.openai.trouble import Unsupported
from docsort_server.engine.openai.watched import WatchedClient
from docsort_server.engine.outcome import decided_anew
from docsort_server.telemetry.genai import logged

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import Question, Turn
    from docsort_server.engine.openai.allowance import Allowance
    from docsort_server.engine.openai.backend import Backend
    from docsort_server.engine.openai.reuse import VerdictCache
    from docsort_server.telemetry.genai import Observer


log = logging.getLogger(__name__)

# Pages with so many letters at their head are neither blank nor scans.
_HEAD = 800
_LETTERS = 120


class OpenAIEngine:
    """A PageClassifier that asks one backend. Close it in the end.

    `allowance` replaces the requests and tokens per minute of this process by one that is shared.
    With a `cache` an answer is used again for an equal page and question. The `observer` is told of
    every call to the backend.
    """

    def __init__(
        self,
        backend: Backend,
        *,
        cache: VerdictCache | None = None,
        allowance: Allowance | None = None,
        observer: Observer = logged,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._backend = backend
        self._blind_until: float | None = None
        self._reuse = Reuse(cache) if cache else None
        self._clock = clock
        self._client = ModelClient(backend)
        watched = WatchedClient(self._client, backend, observer)
        self._calls = Calls(backend, watched, allowance=allowance, clock=clock, jitter=jitter)
        self._ladder = Ladder(clock)

    @property
    def identity(self) -> EngineIdentity:
        """Name backend, model and prompt; there is no lexicon, and the weights are unknown."""
        return EngineIdentity(self._backend.name, self._backend.model, "", "", VERSION)

    @property
    def span(self) -> int:
        """Tell how many pages one unit of work should hold."""
        return 1

    async def classify(
        self,
        page: PageContent,
        question: Question,
        turn: Turn = NOBODY,
    ) -> PageVerdict:
        """Answer for one page.

        Callers, such as jobs, take turns while the backend is busy. Raises `Fault`
        MODEL_UNAVAILABLE, or MODEL_OUTPUT_INVALID when the model's answers are of no use. A
        cancelled task closes its call.
        """
        empty = None if plainly_legible(page) else unread(page)
        if empty is Outcome.BLANK:
            return PageVerdict(Outcome.BLANK)
        shown = replace(page, text="") if empty is not None else page
        image = await self._image(turn, needed=empty is not None)
        try:
            if image is not None:
                verdict = await self._ask(shown, question, image, turn)
                return replace(verdict, seen=empty is not None)
        except Unsupported as trouble:
            self._learn_blindness(trouble)
        if empty is not None:
            return PageVerdict(Outcome.UNREADABLE)
        return await self._ask(shown, question, None, turn)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    async def _image(self, turn: Turn, *, needed: bool) -> bytes | None:
        vision = self._backend.vision
        if turn.picture is None or vision is Vision.NEVER or self._blind:
            return None
        return await turn.picture() if needed or vision is Vision.ALWAYS else None

    @property
    def _blind(self) -> bool:
        return self._blind_until is not None and self._clock() < self._blind_until

    def _learn_blindness(self, trouble: Unsupported) -> None:
        if not self._blind:
            log.warning("%s No images are sent to it for an hour.", trouble)
        self._blind_until = self._clock() + PROBE_AGAIN

    async def _ask(
        self,
        page: PageContent,
        question: Question,
        image: bytes | None,
        turn: Turn,
    ) -> PageVerdict:
        until = self._clock() + self._backend.patience
        last = until if turn.deadline is None else min(until, turn.deadline)
        errand = Errand(turn.caller, last, purse=turn.purse)
        text = page_text(page, self._backend.text_chars, image)
        asked = Asked(
            question, prompt_of(question), page.text, page_content(text, image), image is not None
        )
        inquiry = Inquiry(self._backend, self._calls, self._ladder, asked, errand)
        left = max(0.0, errand.until - self._clock())
        try:
            async with asyncio.timeout(left):
                if self._reuse is None or not turn.cache:
                    return await inquiry.verdict()
                key = key_of(turn.tenant, self._backend, question, text, page.text, image)
                return decided_anew(await self._reuse.verdict(key, inquiry.verdict), question)
        except TimeoutError:
            if turn.purse:
                turn.purse.check_time()
            raise inquiry.late() from None


def plainly_legible(page: PageContent) -> bool:
    """Tell at little cost what `unread` would say of most pages: that they can be classified."""
    if not page.text.isascii() or is_garbled(page):
        return False
    return sum(map(str.isalpha, page.text[:_HEAD])) >= _LETTERS
