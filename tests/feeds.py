"""Read the feed of all jobs, and make jobs for it to tell of."""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

from rpc_server import Calls, Feed, request
from store_cases import opened

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2
from docsort.v1.job_service_pb2 import WatchJobsResponse
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import Store
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded

# Kind of the change and id of the job.
Told = tuple[str, str]


def kind_of(message: WatchJobsResponse) -> str:
    """Return which kind a message is."""
    return str(message.WhichOneof("change"))


def job_of(message: WatchJobsResponse) -> job_pb2.Job:
    """Return the job that a change is about."""
    job = getattr(message, kind_of(message))
    assert isinstance(job, job_pb2.Job)
    return job


def told(messages: list[WatchJobsResponse]) -> list[Told]:
    """Return what changes say, in short."""
    return [(kind_of(message), job_of(message).job_id) for message in messages]


async def read(feed: Feed) -> WatchJobsResponse:
    """Return the next message."""
    async with asyncio.timeout(20):
        message = await feed.read()
    assert isinstance(message, WatchJobsResponse)
    return message


async def begun(feed: Feed) -> str:
    """Return the token of the feed's first message, which is a heartbeat."""
    message = await read(feed)
    assert kind_of(message) == "heartbeat"
    return message.resume_token


async def changes(feed: Feed, count: int) -> list[WatchJobsResponse]:
    """Return the next changes, without heartbeats."""
    found: list[WatchJobsResponse] = []
    while len(found) < count:
        message = await read(feed)
        if kind_of(message) != "heartbeat":
            found.append(message)
    return found


async def submitted(
    calls: Calls, labels: Mapping[str, str] | None = None, pages: int = 1, request_id: str = ""
) -> str:
    """Return the id of a new job."""
    options = classification.ClassificationOptions(labels=labels)
    return (await calls.submit(request(pages, options=options, request_id=request_id))).job_id


async def ended(calls: Calls, labels: Mapping[str, str] | None = None, request_id: str = "") -> str:
    """Return the id of a job that has ended."""
    job_id = await submitted(calls, labels, request_id=request_id)
    await calls.wait(job_id)
    return job_id


@asynccontextmanager
async def stores(kind: str, folder: Path, count: int = 1) -> AsyncGenerator[list[Store], None]:
    """Open so many stores on one engine, as replicas would; in memory it is one."""
    async with AsyncExitStack() as stack:
        if kind == "memory":
            yield [open_store()] * count
            return
        endpoint = await stack.enter_async_context(embedded(find_binary(), folder, sync="2m"))
        yield [await stack.enter_async_context(opened(endpoint)) for _ in range(count)]
