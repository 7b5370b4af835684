"""Three nats-servers that form a cluster on the loopback interface."""

import asyncio
import json
import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from docsort_server.nats.binary import find_binary

TOKEN = "let-me-in"
CONFIG = """\
server_name: {name}
listen: "127.0.0.1:{port}"
authorization {{ token: "{token}" }}
jetstream {{ store_dir: {store}, max_file_store: 1GB }}
cluster {{
  name: docsort
  listen: "127.0.0.1:{route}"
  authorization {{ user: route, password: another }}
  routes: [{routes}]
}}
"""


@dataclass(frozen=True, slots=True)
class Member:
    """One server of the cluster."""

    name: str
    port: int
    process: asyncio.subprocess.Process

    async def kill(self) -> None:
        """End it without a word."""
        self.process.kill()
        await self.process.wait()


@dataclass(frozen=True, slots=True)
class Cluster:
    """The servers, by name, and their addresses for clients."""

    members: dict[str, Member]

    @property
    def urls(self) -> str:
        """The addresses, comma-separated."""
        return ",".join(f"nats://{TOKEN}@127.0.0.1:{each.port}" for each in self.members.values())


@asynccontextmanager
async def cluster(folder: Path) -> AsyncGenerator[Cluster, None]:
    """Run three servers for the block; JetStream may still be choosing its leader."""
    ports, routes = free_ports(3), free_ports(3)
    async with AsyncExitStack() as stack:
        members = {}
        for index, name in enumerate("abc"):
            others = [port for port in routes if port != routes[index]]
            text = CONFIG.format(
                name=name,
                port=ports[index],
                token=TOKEN,
                store=json.dumps(str(folder / name)),
                route=routes[index],
                routes=", ".join(f'"nats://route:another@127.0.0.1:{port}"' for port in others),
            )
            file = folder / f"{name}.conf"
            file.write_text(text)
            process = await stack.enter_async_context(running(file))
            members[name] = Member(name, ports[index], process)
        yield Cluster(members)


@asynccontextmanager
async def running(config: Path) -> AsyncGenerator[asyncio.subprocess.Process, None]:
    """Run one server; what it says is in a file beside its configuration."""
    with config.with_suffix(".log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            find_binary(), "-c", config, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.socket()) for _ in range(count)]
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [int(each.getsockname()[1]) for each in sockets]
