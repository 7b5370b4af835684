"""What pages and jobs used, as callers see it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification

if TYPE_CHECKING:
    from docsort_server.engine.model import ModelUsage


def usage_to_proto(
    usage: ModelUsage | None, pages: int = 0, *, local_pages: int = 0, cached_pages: int = 0
) -> classification.Usage:
    """Return the pages given to the engine and, where a model was asked, what it used."""
    message = classification.Usage(pages=pages, local_pages=local_pages, cached_pages=cached_pages)
    if usage:
        message.model_calls = usage.model_calls
        message.input_tokens = usage.input_tokens
        message.output_tokens = usage.output_tokens
        message.cached_tokens = usage.cached_tokens
        if usage.cost is not None:
            message.cost = usage.cost
    return message
