"""The feed of all jobs, on either store: order, filters, and going on from any token."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import grpc
import pytest
from feeds import begun, changes, ended, job_of, kind_of, read, stores, submitted, told
from job_parts import Gate, ScriptedEngine
from rpc_server import Calls, Served, next_of, refusal, request, served

from docsort.v1 import job_pb2
from docsort.v1.job_service_pb2 import JobFilter, WatchJobsResponse

ID = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
COMPLETED = job_pb2.JOB_STATUS_COMPLETED
QUEUED = job_pb2.JOB_STATUS_QUEUED


@pytest.fixture(params=["memory", "jetstream"])
async def server(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Served, None]:
    """Serve on either store."""
    async with stores(request.param, tmp_path) as (store,), served(store=store) as running:
        yield running


async def test_all_jobs_are_told_from_acceptance_to_deletion(server: Served) -> None:
    """Each change has the job as it stood then, without its result, and when it happened."""
    calls = server.calls
    feed = calls.feed()
    await begun(feed)
    job_id = await ended(calls, {"team": "a"})
    whole = await calls.get(job_id)
    await calls.delete(job_id)
    accepted, finished, deleted = await changes(feed, 3)
    assert told([accepted, finished, deleted]) == [
        ("accepted", job_id),
        ("finished", job_id),
        ("deleted", job_id),
    ]
    whole.ClearField("result")
    assert finished.finished == deleted.deleted == whole
    assert accepted.accepted.status == QUEUED
    assert dict(accepted.accepted.labels) == {"team": "a"}
    assert accepted.accepted.expire_time == whole.expire_time
    assert accepted.event_time == whole.create_time
    assert finished.event_time == whole.end_time
    assert deleted.event_time.ToNanoseconds() >= finished.event_time.ToNanoseconds()


async def test_every_token_brings_the_rest_exactly_once(server: Served) -> None:
    """From each message on: what comes after it, to the last byte, and nothing else."""
    calls = server.calls
    feed = calls.feed()
    tokens = [await begun(feed)]
    ids = [await ended(calls) for _ in range(4)]
    await calls.delete(ids[1])
    whole = await changes(feed, 9)
    tokens += [message.resume_token for message in whole]
    resumed = [calls.feed(token) for token in tokens]
    for each in resumed:
        await begun(each)
    await ended(calls)
    marker = await changes(feed, 2)
    for index, each in enumerate(resumed):
        expected = unpurged(whole[index:], ids[1]) + marker
        assert await changes(each, len(expected)) == expected


def unpurged(messages: list[WatchJobsResponse], deleted: str) -> list[WatchJobsResponse]:
    """Leave out what was told of a job before it was deleted."""
    return [m for m in messages if kind_of(m) == "deleted" or job_of(m).job_id != deleted]


async def test_a_resumed_watcher_hears_of_a_deletion(server: Served) -> None:
    """Also when job and deletion both came while it was away, and with the job's labels."""
    calls = server.calls
    feed = calls.feed(chosen=JobFilter(labels={"team": "a"}))
    token = await begun(feed)
    feed.cancel()
    ids = [await ended(calls, {"team": team}) for team in "ab"]
    for job_id in ids:
        await calls.delete(job_id)
    (deleted,) = await changes(calls.feed(token, chosen=JobFilter(labels={"team": "a"})), 1)
    assert told([deleted]) == [("deleted", ids[0])]
    assert (deleted.deleted.status, dict(deleted.deleted.labels)) == (COMPLETED, {"team": "a"})


async def test_from_the_start_come_the_jobs_that_are_left(server: Served) -> None:
    """The oldest first; deletions before that are not told, and tokens go on just so."""
    calls = server.calls
    ids = [await ended(calls) for _ in range(3)]
    await calls.delete(ids[0])
    feed = calls.feed(from_start=True)
    token = await begun(feed)
    await calls.delete(ids[1])
    resumed = calls.feed(token)
    await begun(resumed)
    found = await changes(resumed, 3)
    assert told(found) == [("accepted", ids[2]), ("finished", ids[2]), ("deleted", ids[1])]
    again = calls.feed(found[0].resume_token)
    await begun(again)
    assert await changes(again, 2) == found[1:]


async def test_a_job_made_anew_is_told_anew(server: Served) -> None:
    """The same request id after a deletion is another job of the same name."""
    calls = server.calls
    feed = calls.feed()
    token = await begun(feed)
    for labels in ({"n": "1"}, {"n": "2"}):
        job_id = await ended(calls, labels, request_id=ID)
        await calls.delete(job_id)
    kinds = ["accepted", "finished", "deleted"]
    found = await changes(feed, 6)
    assert [kind_of(message) for message in found] == 2 * kinds
    assert [job_of(message).labels["n"] for message in found] == [*"111222"]
    assert told(await changes(calls.feed(token), 1)) == [("deleted", job_id)]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        (JobFilter(labels={"team": "a"}), ["accepted 0", "finished 0", "accepted 1", "finished 1"]),
        (JobFilter(labels={"team": "a", "x": "1"}), ["accepted 1", "finished 1"]),
        (JobFilter(statuses=[COMPLETED]), ["finished 0", "finished 1", "finished 2", "deleted 2"]),
        (JobFilter(statuses=[QUEUED], labels={"team": "b"}), ["accepted 2"]),
    ],
    ids=["label", "labels", "state", "both"],
)
async def test_a_filter_takes_labels_and_states(
    server: Served, chosen: JobFilter, expected: list[str]
) -> None:
    """All of the labels, any of the states as each message tells them."""
    calls = server.calls
    feed = calls.feed(chosen=chosen)
    await begun(feed)
    asked = [{"team": "a"}, {"team": "a", "x": "1"}, {"team": "b"}]
    ids = [await ended(calls, labels) for labels in asked]
    await calls.delete(ids[2])
    found = told(await changes(feed, len(expected)))
    assert [f"{kind} {ids.index(job_id)}" for kind, job_id in found] == expected


async def test_a_failed_and_a_cancelled_job_are_finished() -> None:
    """However a job ends, it is told once, with why."""
    async with served(ScriptedEngine(Gate())) as server:
        feed = server.calls.feed()
        await begun(feed)
        job_id = await submitted(server.calls)
        await server.calls.cancel(job_id)
        _, finished = await changes(feed, 2)
        whole = await server.calls.get(job_id)
    assert finished.finished == whole
    assert finished.finished.error


async def test_silence_is_broken_and_moves_the_token_on() -> None:
    """Heartbeats come though all that happens is filtered out, each with a newer token."""
    async with served(heartbeat=0.05) as server:
        calls = server.calls
        feed = calls.feed(chosen=JobFilter(labels={"wanted": "1"}))
        first = await begun(feed)
        await ended(calls)
        token = first
        while token == first:
            token = await begun(feed)
        wanted = await ended(calls, {"wanted": "1"})
        resumed = calls.feed(token, chosen=JobFilter(labels={"wanted": "1"}))
        assert told(await changes(resumed, 1)) == [("accepted", wanted)]


async def test_heartbeats_come_while_others_jobs_never_rest() -> None:
    """What is filtered out is no sign of life to the watcher."""
    async with served(heartbeat=0.2) as server:
        feed = server.calls.feed(chosen=JobFilter(labels={"wanted": "1"}))
        await begun(feed)
        beat = asyncio.create_task(begun(feed))
        while not beat.done():
            await ended(server.calls)
        assert await beat


async def refused(calls: Calls, token: str, chosen: JobFilter | None = None) -> tuple[str, str]:
    """Return the code and the reason with which a token is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await read(calls.feed(token, chosen=chosen))
    found = refusal(caught.value)
    if found.info.reason == "INVALID_REQUEST":
        assert "resume_token" in found.text
    return found.code.name, found.info.reason


async def test_a_token_belongs_to_its_filter(server: Served) -> None:
    """A token of another filter, of a list, or of one's own making names its field."""
    calls = server.calls
    for _ in range(2):
        await ended(calls)
    token = await begun(calls.feed())
    other = await begun(calls.feed(chosen=JobFilter(labels={"a": "b"})))
    wrong = [other, token + "x", "x", (await calls.list(1)).next_page_token]
    for each in wrong:
        assert await refused(calls, each) == ("INVALID_ARGUMENT", "INVALID_REQUEST")
    states = JobFilter(statuses=[0])  # type: ignore[list-item]
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await read(calls.feed(chosen=states))
    assert "filter.statuses" in refusal(caught.value).text


async def test_a_slow_watcher_loses_nothing(server: Served) -> None:
    """It reads at its own pace while another is told at once."""
    calls = server.calls
    slow, fast = calls.feed(), calls.feed()
    for feed in (slow, fast):
        await begun(feed)
    ids = [await submitted(calls, {"n": str(n)}) for n in range(150)]
    quick = await changes(fast, 300)
    assert await changes(slow, 300) == quick
    assert [job_id for kind, job_id in told(quick) if kind == "accepted"] == ids
    assert sorted(job_id for kind, job_id in told(quick) if kind == "finished") == sorted(ids)


async def test_watching_all_jobs_keeps_none_alive() -> None:
    """A job of Classify that only the feed watches ends after the orphan grace."""
    async with served(ScriptedEngine(Gate()), orphan_grace=0.1) as server:
        feed = server.calls.feed()
        await begun(feed)
        call = server.calls.classify(request(1))
        await next_of(call, "accepted")
        call.cancel()
        _, finished = await changes(feed, 2)
    assert finished.finished.status == job_pb2.JOB_STATUS_CANCELLED
