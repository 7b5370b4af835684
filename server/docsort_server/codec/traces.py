"""Stored form of what a model was asked and what that cost."""

from __future__ import annotations

from docsort.v1 import classification_pb2 as classification
from docsort_server.convert.usage import usage_to_proto
from docsort_server.engine.model import ConfidenceSource, ModelTrace, ModelUsage
from docsort_server.record.v1 import record_pb2 as record

_SOURCE = "CONFIDENCE_SOURCE_"


def trace_to_record(trace: ModelTrace) -> record.TraceRecord:
    """Return the stored form of a page's trace."""
    return record.TraceRecord(
        backend=trace.backend,
        model=trace.model,
        rung=trace.rung,
        usage=usage_to_proto(trace.usage),
        calibration=trace.calibration,
        mass=trace.mass,
    )


def trace_from_record(message: record.TraceRecord) -> ModelTrace:
    """Return a stored trace."""
    return ModelTrace(
        backend=message.backend,
        model=message.model,
        rung=message.rung,
        usage=usage_from_proto(message.usage),
        calibration=message.calibration if message.HasField("calibration") else None,
        mass=message.mass if message.HasField("mass") else None,
    )


def usage_from_proto(message: classification.Usage) -> ModelUsage:
    """Return a stored usage."""
    return ModelUsage(
        model_calls=message.model_calls,
        input_tokens=message.input_tokens,
        output_tokens=message.output_tokens,
        cached_tokens=message.cached_tokens,
        cost=message.cost if message.HasField("cost") else None,
    )


def source_to_proto(
    source: ConfidenceSource | None,
) -> classification.ConfidenceSource.ValueType:
    """Return where confidences come from as a message has it."""
    return classification.ConfidenceSource.Value(f"{_SOURCE}{source or 'UNSPECIFIED'}")


def source_from_proto(
    value: classification.ConfidenceSource.ValueType,
) -> ConfidenceSource | None:
    """Return where confidences come from."""
    if not value:
        return None
    return ConfidenceSource(classification.ConfidenceSource.Name(value).removeprefix(_SOURCE))
