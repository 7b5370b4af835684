"""What pages and documents look like that fit none of the categories."""

from __future__ import annotations

from docsort.v1 import classification_pb2 as classification
from docsort_server.engine.model import Suggestion


def suggestion_to_proto(suggestion: Suggestion | None) -> classification.Suggestion | None:
    """Return a suggestion as a message, if there is one."""
    if suggestion is None:
        return None
    return classification.Suggestion(
        type=suggestion.type, name=suggestion.name, confidence=suggestion.confidence
    )


def suggestion_from_proto(message: classification.Suggestion) -> Suggestion | None:
    """Return a suggestion; None for a message that is not set."""
    if not message.type:
        return None
    return Suggestion(message.type, message.name, message.confidence)
