"""The processes of a run: the fake model, the NATS servers, and docsort in several replicas."""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from bench.chaos.nodes import Nodes, nodes
from bench.chaos.records import KILLS, MODEL, Record
from bench.chaos.victims import Victim, free_ports

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

_HERE = Path(__file__).resolve().parent
# Servers of a cluster.
_NODES = 3


@dataclass(frozen=True, slots=True)
class Scene:
    """What a run is made of."""

    folder: Path
    clustered: bool
    servers: int
    sync: str
    task_wait: float


@dataclass(frozen=True, slots=True)
class Stage:
    """Everything that runs, and the record of what is done to it."""

    servers: list[Victim]
    nodes: Nodes
    record: Record

    @property
    def addresses(self) -> Mapping[str, str]:
        """Where the replicas are."""
        return {each.name: f"127.0.0.1:{each.port}" for each in self.servers}

    async def ready(self) -> None:
        """Wait until all replicas take calls."""
        await asyncio.gather(*(each.ready() for each in self.servers))


@asynccontextmanager
async def stage(scene: Scene) -> AsyncGenerator[Stage, None]:
    """Run everything for the block."""
    record = Record(scene.folder / KILLS)
    count = 2 * _NODES if scene.clustered else 1
    model, *ports = free_ports(1 + scene.servers + count)
    engine = nodes(ports[scene.servers :], scene.folder, record, scene.sync)
    witness = _model(model, scene.folder, record)
    servers = [
        _server(index, port, model, engine.url, scene, record)
        for index, port in enumerate(ports[: scene.servers], start=1)
    ]
    async with AsyncExitStack() as stack:
        for victim in (witness, *engine.victims.values(), *servers):
            stack.push_async_callback(victim.kill)
        await asyncio.gather(witness.start(), engine.start())
        await asyncio.gather(*(each.start() for each in servers))
        found = Stage(servers, engine, record)
        await asyncio.gather(witness.ready(), found.ready())
        yield found


def _model(port: int, folder: Path, record: Record) -> Victim:
    options = ("--port", str(port), "--record", str(folder / MODEL))
    command = (sys.executable, str(_HERE / "model.py"), *options)
    return Victim("model", command, port, folder, record)


def _server(index: int, port: int, model: int, url: str, scene: Scene, record: Record) -> Victim:
    name = f"docsort-{index}"
    settings = {
        "listen": f"127.0.0.1:{port}",
        "store": "jetstream",
        "nats": url,
        "nats_replicas": _NODES if scene.clustered else 1,
        "task_wait": scene.task_wait,
        "parser_workers": 2,
        "engine_workers": 4,
    }
    command = (sys.executable, str(_HERE / "server.py"), "--name", name, "--model", str(model))
    environment = {f"DOCSORT_{key.upper()}": str(value) for key, value in settings.items()}
    return Victim(name, command, port, scene.folder, record, environment)
