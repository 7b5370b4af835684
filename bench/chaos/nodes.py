"""The NATS servers of a run: one, or a cluster of three on this machine."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

import nats.errors
from nats.aio.client import Client

from bench.chaos.victims import Victim, listens
from docsort_server.nats.binary import find_binary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from bench.chaos.records import Record

# What has a leader of its own: the stream of events, and the consumer that hands out pages.
_LED = ("STREAM.INFO.DOCSORT_EVENTS", "CONSUMER.INFO.DOCSORT_TASKS.page_normal")
_NOT_FOUND = 404
_SECONDS = 1.0
_PAUSE = 0.1

_CONFIG = """\
server_name: {name}
listen: "127.0.0.1:{port}"
max_payload: 2MB
jetstream {{
  store_dir: {store}
  max_file_store: 2GB
  max_memory_store: 64MB
  sync_interval: {sync}
}}
"""
_CLUSTER = """\
cluster {{
  name: chaos
  listen: "127.0.0.1:{port}"
  routes: [{routes}]
}}
"""


class Nodes:
    """The servers by their names, and who of them leads the stream of events."""

    def __init__(self, victims: Sequence[Victim]) -> None:
        self.victims = {victim.name: victim for victim in victims}

    @property
    def url(self) -> str:
        """Where they are, as the setting `nats` takes it."""
        return ",".join(map(_url, self.victims.values()))

    async def start(self) -> None:
        """Start all, and wait until they listen."""
        for victim in self.victims.values():
            await victim.start()
        await asyncio.gather(*(victim.ready() for victim in self.victims.values()))

    async def leader(self) -> str | None:
        """Return the name of the events' leader, or None while tasks or events have none."""
        for victim in self.victims.values():
            with suppress(TimeoutError, OSError, nats.errors.Error):
                async with asyncio.timeout(2 * _SECONDS):
                    if name := await self._ask(victim):
                        return name
        return None

    async def back(self) -> str:
        """Wait until there is a leader, and return its name."""
        while True:
            name = await self.leader()
            if name in self.victims:
                return name
            await asyncio.sleep(_PAUSE)

    async def _ask(self, victim: Victim) -> str | None:
        if not await listens(victim.port):
            return None
        client = Client()
        try:
            # A server that stands still takes the connection and says nothing.
            await client.connect(
                _url(victim), allow_reconnect=False, connect_timeout=1, error_cb=_silent
            )
            events, pages = await asyncio.gather(
                *(client.request(f"$JS.API.{name}", b"", timeout=_SECONDS) for name in _LED)
            )
        finally:
            await client.close()
        if len(self.victims) == 1:
            return victim.name
        return _leader(events.data) if _leader(pages.data) else None


def _leader(answer: bytes) -> str:
    """Return who leads, or "nobody yet" where it has not been made."""
    told = json.loads(answer)
    if told.get("error", {}).get("code") == _NOT_FOUND:
        return "nobody yet"
    name: str = told.get("cluster", {}).get("leader", "")
    return name


def nodes(ports: Sequence[int], folder: Path, record: Record, sync: str, more: str = "") -> Nodes:
    """Return one server for one port, or a cluster: half of the ports are for its routes.

    `more` is added to the configuration of each.
    """
    binary = find_binary()
    own = ports[: (len(ports) + 1) // 2]
    routes = ports[len(own) :]
    victims: list[Victim] = []
    for index, port in enumerate(own):
        name = f"nats-{index + 1}"
        text = _CONFIG.format(name=name, port=port, store=json.dumps(str(folder / name)), sync=sync)
        if routes:
            peers = ", ".join(f'"nats://127.0.0.1:{route}"' for route in routes)
            text += _CLUSTER.format(port=routes[index], routes=peers)
        config = folder / f"{name}.conf"
        config.write_text(text)
        victims.append(Victim(name, (str(binary), "-c", str(config)), port, folder, record))
    return Nodes(victims)


def _url(victim: Victim) -> str:
    return f"nats://127.0.0.1:{victim.port}"


async def _silent(_: Exception) -> None:
    return
