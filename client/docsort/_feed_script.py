"""What a scripted server plays as the feed of all jobs."""

import dataclasses
from collections.abc import Iterator, Sequence

from docsort._convert import change_to_proto, job_from_proto
from docsort._enums import ChangeKind
from docsort._events import JobChange
from docsort.v1 import job_pb2, job_service_pb2


def changes_of(events: Sequence[job_pb2.JobEvent]) -> list[JobChange]:
    """Return what the events of a job are in the feed: that it was accepted, that it ended."""
    found = []
    for event in events:
        kind = event.WhichOneof("kind")
        if kind in ("accepted", "finished"):
            job = job_from_proto(getattr(event, kind).job)
            found.append(JobChange(ChangeKind(kind), dataclasses.replace(job, result=None)))
    return found


def feed(
    changes: Sequence[JobChange], token: str, most: int
) -> Iterator[job_service_pb2.WatchJobsResponse]:
    """Yield a heartbeat, then at most so many changes after the token, which counts them."""
    first = int(token or 0)
    begun = job_service_pb2.WatchJobsResponse(resume_token=str(first))
    begun.heartbeat.SetInParent()
    yield begun
    for number, change in enumerate(changes[first : first + most], first + 1):
        yield change_to_proto(dataclasses.replace(change, resume_token=str(number)))
