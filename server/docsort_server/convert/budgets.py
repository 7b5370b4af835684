"""Budgets of jobs as callers give them."""

from __future__ import annotations

from docsort.v1 import classification_pb2 as classification
from docsort_server.convert.times import duration, seconds_of
from docsort_server.jobs.model import Budget, WhenSpent

_PREFIX = "WHEN_SPENT_"


def budget_from_proto(message: classification.Budget) -> Budget:
    """Return a budget; what is not set has no bound."""
    calls, time = message.HasField("max_model_calls"), message.HasField("max_time")
    when = classification.WhenSpent.Name(message.when_spent).removeprefix(_PREFIX)
    return Budget(
        max_model_calls=message.max_model_calls if calls else None,
        max_time=seconds_of(message.max_time) if time else None,
        when_spent=WhenSpent(when) if message.when_spent else WhenSpent.LOCAL,
    )


def budget_to_proto(budget: Budget) -> classification.Budget:
    """Return a budget as a message."""
    message = classification.Budget(
        max_model_calls=budget.max_model_calls,
        when_spent=classification.WhenSpent.Value(f"{_PREFIX}{budget.when_spent}"),
    )
    if budget.max_time is not None:
        message.max_time.CopyFrom(duration(budget.max_time))
    return message
