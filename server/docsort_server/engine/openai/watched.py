"""A client whose calls are told to an observer, well or badly ended."""

from __future__ import annotations

import asyncio
import logging
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from docsort_server.engine.openai.trouble import Passing, Trouble
from docsort_server.telemetry.genai import ModelCall

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.engine.openai.backend import Backend
    from docsort_server.engine.openai.calls import Client
    from docsort_server.engine.openai.reply import Reply
    from docsort_server.telemetry.genai import Observer

_PORTS = {"http": 80, "https": 443}

log = logging.getLogger(__name__)


class WatchedClient:
    """Sends bodies through another client. An observer that fails harms no page."""

    def __init__(self, client: Client, backend: Backend, observer: Observer) -> None:
        place = urlsplit(backend.base_url)
        self._client = client
        self._observer = observer
        self._model = backend.model
        self._address = place.hostname or ""
        self._port = place.port or _PORTS.get(place.scheme, 0)

    async def complete(self, body: Mapping[str, Any]) -> Reply:
        """Return the reply. Raises `Trouble`."""
        started = time.monotonic()
        try:
            reply = await self._client.complete(body)
        except (Trouble, asyncio.CancelledError) as error:
            self._tell(body, time.monotonic() - started, None, _kind(error))
            raise
        self._tell(body, time.monotonic() - started, reply, "")
        return reply

    def _tell(
        self, body: Mapping[str, Any], seconds: float, reply: Reply | None, error: str
    ) -> None:
        spent = reply.spent if reply else None
        call = ModelCall(
            model=self._model,
            address=self._address,
            port=self._port,
            seconds=seconds,
            max_tokens=body.get("max_tokens", body.get("max_completion_tokens")),
            temperature=body.get("temperature"),
            response_id=reply.id if reply else "",
            response_model=reply.model if reply else "",
            finish_reason=reply.finish if reply else "",
            input_tokens=spent.input if spent else None,
            output_tokens=spent.output if spent else None,
            cached_tokens=spent.cached if spent else None,
            error=error,
        )
        try:
            self._observer(call)
        except Exception:
            log.exception("an observer of model calls failed")


def _kind(error: BaseException) -> str:
    """Return a word of few for how a call ended."""
    if isinstance(error, asyncio.CancelledError):
        return "cancelled"
    if isinstance(error, Passing) and error.refused:
        return "refused"
    return type(error).__name__.casefold()
