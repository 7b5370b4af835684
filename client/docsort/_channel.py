"""How the client's channels are set up."""

import json
import re
from typing import Final

DEFAULT_TARGET: Final = "127.0.0.1:50051"
DEFAULT_MESSAGE_BYTES: Final = 16 * 1024 * 1024

# What a message may hold beside the document: the specification has at most 256 KiB.
_ENVELOPE_BYTES: Final = 512 * 1024
# What the contract allows a part of an upload.
_LARGEST_CHUNK: Final = 1024 * 1024
# Streams are resumed by the client itself, which knows what it has seen; gRPC's own retries
# serve the single calls, all of which are safe to repeat.
_RETRIED: Final = (
    *("SubmitJob", "GetJob", "WaitJob", "CancelJob", "EstimateJob"),
    *("ListJobs", "ListPageResults"),
)


# Targets that name their own way of finding the server.
_SCHEMES: Final = ("dns:", "ipv4:", "ipv6:", "unix:", "unix-abstract:", "vsock:", "xds:")
_ADDRESS: Final = re.compile(r"(?:\[[0-9A-Fa-f:.%]+\]|[^\s:/\[\]]+):(\d+)", re.ASCII)
_LAST_PORT: Final = 65_535


def check_target(target: str) -> str:
    """Return the target; raises ValueError for one that can reach no server."""
    if not isinstance(target, str):
        raise TypeError(f"the server is text as HOST:PORT, found {type(target).__name__}")
    if target.startswith(_SCHEMES):
        return target
    match = _ADDRESS.fullmatch(target)
    if match is None or not 1 <= int(match[1]) <= _LAST_PORT:
        raise ValueError(f"'{target}' is no server: give HOST:PORT, such as {DEFAULT_TARGET}")
    return target


def channel_options(max_message_bytes: int) -> list[tuple[str, int | str]]:
    """Return the options of a channel whose requests hold documents of so many bytes."""
    message = max(max_message_bytes, _LARGEST_CHUNK) + _ENVELOPE_BYTES
    return [
        ("grpc.max_send_message_length", message),
        ("grpc.max_receive_message_length", message),
        ("grpc.per_rpc_retry_buffer_size", message),
        # The server refuses pings that come faster than every 10 s.
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 0),
        # A restarted server is found again within seconds; gRPC's default goes up to minutes.
        ("grpc.initial_reconnect_backoff_ms", 100),
        ("grpc.max_reconnect_backoff_ms", 3_000),
        ("grpc.dns_min_time_between_resolutions_ms", 10_000),
        ("grpc.service_config", _service_config()),
    ]


def _service_config() -> str:
    retried = [{"service": "docsort.v1.JobService", "method": method} for method in _RETRIED]
    retried += [
        {"service": "docsort.v1.DocumentService", "method": "DeleteDocument"},
        {"service": "docsort.v1.SchemaService", "method": "CheckCategories"},
    ]
    policy = {
        "maxAttempts": 4,
        "initialBackoff": "0.2s",
        "maxBackoff": "5s",
        "backoffMultiplier": 2,
        "retryableStatusCodes": ["UNAVAILABLE"],
    }
    return json.dumps(
        {
            "loadBalancingConfig": [{"round_robin": {}}],
            "methodConfig": [{"name": retried, "retryPolicy": policy}],
            "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1},
        }
    )
