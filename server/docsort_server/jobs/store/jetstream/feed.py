"""Everything written under some subjects, in order, whatever happens to the engine."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import nanoseconds
from docsort_server.jobs.store.jetstream.pull import Pull
from docsort_server.jobs.store.jetstream.trouble import Away, Gone, Refused

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.inbox import Inbox

log = logging.getLogger(__name__)

# Seconds for which the engine keeps a consumer that nobody reads.
INACTIVE = 90.0
_PAUSE = 0.05
# Parts of the reply subject of a delivered message, from its end: position, time, pending.
_POSITION, _TIME, _PENDING = 5, 7, 8


class Feed:
    """Read a stream from `start`, or from now on; a consumer that is lost is made again.

    A consumer lives in the memory of one server. It is cheap to make, and nothing is lost with it:
    the position of the last message read is all that counts.
    """

    def __init__(
        self, jetstream: JetStream, stream: str, patterns: list[str], start: int | None = None
    ) -> None:
        self._jetstream = jetstream
        self._stream = stream
        self._patterns = patterns
        self._next = start
        self._inbox: Inbox | None = None
        self._pull: Pull | None = None
        self._consumer = ""

    def ready(self) -> Delivered | None:
        """Return a message that is here already."""
        try:
            while self._pull and (message := self._pull.ready()):
                if delivered := self._fresh(message):
                    return delivered
        except (Away, Gone):
            # `next` makes another one.
            self._pull = None
        return None

    @property
    def position(self) -> int:
        """The place of the last message read, or where reading from now on began; 0 before that."""
        return (self._next or 1) - 1

    async def begin(self) -> None:
        """Wait until whatever is written from now on will be read."""
        while self._pull is None:
            try:
                await self._open()
            except (Away, Refused) as error:
                await self._pause(error)

    async def next(self) -> Delivered:
        """Wait for the next message, for ever."""
        while True:
            try:
                pull = self._pull or await self._open()
                if delivered := self._fresh(await pull.next()):
                    return delivered
            except (Away, Gone, Refused) as error:
                await self._pause(error)

    async def close(self) -> None:
        """Let the consumer go."""
        await self._abandon()
        if self._jetstream.connection.is_up:
            with suppress(Away):
                await self._forget()

    async def _pause(self, error: Exception) -> None:
        log.debug("reading %s again: %s", self._stream, error)
        await self._abandon()
        await asyncio.sleep(_PAUSE)
        await self._jetstream.connection.up()

    async def _open(self) -> Pull:
        await self._abandon()
        await self._forget()
        inbox = await self._jetstream.connection.inbox()
        self._inbox = inbox
        body = {"stream_name": self._stream, "config": self._config()}
        info = await self._jetstream.call(f"CONSUMER.CREATE.{self._stream}", body)
        if self._next is None:
            self._next = info["delivered"]["stream_seq"] + 1
        self._consumer = info["name"]
        self._pull = Pull(self._jetstream.connection, inbox, self._stream, self._consumer)
        return self._pull

    def _config(self) -> dict[str, object]:
        start: dict[str, object] = {"deliver_policy": "new"}
        if self._next is not None:
            start = {"deliver_policy": "by_start_sequence", "opt_start_seq": self._next}
        return {
            **start,
            "filter_subjects": self._patterns,
            "ack_policy": "none",
            "mem_storage": True,
            "num_replicas": 1,
            "inactive_threshold": nanoseconds(INACTIVE),
        }

    def _fresh(self, message: Msg) -> Delivered | None:
        delivered = Delivered(message)
        if self._next is not None and delivered.position < self._next:
            return None
        self._next = delivered.position + 1
        return delivered

    async def _abandon(self) -> None:
        inbox, self._inbox, self._pull = self._inbox, None, None
        if inbox:
            await self._jetstream.connection.close_inbox(inbox)

    async def _forget(self) -> None:
        """Have a consumer removed that may still be there.

        Unanswered: the engine would also do it by itself, later, but a cluster keeps books on each.
        """
        consumer, self._consumer = self._consumer, ""
        if consumer:
            subject = f"$JS.API.CONSUMER.DELETE.{self._stream}.{consumer}"
            await self._jetstream.connection.publish(subject)


class Delivered:
    """A message with the facts that its reply subject holds."""

    __slots__ = ("message", "pending", "position", "time_ns")

    def __init__(self, message: Msg) -> None:
        # $JS.ACK.<stream>.<consumer>.<delivered>.<position>.<consumer's>.<time>.<pending>, with
        # two parts more in front and one behind where accounts and domains are in play.
        parts = message.reply.split(".")
        shift = 2 if len(parts) > 9 else 0
        self.message = message
        self.position = int(parts[_POSITION + shift])
        self.time_ns = int(parts[_TIME + shift])
        self.pending = int(parts[_PENDING + shift])
