"""Real places to fetch documents from, on loopback: an https server, a DNS server, an S3 one."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import dns.asyncquery
import dns.message
import dns.rdatatype
import dns.rrset
import trustme
from aiohttp import web
from aiohttp.abc import AbstractResolver, ResolveResult

if TYPE_CHECKING:
    import socket
    from collections.abc import AsyncGenerator, Iterable
    from pathlib import Path

HOST = "docs.example.com"


class Site:
    """An https server whose answers a test scripts; `asked` holds the paths it was asked for."""

    def __init__(self) -> None:
        self.port = 0
        self.asked: list[str] = []
        self.connections = 0
        self.answers: dict[str, web.StreamResponse | bytes | float] = {}

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer with what is scripted for the path; a number waits so many seconds first."""
        self.asked.append(request.path)
        found = self.answers.get(request.path, web.Response(status=404))
        if isinstance(found, float):
            await asyncio.sleep(found)
            found = b"late"
        if isinstance(found, bytes):
            return web.Response(body=found)
        return found


@asynccontextmanager
async def site(folder: Path, *names: str) -> AsyncGenerator[tuple[Site, Path], None]:
    """Yield an https server, and the file of the authority that vouches for its names."""
    authority = trustme.CA()
    bundle = folder / "authority.pem"
    authority.cert_pem.write_to_path(str(bundle))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*(names or (HOST, "127.0.0.1", "localhost"))).configure_cert(context)
    found = Site()
    application = web.Application()
    application.router.add_route("*", "/{tail:.*}", found.answer)
    runner = web.AppRunner(application)
    await runner.setup()
    listener = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
    await listener.start()
    found.port = runner.addresses[0][1]
    try:
        yield found, bundle
    finally:
        await runner.cleanup()


class NameServer(asyncio.DatagramProtocol):
    """A DNS server: each question for a name gets the next of its addresses, the last for ever."""

    def __init__(self, names: dict[str, list[str]]) -> None:
        self._names = names
        self.questions = 0
        self.port = 0

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - each loop has its own
        """Take note of where it listens."""
        self._transport = transport
        self.port = transport.get_extra_info("sockname")[1]

    def datagram_received(self, data: bytes, addr: Any) -> None:  # noqa: ANN401 - as asyncio has it
        """Answer one question."""
        query = dns.message.from_wire(data)
        self.questions += 1
        reply = dns.message.make_response(query)
        question = query.question[0]
        addresses = self._names[question.name.to_text(omit_final_dot=True)]
        address = addresses.pop(0) if len(addresses) > 1 else addresses[0]
        kind = "AAAA" if ":" in address else "A"
        if question.rdtype == dns.rdatatype.from_text(kind):
            reply.answer.append(dns.rrset.from_text(question.name, 0, "IN", kind, address))
        self._transport.sendto(reply.to_wire(), addr)


class Resolver(AbstractResolver):
    """Asks a name server on loopback, anew for every connection."""

    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self,
        host: str,
        port: int = 0,
        family: socket.AddressFamily = 0,  # type: ignore[assignment]
    ) -> list[ResolveResult]:
        """Return the addresses of a name."""
        found: list[ResolveResult] = []
        for kind, number in (("A", 2), ("AAAA", 10)):
            query = dns.message.make_query(host, kind)
            reply = await dns.asyncquery.udp(query, "127.0.0.1", port=self._port, timeout=5)
            found += [
                ResolveResult(
                    hostname=host, host=str(each), port=port, family=number, proto=0, flags=0
                )
                for answer in reply.answer
                for each in answer
            ]
        if not found:
            raise OSError("unknown host")
        return found

    async def close(self) -> None:
        """Hold nothing."""


@asynccontextmanager
async def names(**addresses: Iterable[str]) -> AsyncGenerator[tuple[NameServer, Resolver], None]:
    """Yield a name server and a resolver that asks it; `_` in a name stands for a dot."""
    known = {name.replace("_", "."): list(each) for name, each in addresses.items()}
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(
        lambda: NameServer(known), local_addr=("127.0.0.1", 0)
    )
    try:
        yield server, Resolver(server.port)
    finally:
        transport.close()


def redirect(target: str) -> web.Response:
    """Return an answer that leads elsewhere."""
    return web.Response(status=302, headers={"Location": target})
