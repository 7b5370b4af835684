"""The streams: made when missing, brought up to date when they differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from docsort_server.jobs.store.jetstream.api import nanoseconds
from docsort_server.jobs.store.jetstream.trouble import NO_STREAM, Refused

if TYPE_CHECKING:
    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names

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
    `page_tasks` the most page tasks of one lane in the hands of all consumers, None for any number.
    """

    replicas: int = 1
    retention: float = 7 * DAY
    capacity: int | None = None
    page_tasks: int | None = None

    def share(self, part: float) -> int:
        """Return a part of the capacity, -1 without one."""
        return int(self.capacity * part) if self.capacity else -1


async def ensure_streams(jetstream: JetStream, names: Names, shape: Shape) -> None:
    """Make the streams be as they should. Raises `Away` and `Refused`."""
    for config in _configs(names, shape):
        name = config["name"]
        try:
            await jetstream.call(f"STREAM.INFO.{name}")
        except Refused as refusal:
            if refusal.number != NO_STREAM:
                raise
            await jetstream.call(f"STREAM.CREATE.{name}", config)
        else:
            # Creating it again would ask for its room a second time.
            await jetstream.call(f"STREAM.UPDATE.{name}", config)


def _configs(names: Names, shape: Shape) -> list[dict[str, Any]]:
    common = {"storage": "file", "num_replicas": shape.replicas, "discard": "new"}
    kept = {"allow_direct": True, "allow_msg_ttl": True, "max_age": nanoseconds(shape.retention)}
    events = {
        "name": names.events,
        "subjects": [names.all_jobs],
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
    if shape.replicas == 1:
        # Summaries come often and may be lost, so they need not wait for the disk; an engine
        # that is one of several leaves no choice.
        summaries["persist_mode"] = "async"
    return [
        common | kept | events,
        common | tasks,
        *(common | kept | each for each in (documents, summaries, leases)),
    ]


def _bucket(names: Names, stream: str, shape: Shape) -> dict[str, Any]:
    return {
        "name": stream,
        "subjects": [names.keys(stream)],
        "max_msgs_per_subject": 1,
        "allow_rollup_hdrs": True,
        "deny_delete": True,
        "max_bytes": shape.share(BUCKET_SHARE),
    }
