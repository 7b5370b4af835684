"""Calls of models in the words of OpenTelemetry's semantic conventions for generative AI.

Names as of version 1.42 of the conventions, where all of `gen_ai` is still in development. Neither
prompts nor answers nor keys are in them.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)

OPERATION = "chat"
# The protocol's name, whoever speaks it: who is behind an address is not known here.
PROVIDER = "openai"

Attribute = str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ModelCall:
    """One call of a model that has ended: `error` names its kind of trouble, empty without any."""

    model: str
    address: str
    port: int
    seconds: float
    max_tokens: int | None = None
    temperature: float | None = None
    response_id: str = ""
    response_model: str = ""
    finish_reason: str = ""
    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None
    error: str = ""

    @property
    def span_name(self) -> str:
        """The name of its span."""
        return f"{OPERATION} {self.model}"

    def attributes(self) -> dict[str, Attribute]:
        """Return the attributes of its span; those that are not known are left out."""
        known: dict[str, Attribute | None] = {
            "gen_ai.operation.name": OPERATION,
            "gen_ai.provider.name": PROVIDER,
            "gen_ai.request.model": self.model,
            "gen_ai.request.max_tokens": self.max_tokens,
            "gen_ai.request.temperature": self.temperature,
            "gen_ai.output.type": "json",
            "gen_ai.response.id": self.response_id or None,
            "gen_ai.response.model": self.response_model or None,
            "gen_ai.response.finish_reasons": (self.finish_reason,) if self.finish_reason else None,
            "gen_ai.usage.input_tokens": self.input_tokens,
            "gen_ai.usage.output_tokens": self.output_tokens,
            "gen_ai.usage.cache_read.input_tokens": self.cached_tokens,
            "server.address": self.address,
            "server.port": self.port,
            "error.type": self.error or None,
        }
        return {name: value for name, value in known.items() if value is not None}


Observer = Callable[[ModelCall], None]


def logged(call: ModelCall) -> None:
    """Write a call to the log, at the level of debugging."""
    if log.isEnabledFor(logging.DEBUG):
        told = " ".join(f"{name}={value}" for name, value in call.attributes().items())
        log.debug("%s took %.3f s: %s", call.span_name, call.seconds, told)
