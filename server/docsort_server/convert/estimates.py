"""Estimates as messages."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from docsort.v1 import job_service_pb2 as messages
from docsort_server.convert.times import duration

if TYPE_CHECKING:
    from docsort_server.engine.forecast import Bounds
    from docsort_server.jobs.estimate import Estimate

_MOST = 2**32 - 1


def estimate_to_proto(estimate: Estimate) -> messages.EstimateJobResponse:
    """Return an estimate as a message, its bounds rounded outwards."""
    forecast = estimate.forecast
    message = messages.EstimateJobResponse(
        total_pages=estimate.total_pages,
        pages=estimate.pages,
        engine=estimate.engine,
        pages_read=estimate.pages_read,
        model_calls=_counts(forecast.calls),
        input_tokens=_counts(forecast.input_tokens),
        output_tokens=_counts(forecast.output_tokens),
        time_unknown=estimate.time_unknown,
        notes=estimate.notes,
    )
    if forecast.cost:
        message.cost.least, message.cost.most = forecast.cost.least, forecast.cost.most
    if estimate.seconds:
        message.time.least.CopyFrom(duration(estimate.seconds.least))
        message.time.most.CopyFrom(duration(estimate.seconds.most))
    return message


def _counts(bounds: Bounds) -> messages.CountRange:
    # What fractions of pages add up to must not round up to one more than there are.
    least, most = math.floor(bounds.least + 1e-6), math.ceil(bounds.most - 1e-6)
    return messages.CountRange(least=min(_MOST, least), most=min(_MOST, most))
