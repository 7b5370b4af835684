"""Three nats-servers: one of them stands still, and what it missed must not be believed."""

import asyncio
import gc
import signal
import time
from collections.abc import AsyncGenerator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from pathlib import Path

import pytest
from store_cases import key

from bench.chaos.nodes import Nodes, nodes
from bench.chaos.records import Record
from bench.chaos.victims import Victim, free_ports
from docsort_server.jobs.store import jetstream
from docsort_server.jobs.store.jetstream.api import JetStream
from docsort_server.jobs.store.jetstream.connection import Connection
from docsort_server.jobs.store.jetstream.trouble import Refused
from docsort_server.jobs.store.protocols import Store
from docsort_server.status.engine import engine_facts

# The library forgets to close a connection that a server which stands still did not answer.
pytestmark = pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")

TTL = 600.0
# Enough to keep a server busy for a while that missed it; it answers reads meanwhile.
FROZEN = 4.0
MANY, LARGE = 600, bytes(32 * 1024)


@pytest.fixture
async def cluster(tmp_path: Path) -> AsyncGenerator[Nodes, None]:
    """Run three servers."""
    record = Record(tmp_path / "record")
    running = nodes(free_ports(6), tmp_path, record, "2m")
    try:
        await running.start()
        yield running
    finally:
        await asyncio.gather(*(victim.kill() for victim in running.victims.values()))
        record.close()
        gc.collect()


def opened(
    *victims: Victim, ahead: list[float] | None = None
) -> AbstractAsyncContextManager[Store]:
    """Open a store on some of the servers, on a clock that goes `ahead`."""
    urls = [f"nats://127.0.0.1:{victim.port}" for victim in victims]
    shift = ahead or [0.0]
    return jetstream.open_store(
        jetstream.Servers(urls),
        shape=jetstream.Shape(replicas=3),
        clock=lambda: time.time() + shift[0],
    )


async def follower(cluster: Nodes) -> Victim:
    """Return a server that does not lead the stream of events."""
    leader = await cluster.back()
    return next(victim for name, victim in cluster.victims.items() if name != leader)


async def lead(cluster: Nodes, name: str) -> None:
    """Make a server the leader of all streams."""
    servers = jetstream.Servers(cluster.url.split(","))
    async with Connection.open(servers) as connection:
        calls = JetStream(connection)
        for stream in (await calls.call("STREAM.NAMES"))["streams"]:
            while (await calls.call(f"STREAM.INFO.{stream}"))["cluster"].get("leader") != name:
                wanted = {"placement": {"preferred": name}}
                with suppress(Refused):
                    await calls.call(f"STREAM.LEADER.STEPDOWN.{stream}", wanted)
                await asyncio.sleep(0.1)


@asynccontextmanager
async def frozen(victim: Victim) -> AsyncGenerator[None, None]:
    """Let a server stand still for the block."""
    victim.signal(signal.SIGSTOP)
    try:
        yield
    finally:
        victim.signal(signal.SIGCONT)


async def test_a_copy_that_lags_behind_hides_nothing(cluster: Nodes) -> None:
    """What was acknowledged elsewhere is found through it, and a renewed lease is running."""
    ahead = [0.0]
    names = [f"{number}" for number in range(MANY)]
    async with opened(*cluster.victims.values(), ahead=ahead):
        lagging = await follower(cluster)
        others = [victim for victim in cluster.victims.values() if victim is not lagging]
        async with opened(*others, ahead=ahead) as writer, opened(lagging, ahead=ahead) as reader:
            await asyncio.gather(*(writer.index.hold(key(name), ttl=20) for name in names))
            async with frozen(lagging):
                ahead[0] += 30
                await asyncio.gather(
                    *(
                        writer.log.append(key(), f"p.{name}", bytes(LARGE), ttl=TTL)
                        for name in names
                    ),
                    *(writer.index.hold(key(name), ttl=20) for name in names),
                )
                # Without heartbeats for that long it first looks for a leader when it goes on.
                await asyncio.sleep(FROZEN)
            # At once, and many: others answer for it now and then.
            found, held = await asyncio.gather(
                asyncio.gather(*(reader.log.read(key(), f"p.{name}") for name in names)),
                asyncio.gather(*(reader.index.held(key(name)) for name in names)),
            )
    assert [name for name, record in zip(names, found, strict=True) if not record] == []
    assert [name for name, running in zip(names, held, strict=True) if not running] == []


async def test_a_server_that_stands_still_is_left(cluster: Nodes) -> None:
    """Whoever is connected to it goes on with another one, well before a lease would end."""
    async with opened(*cluster.victims.values()):
        standing = await follower(cluster)
        async with opened(standing) as store:
            await store.log.append(key(), "accepted", b"", ttl=TTL)
            async with frozen(standing), asyncio.timeout(15):
                assert await store.log.append(key(), "p.1", b"", ttl=TTL)


@pytest.mark.parametrize("leads", [True, False])
async def test_a_cluster_without_a_quorum_is_away(cluster: Nodes, *, leads: bool) -> None:
    """One server of three still tells of its streams, but it does not count as there.

    One that led them takes itself for their leader for a while; it stays away all the same.
    """
    async with opened(*cluster.victims.values()):
        leader = await cluster.back()
    left = next(each for name, each in cluster.victims.items() if (name == leader) == leads)
    if leads:
        # With another leader for any stream it would tell at once that it has none.
        await lead(cluster, leader)
    # A store that had to connect anew would be away for that.
    async with opened(left) as store:
        assert store.answers
        assert await store.answers()
        for victim in cluster.victims.values():
            if victim is not left:
                await victim.kill()
        away = 0
        async with asyncio.timeout(20):
            # Under load an answer may be late for once.
            while away < 3:
                away = 0 if await store.answers() else away + 1
                await asyncio.sleep(0.1)
    servers = jetstream.Servers([f"nats://127.0.0.1:{left.port}"])
    assert (await engine_facts(servers, "docsort")).problem
