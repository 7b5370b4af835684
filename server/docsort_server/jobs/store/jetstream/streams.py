"""The streams: made when missing, brought up to date when they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docsort_server.jobs.store.jetstream.api import nanoseconds
from docsort_server.jobs.store.jetstream.trouble import NO_STREAM, Refused
from docsort_server.jobs.store.protocols import StoreError

if TYPE_CHECKING:
    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names

# To the engine: as many bytes as there is room for.
UNLIMITED = -1
DAY = 24 * 3600.0
# Queued tasks; a store that holds more is told to be overloaded.
MAX_TASKS = 1_000_000
# Parts of the capacity; what is left over is for the engine's own files. Documents get less than
# all, so that a store full of documents still takes the results of the jobs it has accepted.
DOCUMENTS_SHARE, EVENTS_SHARE, TASKS_SHARE, BUCKET_SHARE = 0.55, 0.30, 0.05, 0.025


@dataclass(frozen=True, slots=True)
class Shape:
    """How the streams are kept.

    `retention` is the seconds after which anything is forgotten, whatever its own time is;
    `capacity` the bytes for all of it, None where the cluster's operator sets the limits;
    `page_tasks` the most page tasks of one lane in the hands of all consumers, None for any number;
    `alone` tells that the engine will never be one of several; `cache_bytes` are for answers that
    may be used again, beside the capacity.
    Streams that are there get a longer retention or a larger capacity, never less than they had.
    """

    replicas: int = 1
    retention: float = 7 * DAY
    capacity: int | None = None
    page_tasks: int | None = None
    alone: bool = False
    cache_bytes: int = 0

    def share(self, part: float) -> int:
        """Return a part of the capacity, `UNLIMITED` without one."""
        return int(self.capacity * part) if self.capacity else UNLIMITED


async def ensure_streams(jetstream: JetStream, names: Names, shape: Shape) -> None:
    """Make the streams be as they should. Raises `Away`, `Refused` and `StoreError`."""
    for config in _configs(names, shape):
        name = config["name"]
        try:
            info = await jetstream.call(f"STREAM.INFO.{name}")
        except Refused as refusal:
            if refusal.number != NO_STREAM:
                raise
            await jetstream.call(f"STREAM.CREATE.{name}", config)
        else:
            # Creating it again would ask for its room a second time.
            await jetstream.call(f"STREAM.UPDATE.{name}", _kept(info["config"], config))


def _kept(found: dict[str, Any], wanted: dict[str, Any]) -> dict[str, Any]:
    """Return what is wanted of a stream without taking away what it has already."""
    copies, enough = found["num_replicas"], wanted["num_replicas"]
    if copies > enough:
        raise StoreError(
            f"the streams have {copies} copies; nats_replicas is {enough}: set it to {copies}"
        )
    limits = {"max_bytes": _most_bytes(found["max_bytes"], wanted["max_bytes"])}
    if "max_age" in wanted:
        limits["max_age"] = _longest(found["max_age"], wanted["max_age"])
    return wanted | limits


def _most_bytes(found: int, wanted: int) -> int:
    """Leave the operator's limit alone where none is wanted."""
    return found if wanted == UNLIMITED else max(found, wanted)


def _longest(found: int, wanted: int) -> int:
    """Return the longer of two ages, of which 0 is endless."""
    return max(found, wanted) if found else 0


def _configs(names: Names, shape: Shape) -> list[dict[str, Any]]:
    common = {"storage": "file", "num_replicas": shape.replicas, "discard": "new"}
    kept = {"allow_direct": True, "allow_msg_ttl": True, "max_age": nanoseconds(shape.retention)}
    events = {
        "name": names.events,
        "subjects": [names.all_jobs, names.promises],
        "max_bytes": shape.share(EVENTS_SHARE),
    }
    tasks = {
        "name": names.tasks,
        "subjects": [f"{names.prefix}.task.>"],
        "retention": "workqueue",
        "max_msgs": MAX_TASKS,
        "max_bytes": shape.share(TASKS_SHARE),
    }
    documents = {
        "name": names.documents,
        "subjects": [f"{names.prefix}.doc.>"],
        # A chunk that is sent again replaces itself.
        "max_msgs_per_subject": 1,
        "max_bytes": shape.share(DOCUMENTS_SHARE),
    }
    summaries, leases = _bucket(names, names.state, shape), _bucket(names, names.leases, shape)
    if shape.alone:
        # Summaries come often and may be lost, so they need not wait for the disk; an engine
        # that is or will be one of several leaves no choice, neither at first nor later.
        summaries["persist_mode"] = "async"
    configs = [
        common | kept | events,
        common | tasks,
        *(common | kept | each for each in (documents, summaries, leases)),
    ]
    if shape.cache_bytes:
        configs.append(common | kept | _cache(names, shape))
    return configs


def _cache(names: Names, shape: Shape) -> dict[str, Any]:
    config = {
        "name": names.cache,
        "subjects": [f"{names.prefix}.cache.*"],
        "max_msgs_per_subject": 1,
        "max_bytes": shape.cache_bytes,
        "discard": "old",
    }
    # It may be lost, so nothing waits for the disk.
    return config | ({"persist_mode": "async"} if shape.alone else {})


def _bucket(names: Names, stream: str, shape: Shape) -> dict[str, Any]:
    return {
        "name": stream,
        "subjects": [names.keys(stream)],
        "max_msgs_per_subject": 1,
        "allow_rollup_hdrs": True,
        "deny_delete": True,
        "max_bytes": shape.share(BUCKET_SHARE),
    }
