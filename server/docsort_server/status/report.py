"""Facts as text for people, and as JSON for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.status.facts import EngineFacts, Facts, ServerFacts, StreamFacts

_UNITS = ("B", "KiB", "MiB", "GiB", "TiB")
_STEP = 1024


def as_json(facts: Facts) -> str:
    """Return all facts as one object."""
    summary = {"serving": not facts.problems, "problems": facts.problems}
    return json.dumps(summary | asdict(facts), indent=2)


def as_text(facts: Facts) -> str:
    """Return the facts in lines, the answer first."""
    return "\n".join(f"{name:<12} {text}" for name, text in _lines(facts))


def _lines(facts: Facts) -> Iterator[tuple[str, str]]:
    yield "serving", "no" if facts.problems else "yes"
    for problem in facts.problems:
        yield "because", problem
    yield from _server(facts.server)
    if facts.engine:
        yield from _engine(facts.engine)
    else:
        yield "jobs", "in the server's memory, gone with it"
    if facts.free_disk is not None:
        yield "disk", f"{size(facts.free_disk)} free"


def _server(server: ServerFacts) -> Iterator[tuple[str, str]]:
    if not server.address:
        return
    parts = [server.address]
    if server.pid:
        parts += [f"docsort {server.version}", f"process {server.pid}", f"role {server.role}"]
    yield "server", ", ".join(parts)
    for name, status in server.health.items():
        yield "health", f"{status:<12} {name or 'all of it'}"


def _engine(engine: EngineFacts) -> Iterator[tuple[str, str]]:
    if engine.problem:
        return
    if engine.url is None:
        yield "job engine", "not asked: name it with --nats, or the server's folder with --data"
        return
    yield "job engine", f"nats-server {engine.version} at {engine.url}"
    for stream in engine.streams:
        yield "stream", _stream(stream)
    for lane in engine.lanes:
        counts = f"{lane.waiting} waiting, {lane.in_hand} in hand"
        yield "tasks", f"{lane.kind} {lane.lane:<10} {counts}"
    yield "documents", str(engine.documents)


def _stream(stream: StreamFacts) -> str:
    limit = f" of {size(stream.limit)}" if stream.limit else ""
    parts = [f"{stream.messages} messages", size(stream.bytes) + limit]
    parts.append("1 copy" if stream.replicas == 1 else f"{stream.replicas} copies")
    if stream.replicas > 1:
        parts.append(f"led by {stream.leader}" if stream.leader else "without a leader")
    return f"{stream.name:<20} {', '.join(parts)}"


def size(count: float) -> str:
    """Return a number of bytes in the largest unit that leaves one before the point."""
    for unit in _UNITS[:-1]:
        if count < _STEP:
            return f"{count:.0f} B" if unit == "B" else f"{count:.1f} {unit}"
        count /= _STEP
    return f"{count:.1f} {_UNITS[-1]}"
