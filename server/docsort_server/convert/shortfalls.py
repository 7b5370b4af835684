"""Which bound keeps an answer from being matched."""

from __future__ import annotations

from docsort.v1 import classification_pb2 as classification
from docsort_server.engine.outcome import Bound, Shortfall

_BOUND = "BOUND_"


def shortfall_to_proto(shortfall: Shortfall | None) -> classification.Shortfall | None:
    """Return a shortfall as a message, if there is one."""
    if shortfall is None:
        return None
    return classification.Shortfall(
        bound=classification.Bound.Value(f"{_BOUND}{shortfall.bound}"),
        required=shortfall.required,
        reached=shortfall.reached,
    )


def shortfall_from_proto(message: classification.Shortfall) -> Shortfall | None:
    """Return a shortfall; None for a message that is not set."""
    if not message.bound:
        return None
    bound = Bound(classification.Bound.Name(message.bound).removeprefix(_BOUND))
    return Shortfall(bound, message.required, message.reached)
