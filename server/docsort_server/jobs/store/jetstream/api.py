"""The few requests of JetStream that the store is made of."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.jetstream.trouble import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from nats.aio.msg import Msg

    from docsort_server.jobs.store.jetstream.connection import Connection

EXPECT = "Nats-Expected-Last-Subject-Sequence"
EXPECT_WITHIN = "Nats-Expected-Last-Subject-Sequence-Subject"
TTL = "Nats-TTL"
# When a message is over, exactly: the engine forgets it in the seconds after its time to live.
EXPIRES = "Docsort-Expires"
# A message with its headers must stay below this everywhere: a server closes the connection over
# a larger one, which looks like a time-out, and trying again would close it again.
MESSAGE_BYTES = 1024 * 1024
_NANO = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Stored:
    """A message of a stream; `time` is seconds since the epoch."""

    subject: str
    position: int
    time: float
    headers: Mapping[str, str]
    body: bytes

    @property
    def expires(self) -> float:
        """When it is to be forgotten, in seconds since the epoch."""
        return float(self.headers.get(EXPIRES, math.inf))


class JetStream:
    """Requests to JetStream; all of them raise `Away`, and `Refused` where the engine says no."""

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    async def call(self, name: str, body: Mapping[str, object] | None = None) -> dict[str, Any]:
        """Send a request of the management API and return its answer."""
        data = json.dumps(body).encode() if body is not None else b""
        message = await self.connection.request(f"$JS.API.{name}", data, seconds=5.0)
        return _answer(message)

    async def publish(self, subject: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Write a message and return its position.

        Raises `Fault` INTERNAL where it is larger than any server takes.
        """
        size = len(subject) + len(body) + sum(len(k) + len(v) + 4 for k, v in headers.items())
        if size + 64 > MESSAGE_BYTES:
            text = f"A record of {size} bytes is too large to keep."
            raise Fault(Reason.INTERNAL, text, metadata={"limit": "record_bytes"})
        message = await self.connection.request(subject, body, headers)
        position: int = _answer(message)["seq"]
        return position

    async def get(self, stream: str, subject: str) -> Stored | None:
        """Return the last message of a subject."""
        return _stored(await self.connection.request(f"$JS.API.DIRECT.GET.{stream}.{subject}"))

    async def first(self, stream: str, pattern: str, position: int) -> Stored | None:
        """Return the first message of a pattern at or after a position."""
        body = json.dumps({"next_by_subj": pattern, "seq": max(1, position)}).encode()
        return _stored(await self.connection.request(f"$JS.API.DIRECT.GET.{stream}", body))

    async def purge(self, stream: str, pattern: str, *, up_to: int = 0) -> None:
        """Delete the messages of a pattern: all of them, or those up to a position."""
        before = {"seq": up_to + 1} if up_to else {}
        await self.call(f"STREAM.PURGE.{stream}", {"filter": pattern, **before})


def nanoseconds(seconds: float) -> int:
    """Return a duration as the API has it."""
    return int(seconds * _NANO)


def life(ttl: float, now: float) -> dict[str, str]:
    """Return the headers of a message that is over in `ttl` seconds.

    The engine takes whole seconds, at least one.
    """
    return {TTL: str(max(1, math.ceil(ttl))), EXPIRES: repr(now + ttl)}


def moment(nanos: int) -> float:
    """Return nanoseconds since the epoch as seconds, cut to microseconds as `get` has them."""
    return nanos // 1000 / 1_000_000


def _answer(message: Msg) -> dict[str, Any]:
    answer: dict[str, Any] = json.loads(message.data)
    error = answer.get("error")
    if error:
        text = error.get("description", "")
        raise Refused(error.get("code", 0), error.get("err_code", 0), text)
    return answer


def _stored(message: Msg) -> Stored | None:
    headers = message.headers or {}
    status = headers.get("Status")
    if status == "404":
        return None
    if status:
        raise Refused(int(status), 0, headers.get("Description", ""))
    return Stored(
        headers["Nats-Subject"],
        int(headers["Nats-Sequence"]),
        datetime.fromisoformat(headers["Nats-Time-Stamp"]).timestamp(),
        headers,
        message.data,
    )
