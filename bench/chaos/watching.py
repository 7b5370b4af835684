"""Watch a job to its end over many calls to replicas drawn at random, writing down every event."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import grpc.aio

from bench.chaos.records import digest
from docsort import Accepted, Event, Finished, PageFinished
from docsort._convert import event_from_proto
from docsort._faults import from_rpc
from docsort.v1.job_service_pb2 import WatchJobRequest
from docsort.v1.job_service_pb2_grpc import JobServiceStub

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from bench.chaos.records import Record
    from docsort.v1.job_service_pb2_grpc import JobServiceAsyncStub

# Seconds before it asks again.
_PAUSES = (0.02, 0.4)
DURABLE = (Accepted, PageFinished, Finished)


class Watcher:
    """A cursor of its own, without the client's: an event that a server repeats is to be seen."""

    def __init__(
        self,
        name: str,
        job: int,
        channels: Mapping[str, grpc.aio.Channel],
        record: Record,
        chance: random.Random,
        stays: tuple[float, float],
    ) -> None:
        self._name = name
        self._job = job
        self._channels = channels
        self._record = record
        self._chance = chance
        self._stays = stays
        self._sequence = 0
        self._call = 0
        self._finished = False

    async def run(self, job_id: str) -> None:
        """Watch until the end."""
        while not self._finished:
            self._call += 1
            replica = self._chance.choice(sorted(self._channels))
            self._write("watch", replica=replica, after=self._sequence)
            status, reason = await self._watch(job_id, self._channels[replica])
            self._write("left", status=status, reason=reason)
            await asyncio.sleep(self._chance.uniform(*_PAUSES))

    async def _watch(self, job_id: str, channel: grpc.aio.Channel) -> tuple[str, str]:
        stub: JobServiceAsyncStub = JobServiceStub(channel)
        request = WatchJobRequest(job_id=job_id, after_sequence=self._sequence)
        call = stub.WatchJob(request, timeout=self._chance.uniform(*self._stays))
        try:
            async for response in call:
                if event := event_from_proto(response.event):
                    self._take(event)
        except grpc.aio.AioRpcError as failure:
            return failure.code().name, from_rpc(failure, target="").reason
        return "OK", ""

    def _take(self, event: Event) -> None:
        self._write("event", **facts_of(event))
        if isinstance(event, DURABLE):
            self._sequence = max(self._sequence, event.sequence)
        self._finished = self._finished or isinstance(event, Finished)

    def _write(self, what: str, **facts: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        self._record.write(what, watcher=self._name, job=self._job, call=self._call, **facts)


def facts_of(event: Event) -> dict[str, Any]:
    """Return what is written down of an event."""
    facts: dict[str, Any] = {
        "kind": type(event).__name__,
        "sequence": event.sequence,
        "job_id": event.job_id,
        "digest": digest(event),
    }
    match event:
        case PageFinished():
            page = event.page_result
            facts |= {"page": page.page, "label": page.classification, "result": digest(page)}
        case Finished():
            result = event.job.result
            pages = result.page_results if result else ()
            facts |= {
                "status": str(event.job.status),
                "failure": str(event.job.failure.reason) if event.job.failure else "",
                "pages": {page.page: digest(page) for page in pages},
            }
        case _:
            pass
    return facts
