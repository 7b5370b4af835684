"""The connection to one backend: a body goes out, a reply or a kind of trouble comes back."""

from __future__ import annotations

import asyncio
import importlib
import re
from contextlib import contextmanager
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from docsort_server.engine.openai import reply as replies
from docsort_server.engine.openai.request import IMAGE, parameter_named, refuses_images
from docsort_server.engine.openai.trouble import Passing, Rejected, Trouble, Unsupported

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    import openai

    from docsort_server.engine.openai.backend import Backend
    from docsort_server.engine.openai.reply import Reply

_CONNECT_SECONDS = 5.0
_KEEPALIVE_SECONDS = 120.0
_PASSING = {408, 409, 425, 429}
_REFUSED = {429, 529}
_UNKNOWN_KEY = 401
_DENIED = {_UNKNOWN_KEY, 402, 403}
_UNFIT = {400, 404, 422}
_TOO_LONG = re.compile(r"context.{0,12}(length|size|window)|too (long|large)|exceed.*token")
_UNKNOWN_MODEL = re.compile(r"\bmodel\b")
_QUOTED = 300
# A header that is wrong must not close a backend for days.
_LONGEST_WAIT = 3_600.0


class ModelClient:
    """One pool of connections to one backend. Never retries and never waits by itself."""

    def __init__(self, backend: Backend) -> None:
        # Importing it takes up to seconds, which only servers with a backend should pay.
        library: Any = importlib.import_module("openai")
        transport: Any = importlib.import_module("httpx2")
        self._backend = backend
        limits = transport.Limits(
            max_connections=backend.max_concurrency,
            max_keepalive_connections=backend.max_concurrency,
            keepalive_expiry=_KEEPALIVE_SECONDS,
        )
        # A whole URL: joining one to its base costs a tenth of the call.
        self._url = f"{backend.base_url.rstrip('/')}/chat/completions"
        self._errors: Any = library
        self._transport: Any = transport
        self._client: openai.AsyncOpenAI = library.AsyncOpenAI(
            base_url=backend.base_url,
            # Local servers want no key, the library does.
            api_key=backend.api_key or "none",
            max_retries=0,
            timeout=transport.Timeout(backend.timeout, connect=_CONNECT_SECONDS),
            http_client=library.DefaultAioHttpClient(limits=limits),
        )

    async def complete(self, body: Mapping[str, Any]) -> Reply:
        """Return the reply to a chat completion's body. Raises `Trouble`."""
        with self._translated(images=_has_images(body)):
            # Below `create`, which walks through every message to change nothing in it.
            async with asyncio.timeout(self._backend.timeout):
                answer = await self._client.post(self._url, cast_to=object, body=dict(body))
        return replies.read(answer)

    async def close(self) -> None:
        """Close all connections."""
        await self._client.close()

    @contextmanager
    def _translated(self, *, images: bool) -> Iterator[None]:
        """Turn what the library raises into trouble; a cancellation passes."""
        errors = self._errors
        try:
            yield
        except errors.APIStatusError as error:
            if images and refuses_images(message := self._message(error)):
                text = f"{self._where} takes no images: {message}."
                raise Unsupported(IMAGE, text) from None
            raise self._status(error) from None
        except TimeoutError:
            raise Passing(self._late) from None
        except errors.APIConnectionError as error:
            cause = error.__cause__
            late = isinstance(cause, self._transport.TimeoutException)
            # The transport calls every lost connection a time-out of connecting.
            if late and not isinstance(cause, self._transport.ConnectTimeout):
                raise Passing(self._late) from None
            text = f"{self._where} cannot be reached: {_text(cause or error)}"
            raise Passing(text) from None
        except (errors.OpenAIError, ValueError) as error:
            # A body that is no JSON is a ValueError, and no error of the library's.
            raise Passing(f"{self._where} sent what cannot be read: {_text(error)}") from None

    @property
    def _late(self) -> str:
        return f"{self._where} did not answer within {self._backend.timeout:g} s"

    @property
    def _where(self) -> str:
        return f"The model server at {self._backend.address}"

    def _status(self, error: openai.APIStatusError) -> Trouble:
        status, message = error.status_code, self._message(error)
        if status in _DENIED:
            # What is said of an unknown key may quote it.
            why = "" if status == _UNKNOWN_KEY else f": {message}"
            text = f"{self._where} refused the key (status {status}){why}."
            return Rejected(text, setting="api_key")
        if status in _PASSING or status >= 500:
            return Passing(
                f"{self._where} answered with status {status}: {message}",
                retry_after=_retry_after(error.response.headers),
                refused=status in _REFUSED,
            )
        if status not in _UNFIT:
            text = f"{self._where} answered with status {status}: {message}"
            return Rejected(text, setting="base_url")
        return self._unfit(error, message)

    def _unfit(self, error: openai.APIStatusError, message: str) -> Trouble:
        """Tell apart what statuses 400, 404 and 422 mean."""
        if _TOO_LONG.search(message.casefold()):
            text = f"{self._where} takes no text as long as this page's: {message}"
            return Rejected(text, setting="text_chars", everywhere=False)
        code, param = error.code or "", error.param
        missing = error.status_code == 404
        if param == "model" or code == "model_not_found":
            return self._unknown_model(message)
        parameter = parameter_named(message, param)
        if parameter is not None:
            return Unsupported(parameter, f"{self._where} does not take {parameter!r}: {message}")
        if _UNKNOWN_MODEL.search(message.casefold()):
            return self._unknown_model(message)
        if missing:
            text = f"{self._where} has no /chat/completions there (status 404): {message}"
            return Rejected(text, setting="base_url")
        text = f"{self._where} refused the request (status {error.status_code}): {message}"
        return Rejected(text, setting="model", everywhere=False)

    def _unknown_model(self, message: str) -> Rejected:
        text = f"{self._where} has no model {self._backend.model!r}: {message}"
        return Rejected(text, setting="model")

    def _message(self, error: openai.APIStatusError) -> str:
        """Return the backend's own words, without the key should it have quoted that."""
        said = error.body.get("message") if isinstance(error.body, dict) else None
        text = _text(said if isinstance(said, str) else error.response.text or "no reason given")
        return text.replace(self._backend.api_key, "***") if self._backend.api_key else text


def _has_images(body: Mapping[str, Any]) -> bool:
    return any(isinstance(message["content"], list) for message in body["messages"])


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds that a backend asks to wait, which it tells in three ways."""
    for name, unit in (("retry-after-ms", 1_000.0), ("retry-after", 1.0)):
        value = headers.get(name, "")
        try:
            return min(_LONGEST_WAIT, max(0.0, float(value) / unit))
        except ValueError:
            pass
    try:
        moment = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return min(_LONGEST_WAIT, max(0.0, (zoned - datetime.now(UTC)).total_seconds()))


def _text(value: object) -> str:
    return " ".join((str(value) or type(value).__name__).split())[:_QUOTED]
