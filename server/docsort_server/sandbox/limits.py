"""What a worker process may use before it is stopped or replaced."""

from __future__ import annotations

from dataclasses import dataclass

MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds on one worker process.

    `memory_bytes` is the address space above what the process has mapped after its imports, so a
    greedy request meets an allocation failure instead of the machine's memory. `max_requests` and
    `max_rss_bytes` replace a worker between two requests: native parsers leak and fragment; None
    never replaces for that cause. `read_ahead_bytes` bounds what a worker may send before its
    consumer asks. All times are seconds: `start_seconds` from exec to ready, `stop_seconds` from
    the wish to stop a request to the kill, `cpu_seconds` of processor time for one request.
    """

    memory_bytes: int | None = 1024 * MIB
    max_requests: int | None = 2_000
    max_rss_bytes: int | None = 300 * MIB
    read_ahead_bytes: int = 128 * 1024
    start_seconds: float = 20.0
    stop_seconds: float = 0.5
    cpu_seconds: int = 600
