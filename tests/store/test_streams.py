"""Streams that are there keep what they have: room, age and copies."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Any

import pytest
from nats_cluster import TOKEN, cluster

from docsort_server.jobs.store.jetstream import Servers, Shape, open_store
from docsort_server.jobs.store.jetstream.api import JetStream
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.names import Names
from docsort_server.jobs.store.protocols import StoreError
from docsort_server.nats.binary import find_binary
from docsort_server.nats.embedded import embedded
from docsort_server.settings import Settings
from docsort_server.stores import job_store

MIB = 1024 * 1024
DAY = 24 * 3600.0
NAMES = Names()
ALL = (NAMES.events, NAMES.tasks, NAMES.documents, NAMES.state, NAMES.leases)


@pytest.fixture
async def servers(tmp_path: Path) -> AsyncGenerator[Servers, None]:
    """Return a running engine."""
    async with embedded(find_binary(), tmp_path, sync="2m") as endpoint:
        yield Servers([endpoint.url], endpoint.token)


async def config(servers: Servers, stream: str, **changes: object) -> dict[str, Any]:
    """Return a stream's configuration, changed as its operator would."""
    async with Connection.open(servers) as connection:
        jetstream = JetStream(connection)
        found: dict[str, Any] = (await jetstream.call(f"STREAM.INFO.{stream}"))["config"]
        if changes:
            await jetstream.call(f"STREAM.UPDATE.{stream}", found | changes)
        return found | changes


async def limits(servers: Servers, shape: Shape) -> list[int]:
    """Open and close a store; return how much each stream may hold then."""
    async with open_store(servers, shape=shape):
        return [(await config(servers, stream))["max_bytes"] for stream in ALL]


async def test_without_a_capacity_the_operator_sets_the_limits(servers: Servers) -> None:
    """New streams have none; one that was set meanwhile stays."""
    assert await limits(servers, Shape()) == [-1] * 5
    await config(servers, NAMES.events, max_bytes=5 * MIB)
    assert await limits(servers, Shape()) == [5 * MIB, *[-1] * 4]


async def test_a_capacity_only_grows(servers: Servers) -> None:
    """It is given to streams without a limit, raised later, and a smaller one is ignored."""
    await limits(servers, Shape())
    first = await limits(servers, Shape(capacity=100 * MIB))
    assert min(first) > 0
    assert 90 * MIB < sum(first) < 100 * MIB
    more = await limits(servers, Shape(capacity=200 * MIB))
    assert sum(more) > 180 * MIB
    assert await limits(servers, Shape(capacity=100 * MIB)) == more


async def test_nothing_is_forgotten_sooner_than_before(servers: Servers) -> None:
    """A server with a shorter retention leaves that of the others; endless stays endless."""
    ages = []
    for days in (8, 7, 9):
        async with open_store(servers, shape=Shape(retention=days * DAY)):
            ages.append((await config(servers, NAMES.events))["max_age"] / 1e9 / DAY)
    assert ages == [8, 8, 9]
    await config(servers, NAMES.events, max_age=0)
    async with open_store(servers, shape=Shape(retention=9 * DAY)):
        assert (await config(servers, NAMES.events))["max_age"] == 0


async def test_the_setting_counts_on_servers_of_others(tmp_path: Path) -> None:
    """`store_bytes` bounds what docsort keeps there; unset it leaves all to the operator."""
    async with embedded(find_binary(), tmp_path, sync="2m") as endpoint:
        servers = Servers([endpoint.url], endpoint.token)
        url = endpoint.url.replace("//", f"//{endpoint.token}@")
        async with job_store(Settings(nats=url)):
            assert (await config(servers, NAMES.documents))["max_bytes"] == -1
        async with job_store(Settings(nats=url, store_bytes=100 * MIB)):
            assert (await config(servers, NAMES.documents))["max_bytes"] == 55 * MIB


async def test_copies_are_added_and_not_given_up(tmp_path: Path) -> None:
    """A store grows to three copies; a server that forgot `nats_replicas` then is refused."""
    async with cluster(tmp_path) as nats:
        servers = Servers(nats.urls.split(","))
        for replicas in (1, 3):
            async with open_store(servers, shape=Shape(replicas=replicas)):
                pass
        with pytest.raises(StoreError) as caught:
            async with asyncio.timeout(30), open_store(servers):
                raise AssertionError
        expected = "the streams have 3 copies; nats_replicas is 1: set it to 3"
        assert str(caught.value) == expected
        assert TOKEN not in repr(servers)
        assert [(await config(servers, stream))["num_replicas"] for stream in ALL] == [3] * 5
