"""Seconds to proto times and back."""

from __future__ import annotations

from datetime import UTC, datetime

from google.protobuf.duration_pb2 import Duration
from google.protobuf.timestamp_pb2 import Timestamp


def timestamp(seconds: float) -> Timestamp:
    """Return seconds since the epoch as a message, to the microsecond."""
    message = Timestamp()
    message.FromDatetime(datetime.fromtimestamp(seconds, UTC))
    return message


def duration(seconds: float) -> Duration:
    """Return seconds as a message, to the microsecond."""
    message = Duration()
    message.FromMicroseconds(round(seconds * 1e6))
    return message


def seconds_of(message: Duration | Timestamp) -> float:
    """Return a duration, or a time since the epoch, in seconds."""
    return message.seconds + message.nanos / 1e9
