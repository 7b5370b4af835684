"""Ask the job engine how it is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from docsort_server.jobs.store.jetstream.api import JetStream, has_most
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.names import Names
from docsort_server.jobs.store.jetstream.servers import shown
from docsort_server.jobs.store.jetstream.trouble import Away, Refused
from docsort_server.jobs.store.protocols import LANES, SPANS
from docsort_server.status.facts import EngineFacts, LaneFacts, StreamFacts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.jobs.store.jetstream.servers import Servers

# Seconds to connect, and for all answers.
CONNECT, PATIENCE = 1.5, 1.5
KINDS = ("job", *SPANS)
# Beyond the last subject: they are to be counted, not listed.
_NONE_LISTED = 1 << 40


async def engine_facts(servers: Servers, prefix: str) -> EngineFacts:
    """Return what the engine says, with its secrets left out."""
    where = servers.shown
    try:
        async with Connection.open(servers, CONNECT) as connection, asyncio.timeout(PATIENCE):
            return await _asked(connection, Names(prefix))
    except (Away, TimeoutError):
        return EngineFacts(where, problem=f"the job engine at {where} does not answer")
    except Refused as refusal:
        return EngineFacts(where, problem=f"the job engine at {where} refuses: {refusal}")


async def _asked(connection: Connection, names: Names) -> EngineFacts:
    jetstream = JetStream(connection)
    streams = (names.events, names.tasks, names.documents, names.state, names.leases)
    infos = [await jetstream.call(f"STREAM.INFO.{name}") for name in streams]
    return EngineFacts(
        problem=unwritable(infos),
        url=shown(connection.url),
        version=connection.version,
        streams=[_stream(info) for info in infos],
        lanes=[await _lane(jetstream, names, kind, lane) for kind in KINDS for lane in LANES],
        documents=await _count(jetstream, names.documents, f"{names.prefix}.doc.note.*"),
    )


def unwritable(infos: Sequence[dict[str, Any]]) -> str | None:
    """Tell which streams cannot be written to, as in a cluster that has lost its quorum.

    Whoever led them takes itself for their leader for ten to twenty seconds more.
    """
    clusters = {info["config"]["name"]: info.get("cluster", {}) for info in infos}
    found = [name for name, each in clusters.items() if each.get("name") and not has_most(each)]
    if not found:
        return None
    return f"nothing can be written to {', '.join(found)}: no leader with most of the copies"


def _stream(info: dict[str, Any]) -> StreamFacts:
    config, state, cluster = info["config"], info["state"], info.get("cluster", {})
    return StreamFacts(
        name=config["name"],
        messages=state["messages"],
        bytes=state["bytes"],
        limit=config["max_bytes"] if config["max_bytes"] > 0 else None,
        replicas=config["num_replicas"],
        leader=cluster.get("leader") if cluster.get("name") else None,
    )


async def _lane(jetstream: JetStream, names: Names, kind: str, lane: str) -> LaneFacts:
    try:
        info = await jetstream.call(f"CONSUMER.INFO.{names.tasks}.{kind}_{lane}")
    except Refused:
        # No worker has ever asked for these.
        waiting = await _count(jetstream, names.tasks, names.lane(kind, lane))
        return LaneFacts(kind, lane, waiting, 0)
    return LaneFacts(kind, lane, info["num_pending"], info["num_ack_pending"])


async def _count(jetstream: JetStream, stream: str, pattern: str) -> int:
    """Count the subjects of a pattern; each has one message."""
    asked = {"subjects_filter": pattern, "offset": _NONE_LISTED}
    found: int = (await jetstream.call(f"STREAM.INFO.{stream}", asked)).get("total", 0)
    return found
