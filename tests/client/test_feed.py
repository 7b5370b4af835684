"""The feed of all jobs, on both clients, over connections that break."""

import asyncio
import contextlib
import dataclasses
import itertools
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

import grpc
import pytest
from client_scripts import QUICK, script, serving

import docsort
from docsort._aio import AsyncCalls
from docsort._convert import change_from_proto, change_to_proto
from docsort._feed import FeedCursor, follow
from docsort._stream import Patience
from docsort.testing import Cut, Server
from docsort.v1 import job_pb2, job_service_pb2

WHEN = datetime(2030, 1, 2, tzinfo=UTC)
KINDS = list(docsort.ChangeKind)
CHANGES = [
    docsort.JobChange(KINDS[number % 3], docsort.Job(f"job-{number}"), WHEN) for number in range(6)
]
# As they arrive: with the tokens that the scripted server gives them.
EXPECTED = [
    dataclasses.replace(change, resume_token=str(number))
    for number, change in enumerate(CHANGES, 1)
]
Follow = Callable[..., Awaitable[list[docsort.JobChange]]]


async def followed(
    server: Server,
    count: int = len(CHANGES),
    timeouts: docsort.Timeouts = QUICK,
    **options: object,
) -> list[docsort.JobChange]:
    """Return so many changes from the asyncio client."""
    found: list[docsort.JobChange] = []
    async with serving(server, timeouts) as client, asyncio.timeout(20):
        feed = client.watch_jobs(**options)  # type: ignore[arg-type]
        async with contextlib.aclosing(feed):
            while len(found) < count:
                found.append(await anext(feed))
    return found


async def followed_blocking(
    server: Server,
    count: int = len(CHANGES),
    timeouts: docsort.Timeouts = QUICK,
    **options: object,
) -> list[docsort.JobChange]:
    """Return so many changes from the blocking client."""

    def run() -> list[docsort.JobChange]:
        with docsort.Client(server.target, timeouts=timeouts) as client:
            feed = client.watch_jobs(**options)  # type: ignore[arg-type]
            with contextlib.closing(feed):
                return list(itertools.islice(feed, count))

    async with server:
        return await asyncio.to_thread(run)


each_client = pytest.mark.parametrize("follow", [followed, followed_blocking])


def requests(server: Server) -> list[job_service_pb2.WatchJobsRequest]:
    """Return what was asked for."""
    return [r for r in server.requests if isinstance(r, job_service_pb2.WatchJobsRequest)]


@each_client
async def test_changes_come_in_order(follow: Follow) -> None:
    """Each with its job, its time and a token; the filter and where to begin are sent."""
    server = Server(changes=CHANGES)
    options = {"statuses": ["failed"], "labels": {"a": "b"}, "from_start": True}
    assert await follow(server, **options) == EXPECTED
    (asked,) = requests(server)
    assert list(asked.filter.statuses) == [job_pb2.JOB_STATUS_FAILED]
    assert (dict(asked.filter.labels), asked.from_start, asked.resume_token) == (
        {"a": "b"},
        True,
        "",
    )


@each_client
@pytest.mark.parametrize(
    "code", [grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, grpc.StatusCode.OK]
)
async def test_cut_anywhere_it_goes_on(follow: Follow, code: grpc.StatusCode) -> None:
    """However often a call breaks, every change comes once, from the newest token on."""
    server = Server(changes=CHANGES, cuts=[Cut(n, code) for n in (0, 1, 0, 2, 3)])
    assert await follow(server, from_start=True) == EXPECTED
    asked = [(request.from_start, request.resume_token) for request in requests(server)]
    assert asked == [(True, ""), (False, "0"), (False, "1"), (False, "1"), (False, "3")]


@each_client
async def test_any_token_goes_on(follow: Follow) -> None:
    """What a program has kept brings the rest, in another client too."""
    assert await follow(Server(changes=CHANGES), 3, resume_token="3") == EXPECTED[3:]


@each_client
async def test_silence_is_broken(follow: Follow) -> None:
    """A feed without any sign of life is given up and taken up again."""
    server = Server(changes=CHANGES, cuts=[Cut(2, code=None)])
    assert await follow(server, timeouts=dataclasses.replace(QUICK, idle=0.2)) == EXPECTED


@each_client
@pytest.mark.parametrize(
    ("code", "reason", "error"),
    [
        (grpc.StatusCode.OUT_OF_RANGE, "EVENTS_EXPIRED", docsort.EventsExpiredError),
        (grpc.StatusCode.INVALID_ARGUMENT, "INVALID_REQUEST", docsort.InvalidRequestError),
    ],
)
async def test_a_refusal_is_final(
    follow: Follow, code: grpc.StatusCode, reason: str, error: type[docsort.DocsortError]
) -> None:
    """A token that has expired, or never was one, is told at once, also on resuming."""
    refused = Cut(code=code, reason=docsort.ErrorReason(reason))
    server = Server(changes=CHANGES, cuts=[Cut(1), refused])
    with pytest.raises(error) as caught:
        await follow(server)
    assert caught.value.reason == reason
    assert len(requests(server)) == 2


@each_client
async def test_a_server_that_stays_away_is_given_up(follow: Follow) -> None:
    """After `Timeouts.resume` without any sign of life."""
    server = Server(changes=CHANGES, refusals={"WatchJobs": Cut()})
    with pytest.raises(docsort.APIConnectionError):
        await follow(server, timeouts=dataclasses.replace(QUICK, resume=0.1))


async def test_a_server_that_comes_back_is_followed_on() -> None:
    """Stopped and started again on its port, it is asked for what comes after the last token."""
    server = Server(changes=CHANGES)
    async with serving(server) as client, asyncio.timeout(20):
        feed = client.watch_jobs()
        found = [await anext(feed) for _ in CHANGES]
        waiting = asyncio.ensure_future(anext(feed))
        await server.stop()
        server._changes = [*CHANGES, CHANGES[0]]
        await server.start()
        assert found == EXPECTED
        assert await waiting == dataclasses.replace(CHANGES[0], resume_token="7")
        await feed.aclose()


async def test_what_the_caller_has_not_dealt_with_is_not_settled() -> None:
    """A program that stops in the middle of a change goes on with that change."""
    async with Server(changes=CHANGES) as server:
        calls = AsyncCalls(server.target, QUICK, 1024, None)
        cursor = FeedCursor(job_service_pb2.JobFilter())
        feed = follow(calls, cursor, Patience(QUICK.resume))
        seen = []
        for _ in range(3):
            await anext(feed)
            seen.append((cursor.settled, cursor.token))
        await feed.aclose()
        await calls.close()
    assert seen == [("0", "1"), ("1", "2"), ("2", "3")]
    assert cursor.settled == "2"


async def test_an_unknown_state_is_told_at_once() -> None:
    """Before anything is sent, with the states there are."""
    async with docsort.AsyncClient("127.0.0.1:1") as client:
        with pytest.raises(ValueError, match="queued"):
            client.watch_jobs(["done"])


async def test_a_script_of_a_job_is_a_feed_too() -> None:
    """Without changes of its own the scripted server tells of its job, without the result."""
    found = await followed(Server(script()), 2)
    assert [change.kind for change in found] == ["accepted", "finished"]
    assert [change.job.status for change in found] == ["queued", "completed"]
    assert found[1].job.result is None


@pytest.mark.parametrize("change", EXPECTED[:3], ids=lambda change: str(change.kind))
def test_a_change_survives_the_round_trip(change: docsort.JobChange) -> None:
    """It is the same after writing and reading it."""
    assert change_from_proto(change_to_proto(change)) == change


def test_kinds_of_newer_servers_are_passed_over() -> None:
    """A message without a known kind is no change."""
    assert change_from_proto(job_service_pb2.WatchJobsResponse(resume_token="x")) is None
