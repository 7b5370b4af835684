"""The cache of answers in a stream of its own, which forgets the oldest when it is full."""

from __future__ import annotations

import logging
import time
from typing import TYPE_CHECKING

from docsort_server.faults import Fault
from docsort_server.jobs.store.jetstream.api import life
from docsort_server.jobs.store.jetstream.trouble import Away, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names

# Seconds that a page waits for the cache: it may as well be answered anew.
_PATIENCE = 1.0

log = logging.getLogger(__name__)


class JetStreamAnswerCache:
    """Share answers among replicas; what the engine does not tell at once is as good as unknown."""

    def __init__(
        self, jetstream: JetStream, names: Names, clock: Callable[[], float] = time.time
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._clock = clock

    async def get(self, key: str) -> bytes | None:
        """Return an answer; None where there is none, or none any more."""
        subject = self._names.answer(key)
        try:
            stored = await self._jetstream.glance(self._names.cache, subject, _PATIENCE)
        except (Away, Refused) as error:
            log.debug("an answer was not looked up: %s", error)
            return None
        return stored.body if stored and stored.expires > self._clock() else None

    async def put(self, key: str, body: bytes, *, ttl: float) -> None:
        """Keep an answer for `ttl` seconds, as far as there is room."""
        headers = life(ttl, self._clock())
        try:
            await self._jetstream.publish(self._names.answer(key), body, headers, _PATIENCE)
        except (Away, Refused, Fault) as error:
            log.debug("an answer was not kept: %s", error)
