"""One connection to the engine: requests, subscriptions, and word of every loss."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import TYPE_CHECKING

import nats.errors
from nats.aio.client import Client

from docsort_server.jobs.store.jetstream.inbox import Inbox
from docsort_server.jobs.store.jetstream.trouble import Away

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping

    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.servers import Servers

log = logging.getLogger(__name__)

REQUEST_SECONDS = 2.0
RECONNECT_SECONDS = 0.1


class Connection:
    """A connection that comes back by itself; whatever is asked meanwhile raises `Away`.

    `since` is when it was made or made again, in seconds since the epoch.
    """

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._client = Client()
        self._up = asyncio.Event()
        self._since = 0.0
        self._last_error = ""
        self.since = 0.0
        self._prefix = f"_INBOX.{secrets.token_hex(11)}"
        self._count = 0
        self._answers: dict[str, asyncio.Future[Msg]] = {}
        self._several: dict[str, Inbox] = {}
        self._inboxes: set[Inbox] = set()
        self._reopening: asyncio.Task[None] | None = None
        self._closing = False
        # Waiting would not help: the engine does not let us in.
        self._denied = asyncio.Event()

    @classmethod
    @asynccontextmanager
    async def open(cls, servers: Servers, seconds: float = 10.0) -> AsyncGenerator[Connection]:
        """Connect for the block. Raises `Away` where no server takes the connection in time."""
        connection = cls(servers)
        try:
            await connection._connect_within(seconds)
            yield connection
        finally:
            await connection._close()

    async def _connect_within(self, seconds: float) -> None:
        connecting = asyncio.ensure_future(self._connect())
        denial = asyncio.ensure_future(self._denied.wait())
        try:
            tasks = {connecting, denial}
            await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
            if not connecting.done():
                where, why = self._servers.shown, self._last_error or "no answer"
                raise Away(f"no connection to the engine at {where}: {why}")
            await connecting
        finally:
            denial.cancel()
            connecting.cancel()
            await asyncio.gather(connecting, denial, return_exceptions=True)

    @property
    def is_up(self) -> bool:
        """Whether requests can be sent now."""
        return self._up.is_set()

    @property
    def url(self) -> str:
        """The server that this connection goes to."""
        url = self._client.connected_url
        return url.geturl() if url else ""

    @property
    def version(self) -> str:
        """That server's version."""
        version = self._client.connected_server_version
        return f"{version.major}.{version.minor}.{version.patch}"

    @property
    def uptime(self) -> float:
        """Seconds since the connection was made or made again."""
        return asyncio.get_running_loop().time() - self._since

    async def up(self) -> None:
        """Wait until requests can be sent."""
        await self._up.wait()

    async def request(
        self,
        subject: str,
        body: bytes = b"",
        headers: Mapping[str, str] | None = None,
        seconds: float = REQUEST_SECONDS,
    ) -> Msg:
        """Send a request and return its answer. Raises `Away`."""
        self._count += 1
        name = str(self._count)
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Msg] = loop.create_future()
        self._answers[name] = answer
        # A timer alone costs half of what `asyncio.timeout` does, and there are many requests.
        alarm = loop.call_later(seconds, _give_up, answer)
        try:
            await self.publish(subject, body, f"{self._prefix}.{name}", headers)
            message = await answer
        finally:
            alarm.cancel()
            del self._answers[name]
        if message.headers and message.headers.get("Status") == "503":
            raise Away("nobody answers")
        return message

    async def publish(
        self,
        subject: str,
        body: bytes = b"",
        reply: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Send a message that nobody acknowledges. Raises `Away`."""
        if not self._up.is_set():
            raise Away("not connected")
        try:
            await self._client.publish(subject, body, reply, dict(headers) if headers else None)
        except nats.errors.Error as error:
            raise Away(str(error)) from None

    async def inbox(self) -> Inbox:
        """Open an inbox on a subject of its own. Raises `Away`."""
        self._count += 1
        inbox = Inbox(f"{self._prefix}-{self._count}")
        if not self._up.is_set():
            raise Away("not connected")
        try:
            inbox.subscription = await self._client.subscribe(inbox.subject, cb=inbox.put)
        except nats.errors.Error as error:
            raise Away(str(error)) from None
        self._inboxes.add(inbox)
        return inbox

    @contextmanager
    def answers(self) -> Iterator[Inbox]:
        """Lend an inbox for the answers to one request that may have several.

        The engine need not be told of it, as it is of those that last.
        """
        self._count += 1
        name = str(self._count)
        self._several[name] = inbox = Inbox(f"{self._prefix}.{name}")
        try:
            yield inbox
        finally:
            del self._several[name]

    async def close_inbox(self, inbox: Inbox) -> None:
        """Stop receiving for an inbox."""
        self._inboxes.discard(inbox)
        if inbox.subscription:
            with suppress(nats.errors.Error):
                await inbox.subscription.unsubscribe()

    async def _connect(self) -> None:
        client = Client()
        self._client = client
        await client.connect(
            list(self._servers.urls),
            name="docsort",
            token=self._servers.token,
            error_cb=self._on_error,
            disconnected_cb=self._on_loss,
            reconnected_cb=self._on_up,
            closed_cb=self._on_closed,
            max_reconnect_attempts=-1,
            reconnect_time_wait=RECONNECT_SECONDS,  # type: ignore[arg-type]  # it takes fractions
            connect_timeout=2,
            # A server that stands still is left after three intervals: leases run meanwhile.
            ping_interval=2,
            max_outstanding_pings=2,
            # Nothing is kept for later while disconnected: whoever sends knows and tries again.
            pending_size=0,
            # `Names` has checked ours, and those to reply to are the engine's own.
            skip_subject_validation=True,
        )
        await client.subscribe(f"{self._prefix}.*", cb=self._on_answer)
        await self._on_up()

    async def _close(self) -> None:
        self._closing = True
        self._up.clear()
        if self._reopening:
            self._reopening.cancel()
            with suppress(asyncio.CancelledError):
                await self._reopening
        try:
            await self._client.close()
        except OSError:
            # What it would still have sent has nowhere to go, and kept it from closing the rest.
            self._client._pending_data_size = 0  # noqa: SLF001 - nor has it a way to drop that
            self._client._status = Client.DISCONNECTED  # noqa: SLF001 - it calls itself closed
            await self._client.close()
        # The library cancels it once, which `asyncio.wait_for` may swallow before Python 3.12.
        reconnecting = self._client._reconnection_task  # noqa: SLF001 - it has no name for it
        while reconnecting and not reconnecting.done():
            reconnecting.cancel()
            await asyncio.wait([reconnecting], timeout=RECONNECT_SECONDS)

    async def _on_answer(self, message: Msg) -> None:
        name = message.subject.rpartition(".")[2]
        if answer := self._answers.get(name):
            if not answer.done():
                answer.set_result(message)
        elif inbox := self._several.get(name):
            await inbox.put(message)

    async def _on_up(self) -> None:
        self._since = asyncio.get_running_loop().time()
        self.since = time.time()
        self._up.set()

    async def _on_loss(self) -> None:
        if self._up.is_set() and not self._closing:
            log.warning("the connection to the engine is lost")
        self._up.clear()
        for answer in self._answers.values():
            if not answer.done():
                answer.set_exception(Away("the connection was lost", doubt=True))
        for inbox in (*self._inboxes, *self._several.values()):
            inbox.lose()
        self._inboxes.clear()

    async def _on_closed(self) -> None:
        # The library gives up for good on any error that a server announces.
        if not self._closing:
            self._reopening = asyncio.create_task(self._reopen())

    async def _reopen(self) -> None:
        await asyncio.sleep(RECONNECT_SECONDS)
        await self._connect()

    async def _on_error(self, error: Exception) -> None:
        told, self._last_error = bool(self._last_error), str(error)
        if not self.since and not told:
            log.warning("waiting for the engine at %s: %s", self._servers.shown, error)
        if "authorization" in self._last_error.lower():
            self._denied.set()
        log.debug("engine: %s", error)


def _give_up(answer: asyncio.Future[Msg]) -> None:
    if not answer.done():
        answer.set_exception(Away("no answer in time", doubt=True))
