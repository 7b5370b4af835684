"""Messages of one consumer, asked for as they are used up."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import nanoseconds
from docsort_server.jobs.store.jetstream.trouble import Gone

if TYPE_CHECKING:
    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.connection import Connection
    from docsort_server.jobs.store.jetstream.inbox import Inbox

# What a reader that has stopped reading may hold, in messages and bytes.
CREDIT = 64
CREDIT_BYTES = 4 * 1024 * 1024
EXPIRES = 60.0
HEARTBEAT = 2.5
# The consumer is taken to be lost after this silence, in seconds.
SILENCE = 2 * HEARTBEAT + 1


class Pull:
    """Read a consumer; its requests are renewed when they are used up or run out.

    Neither the library nor the server renews a request after a restart, and a lost consumer is
    silent: the heartbeats tell.
    """

    def __init__(self, connection: Connection, inbox: Inbox, stream: str, consumer: str) -> None:
        self._connection = connection
        self._inbox = inbox
        self._subject = f"$JS.API.CONSUMER.MSG.NEXT.{stream}.{consumer}"
        self._asked = 0

    def ready(self) -> Msg | None:
        """Return a message that is here already. Raises `Away` and `Gone`."""
        while (message := self._inbox.take()) is not None:
            if self._is_record(message):
                return message
        return None

    async def next(self) -> Msg:
        """Wait for the next message. Raises `Away` and `Gone`."""
        while (message := self.ready()) is None:
            if not self._asked:
                await self._ask()
            arrived = await self._inbox.next(SILENCE)
            if arrived is None:
                raise Gone("no sign of life from the consumer")
            if self._is_record(arrived):
                return arrived
        return message

    async def _ask(self) -> None:
        request = {
            "batch": CREDIT,
            "max_bytes": CREDIT_BYTES,
            "expires": nanoseconds(EXPIRES),
            "idle_heartbeat": nanoseconds(HEARTBEAT),
        }
        self._asked = CREDIT
        await self._connection.publish(
            self._subject, json.dumps(request).encode(), self._inbox.subject
        )

    def _is_record(self, message: Msg) -> bool:
        status = (message.headers or {}).get("Status")
        if status is None:
            self._asked -= 1
            return True
        self._take_note(status, (message.headers or {}).get("Description", ""))
        return False

    def _take_note(self, status: str, text: str) -> None:
        match status:
            case "100":
                return
            case "408" | "404":
                self._asked = 0
            case "409" if "MaxBytes" in text or "Batch Completed" in text:
                self._asked = 0
            case _:
                raise Gone(text)
