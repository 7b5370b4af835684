"""The feed of all jobs over replicas, restarts and a lost engine."""

import asyncio
import os
import signal
from pathlib import Path

import grpc
import pytest
from feeds import begun, changes, ended, read, stores, submitted, told
from rpc_server import Calls, refusal, served


async def test_replicas_tell_the_same(tmp_path: Path) -> None:
    """Jobs of either are told by both in one order, and either goes on from the other's tokens."""
    async with (
        stores("jetstream", tmp_path, 2) as (one, other),
        served(store=one) as first,
        served(store=other) as second,
    ):
        feeds = [server.calls.feed() for server in (first, second)]
        for feed in feeds:
            await begun(feed)
        for server in (first, second, first):
            await ended(server.calls)
        await second.calls.delete(await ended(first.calls))
        whole, same = [await changes(feed, 9) for feed in feeds]
        assert whole == same
        for index in range(5):
            calls = (first, second)[index % 2].calls
            rest = await changes(calls.feed(whole[index].resume_token), 6 - index)
            assert rest[: 5 - index] == whole[index + 1 : 6]


async def test_a_token_outlives_the_server_where_jobs_do(tmp_path: Path) -> None:
    """What was told before a restart is not told again, and what came after is."""
    async with stores("jetstream", tmp_path) as (store,), served(store=store) as server:
        feed = server.calls.feed()
        token = await begun(feed)
        job_id = await ended(server.calls)
        whole = await changes(feed, 2)
        feed.cancel()
        await server.calls.delete(job_id)
    async with stores("jetstream", tmp_path) as (store,), served(store=store) as server:
        found = await changes(server.calls.feed(whole[1].resume_token), 1)
        assert told(found) == [("deleted", job_id)]
        assert await changes(server.calls.feed(token), 1) == found
        again = await ended(server.calls)
        (accepted,) = await changes(server.calls.feed(found[0].resume_token), 1)
        assert told([accepted]) == [("accepted", again)]


@pytest.mark.parametrize("kind", ["memory", "jetstream"])
async def test_a_token_of_another_store_has_expired(kind: str, tmp_path: Path) -> None:
    """A store that was begun anew says so, however far it has come since."""
    async with stores(kind, tmp_path / "before") as (store,), served(store=store) as server:
        token = await begun(server.calls.feed())
    async with stores(kind, tmp_path / "after") as (store,), served(store=store) as server:
        await ended(server.calls)
        assert await expired(server.calls, token)
        fresh = await begun(server.calls.feed())
        await begun(server.calls.feed(fresh))


async def expired(calls: Calls, token: str) -> bool:
    """Tell whether a token is refused as one that has expired, with what to do."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await read(calls.feed(token))
    found = refusal(caught.value)
    assert (found.code, found.info.reason) == (grpc.StatusCode.OUT_OF_RANGE, "EVENTS_EXPIRED")
    return "list the jobs" in found.text


async def test_the_feed_goes_on_when_the_engine_was_killed(tmp_path: Path) -> None:
    """The same call tells of every job once, over three kills."""
    async with stores("jetstream", tmp_path) as (store,), served(store=store) as server:
        feed = server.calls.feed()
        await begun(feed)
        ids = []
        for _ in range(3):
            ids.append(await ended(server.calls))
            os.kill(int((tmp_path / "lock").read_text()), signal.SIGKILL)
            ids.append(await patiently(server.calls))
        found = told(await changes(feed, 12))
    assert [job_id for kind, job_id in found if kind == "accepted"] == ids
    assert sorted(job_id for kind, job_id in found if kind == "finished") == sorted(ids)


async def patiently(calls: Calls) -> str:
    """Return the id of a new job, submitted again while the server is told to be overloaded."""
    async with asyncio.timeout(30):
        while True:
            try:
                return await submitted(calls)
            except grpc.aio.AioRpcError as error:
                if refusal(error).info.reason != "OVERLOADED":
                    raise


async def test_a_server_that_stops_sends_its_watchers_away() -> None:
    """They are told to come back, instead of holding up the end."""
    async with served() as server:
        feed = server.calls.feed()
        await begun(feed)
        server.jobs.feed.close()
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await read(feed)
    found = refusal(caught.value)
    assert (found.code, found.info.reason) == (grpc.StatusCode.UNAVAILABLE, "SHUTTING_DOWN")
    assert float(found.trailers["grpc-retry-pushback-ms"]) > 0
