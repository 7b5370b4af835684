"""Options of the gRPC server that keep connections alive, bounded and private."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

MIB = 1024 * 1024
MINUTE_MS = 60_000
# Beside a document within it a request holds at most 256 KiB; the rest is for framing, and lets a
# document just above its limit be answered with a typed error.
REQUEST_MARGIN = MIB


def server_options(max_inline_bytes: int) -> Sequence[tuple[str, int]]:
    """Return the channel arguments of the server."""
    return (
        # On by default, it would let a second server bind the same port without a word.
        ("grpc.so_reuseport", 0),
        ("grpc.max_receive_message_length", max_inline_bytes + REQUEST_MARGIN),
        ("grpc.max_send_message_length", 16 * MIB),
        ("grpc.max_concurrent_streams", 100),
        ("grpc.max_connection_idle_ms", 5 * MINUTE_MS),
        # Connections end now and then so that balancers spread them; streams resume.
        ("grpc.max_connection_age_ms", 30 * MINUTE_MS),
        ("grpc.max_connection_age_grace_ms", 10 * MINUTE_MS),
        # Pings find dead peers behind long silent streams.
        ("grpc.keepalive_time_ms", MINUTE_MS),
        ("grpc.keepalive_timeout_ms", 20_000),
        ("grpc.keepalive_permit_without_calls", 1),
        # Clients ping every 30 s; the default of 5 min would answer that with GOAWAY.
        ("grpc.http2.min_recv_ping_interval_without_data_ms", 10_000),
    )
