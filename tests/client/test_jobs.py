"""The calls about jobs, on both clients, as a scripted server and its script have them."""

import asyncio
import dataclasses
from collections.abc import Awaitable, Callable
from typing import TypeVar

import grpc
import pytest
from client_scripts import CATEGORIES, QUICK, finished, omitted, script, serving

import docsort
from docsort import formats
from docsort.testing import Cut, Server
from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2, job_service_pb2

EVENTS = script()
JOB = finished(EVENTS).job
Answer = TypeVar("Answer")


async def both(
    server: Server,
    ask: Callable[[docsort.AsyncClient], Awaitable[Answer]],
    ask_blocking: Callable[[docsort.Client], Answer],
) -> list[Answer]:
    """Return what either client answers."""

    def run() -> Answer:
        with docsort.Client(server.target, timeouts=QUICK) as client:
            return ask_blocking(client)

    async with serving(server) as client:
        return [await ask(client), await asyncio.to_thread(run)]


async def test_submit() -> None:
    """The whole request is sent, and its answer is the name of the job."""
    server = Server(EVENTS)
    answers = await both(
        server,
        lambda client: client.submit(b"%PDF-1", CATEGORIES, labels={"a": "b"}, ttl=9.5),
        lambda client: client.submit(b"%PDF-1", CATEGORIES, labels={"a": "b"}, priority="high"),
    )
    said = "Classification started"
    assert answers == [docsort.Submission("job-1", docsort.JobStatus.QUEUED, said)] * 2
    first, second = server.requests
    assert isinstance(first, job_service_pb2.SubmitJobRequest)
    assert isinstance(second, job_service_pb2.SubmitJobRequest)
    assert first.document.content == b"%PDF-1"
    assert [category.name for category in first.categories] == CATEGORIES
    assert dict(first.options.labels) == {"a": "b"}
    assert first.options.ttl.ToMilliseconds() == 9500
    assert second.options.priority == classification.PRIORITY_HIGH
    assert first.request_id != second.request_id


async def test_a_submission_renders_as_the_pages_format_has_it() -> None:
    """The body of a submission has its message, and null where nobody counts quotas."""
    body = formats.submitted(docsort.Submission("j", docsort.JobStatus.QUEUED, "Started"))
    assert list(body.items()) == [
        ("job_id", "j"),
        ("status", "processing"),
        ("message", "Started"),
        ("quota_remaining", None),
    ]


async def test_wait() -> None:
    """A finished job comes whole, also where its pages were left out."""
    answers = await both(
        Server(omitted(EVENTS)),
        lambda client: client.wait_job("job-1"),
        lambda client: client.wait_job("job-1", timeout=5),
    )
    assert answers == [JOB, JOB]


async def test_wait_asks_again_until_the_time_is_up() -> None:
    """A job that goes on is asked for again, and returned as it stands in the end."""
    server = Server(EVENTS[:1])
    answers = await both(
        server,
        lambda client: client.wait_job("job-1", timeout=0.2),
        lambda client: client.wait_job("job-1", timeout=0.2),
    )
    assert [job.running for job in answers] == [True, True]
    waits = [r for r in server.requests if isinstance(r, job_service_pb2.WaitJobRequest)]
    assert len(waits) > 2
    assert all(wait.timeout.ToMilliseconds() <= 200 for wait in waits)


async def test_wait_survives_a_server_that_goes_away() -> None:
    """What may pass is tried again for as long as a stream would be."""
    server = Server(EVENTS, refusals={"WaitJob": Cut(code=grpc.StatusCode.INTERNAL)})

    async def recovered(client: docsort.AsyncClient) -> docsort.Job:
        waiting = asyncio.create_task(client.wait_job("job-1"))
        await server.received(job_service_pb2.WaitJobRequest)
        server._refusals.clear()
        return await waiting

    async with serving(server) as client:
        assert await recovered(client) == JOB


async def test_wait_gives_up_on_a_server_that_stays_away() -> None:
    """After `Timeouts.resume` the trouble itself is raised."""
    server = Server(EVENTS, refusals={"WaitJob": Cut(code=grpc.StatusCode.INTERNAL)})
    async with serving(server, dataclasses.replace(QUICK, resume=0.1)) as client:
        with pytest.raises(docsort.APIConnectionError):
            await client.wait_job("job-1")


async def test_page_results() -> None:
    """They come one after the other, over as many calls as it takes."""
    assert JOB.result is not None
    server = Server(EVENTS)

    async def collected(client: docsort.AsyncClient) -> list[docsort.PageResult]:
        return [page async for page in client.page_results("job-1")]

    answers = await both(server, collected, lambda client: list(client.page_results("job-1")))
    assert answers == [list(JOB.result.page_results)] * 2
    assert len(server.requests) == 2 * len(JOB.result.page_results)


async def test_list() -> None:
    """The filter is sent, and jobs come without their results."""
    server = Server(EVENTS)

    async def collected(client: docsort.AsyncClient) -> list[docsort.Job]:
        return [job async for job in client.list_jobs(["failed"], {"a": "b"})]

    answers = await both(
        server, collected, lambda client: list(client.list_jobs(["failed"], {"a": "b"}))
    )
    assert answers == [[dataclasses.replace(JOB, result=None)]] * 2
    request = server.requests[0]
    assert isinstance(request, job_service_pb2.ListJobsRequest)
    assert list(request.filter.statuses) == [job_pb2.JOB_STATUS_FAILED]
    assert dict(request.filter.labels) == {"a": "b"}


async def test_a_state_that_there_is_not() -> None:
    """It is told with those there are."""
    with docsort.Client("127.0.0.1:1") as client, pytest.raises(ValueError, match="queued"):
        next(client.list_jobs(["done"]))


async def test_delete() -> None:
    """The job's id is sent; a refusal is its own error."""
    server = Server(EVENTS)
    refused = Cut(
        code=grpc.StatusCode.FAILED_PRECONDITION, reason=docsort.ErrorReason.JOB_NOT_FINISHED
    )
    await both(server, lambda client: client.delete_job("a"), lambda client: client.delete_job("a"))
    assert server.requests == [job_service_pb2.DeleteJobRequest(job_id="a")] * 2
    async with serving(Server(EVENTS, refusals={"DeleteJob": refused})) as client:
        with pytest.raises(docsort.JobNotFinishedError):
            await client.delete_job("a")


@pytest.mark.parametrize("options", [{"priority": "urgent"}, {"ttl": float("inf")}])
def test_options_that_cannot_be_read(options: docsort.Options) -> None:
    """They are told before anything is sent."""
    with docsort.Client("127.0.0.1:1", timeouts=QUICK) as client, pytest.raises(ValueError):  # noqa: PT011 - either message
        client.submit(b"%PDF-1", CATEGORIES, **options)
