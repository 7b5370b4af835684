"""Calls to one backend with all that goes around them: turns, rates, retries and the circuit."""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from docsort_server.engine.openai.allowance import LocalAllowance
from docsort_server.engine.openai.circuit import Circuit
from docsort_server.engine.openai.limiter import Limiter
from docsort_server.engine.openai.trouble import Passing, Rejected, Trouble
from docsort_server.engine.openai.window import Window
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

    from docsort_server.engine.model import Purse
    from docsort_server.engine.openai.allowance import Allowance
    from docsort_server.engine.openai.backend import Backend
    from docsort_server.engine.openai.reply import Reply

_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 8.0
# When a page that was given up may be tried anew, where the backend did not say.
_LATER = 5.0


class Client(Protocol):
    """Sends one body and returns one reply."""

    async def complete(self, body: Mapping[str, Any]) -> Reply:
        """Return the reply. Raises `Trouble`."""


@dataclass(frozen=True, slots=True)
class Errand:
    """On whose behalf calls are made, until when (of the clock), and at about how many tokens.

    The `purse`, if there is one, pays for every answer.
    """

    caller: Hashable
    until: float
    tokens: int = 0
    purse: Purse | None = None


class Calls:
    """Shared by all jobs of a backend. Waits where that helps and gives up where it does not."""

    def __init__(
        self,
        backend: Backend,
        client: Client,
        *,
        allowance: Allowance | None = None,
        clock: Callable[[], float] = time.monotonic,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._backend = backend
        self._client = client
        self._clock = clock
        self._jitter = jitter
        window = Window(backend.max_concurrency, cut_latency=backend.cut_latency)
        self._limiter = Limiter(window, clock)
        self._allowance = allowance or LocalAllowance(backend, clock)
        self._circuit = Circuit(clock)

    async def send(self, body: Mapping[str, Any], errand: Errand) -> Reply:
        """Return the reply to a body.

        Raises `Unsupported` for a parameter, and `Fault` MODEL_UNAVAILABLE when the tries or the
        time are used up, when no try can help, or when the circuit is open. A call that was
        refused does not count as a try: the backend is there, and the time bounds it.
        """
        failed = refused = 0
        while True:
            try:
                return await self._once(body, errand)
            except Rejected as trouble:
                raise self._rejected(trouble) from None
            except Passing as trouble:
                failed, refused = failed + (not trouble.refused), refused + trouble.refused
                pause = self._pause(failed + refused)
                wait = max(pause, self._limiter.held)
                spent = failed >= self._backend.max_tries
                if spent or self._clock() + wait > errand.until:
                    raise self._unavailable(trouble) from None
                await asyncio.sleep(pause)

    async def _once(self, body: Mapping[str, Any], errand: Errand) -> Reply:
        self._check_hold(errand)
        async with self._limiter.slot(errand.caller):
            self._circuit.check()
            await self._allowed(errand.tokens)
            started = self._clock()
            try:
                reply = await self._client.complete(body)
            except Trouble as trouble:
                self._learn(trouble, started)
                raise
            except BaseException:
                self._circuit.abandoned()
                raise
            self._limiter.answered(started)
            self._circuit.succeeded()
            used = reply.spent.input + reply.spent.output
            await self._allowance.settle(errand.tokens, used or errand.tokens)
            return reply

    def _check_hold(self, errand: Errand) -> None:
        """Raise the refusal under which everybody waits where this page cannot wait so long."""
        if self._clock() + self._limiter.held > errand.until:
            text = f"The model server at {self._backend.address} asked not to be called for a while"
            raise self._unavailable(Passing(text))

    async def _allowed(self, tokens: int) -> None:
        while wait := await self._allowance.take(tokens):  # noqa: ASYNC110 - a rate is a clock
            await asyncio.sleep(wait)

    def _learn(self, trouble: Trouble, started: float) -> None:
        facts = self._facts
        if isinstance(trouble, Rejected) and trouble.everywhere:
            facts = {**facts, "setting": trouble.setting}
            self._circuit.failed(_advice(trouble), facts, at_once=True)
        elif isinstance(trouble, Passing) and not trouble.refused:
            self._circuit.failed(str(trouble), facts)
        else:
            # It is there and it answers.
            self._circuit.succeeded()
        if isinstance(trouble, Passing) and (trouble.refused or trouble.retry_after is not None):
            self._limiter.refused(started, trouble.retry_after)

    def _pause(self, times: int) -> float:
        """Return a wait of full jitter."""
        longest = min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (times - 1))
        return longest * self._jitter()

    def _rejected(self, trouble: Rejected) -> Fault:
        facts = {**self._facts, "setting": trouble.setting}
        return Fault(Reason.MODEL_UNAVAILABLE, _advice(trouble), metadata=facts)

    def _unavailable(self, trouble: Passing) -> Fault:
        after = max(self._limiter.held, trouble.retry_after or 0.0) or _LATER
        text = str(trouble)
        return Fault(Reason.MODEL_UNAVAILABLE, text, metadata=self._facts, retry_after=after)

    @property
    def _facts(self) -> dict[str, str]:
        return {"backend": self._backend.name}


def _advice(trouble: Rejected) -> str:
    return f"{trouble} Check the setting {trouble.setting} of the backend."
