"""One lane of a kind of task: a durable consumer that all replicas draw from."""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import nanoseconds
from docsort_server.jobs.store.jetstream.trouble import Away, Gone, Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.inbox import Inbox
    from docsort_server.jobs.store.jetstream.names import Names

STAND_SECONDS = 30.0
HEARTBEAT = 2.5
# Seconds for the answer to a request that does not wait for tasks, and for one that others may
# have left without any.
_ANSWER = 2.0
_BRIEF = 0.1


class Lane:
    """Draw tasks: those that are there with `poll`, the next one to come with `stand`."""

    def __init__(self, jetstream: JetStream, inbox: Inbox, consumer: str, most: int | None) -> None:
        self._jetstream = jetstream
        self._connection = jetstream.connection
        self._inbox = inbox
        self._consumer = consumer
        self._most = most
        self.standing = False
        self._heard = 0.0
        # What a poll has brought, and how many more it may bring.
        self._found: list[Msg] = []
        self._awaited = 0

    @classmethod
    async def open(
        cls,
        jetstream: JetStream,
        names: Names,
        kind: str,
        lane: str,
        *,
        ack_wait: float,
        most: int | None,
        on_arrival: Callable[[], object],
    ) -> Lane:
        """Make the consumer as it should be, and open an inbox. Raises `Away` and `Refused`.

        `most` is the number of its tasks that all replicas together may have in hand.
        """
        name = f"{kind}_{lane}"
        config = {
            "name": name,
            "durable_name": name,
            "filter_subject": names.lane(kind, lane),
            "ack_policy": "explicit",
            "ack_wait": nanoseconds(ack_wait),
            # A queue keeps what it gives up for ever, in the way of the same task put again.
            "max_deliver": -1,
            "max_ack_pending": most or -1,
        }
        body = {"stream_name": names.tasks, "config": config}
        await jetstream.call(f"CONSUMER.CREATE.{names.tasks}.{name}.{names.lane(kind, lane)}", body)
        inbox = await jetstream.connection.inbox()
        inbox.on_arrival = on_arrival
        return cls(jetstream, inbox, f"{names.tasks}.{name}", most)

    async def poll(self, count: int) -> list[Msg]:
        """Return up to `count` tasks, without waiting for any. Raises `Away` and `Gone`."""
        request: dict[str, object] = {"no_wait": True}
        if self._most:
            count = min(count, await self._free(self._most))
            # The engine says nothing to a request that the bound keeps from being met.
            request["expires"] = nanoseconds(_BRIEF)
        if count > 0:
            await self._ask({**request, "batch": count})
            self._awaited = count
            await self._collect()
        found, self._found = self._found, []
        return found

    async def rest(self) -> list[Msg]:
        """Return the tasks that were asked for and not taken, those on their way included."""
        with suppress(Away, Gone):
            await self._collect()
            while message := self._inbox.take():
                if not _status(message):
                    self._found.append(message)
        return self._found

    async def stand(self) -> None:
        """Ask for the next task to come, unless that is asked for already."""
        if not self.standing:
            expires, heartbeat = nanoseconds(STAND_SECONDS), nanoseconds(HEARTBEAT)
            await self._ask({"batch": 1, "expires": expires, "idle_heartbeat": heartbeat})
            self.standing = True
            self._heard = _now()

    @property
    def silence(self) -> float:
        """Seconds without a sign of life on a standing request; 0 without one."""
        return _now() - self._heard if self.standing else 0.0

    def take(self) -> Msg | None:
        """Return the task that was stood for if it has come. Raises `Away` and `Gone`."""
        while self.standing and (message := self._inbox.take()):
            self._heard = _now()
            status = _status(message)
            if status != "100":
                self.standing = False
            if not status:
                return message
            self._check(message)
        return None

    async def close(self) -> None:
        """Stop drawing; the engine keeps what nobody listens for."""
        await self._connection.close_inbox(self._inbox)

    async def _free(self, most: int) -> int:
        """Return how many tasks wait that the bound lets be taken."""
        try:
            info = await self._jetstream.call(f"CONSUMER.INFO.{self._consumer}")
        except Refused as refusal:
            raise Gone(str(refusal)) from None
        return min(int(info["num_pending"]), most - int(info["num_ack_pending"]))

    async def _collect(self) -> None:
        """Take in the answer to a poll."""
        while self._awaited:
            message = await self._inbox.next(_ANSWER)
            if message is None:
                raise Away("no answer in time", doubt=True)
            if _status(message):
                self._awaited = 0
                self._check(message)
            else:
                self._awaited -= 1
                self._found.append(message)

    async def _ask(self, request: dict[str, object]) -> None:
        body = json.dumps(request).encode()
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{self._consumer}"
        await self._connection.publish(subject, body, self._inbox.subject)

    def _check(self, message: Msg) -> None:
        text = (message.headers or {}).get("Description", "")
        if _status(message) not in ("100", "404", "408"):
            raise Gone(text)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _status(message: Msg) -> str:
    return (message.headers or {}).get("Status", "")
