"""The few requests of JetStream that the store is made of."""

from __future__ import annotations

import json
import math
from base64 import b64decode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.store.jetstream.trouble import NO_MESSAGE, Away, Refused

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

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
# Seconds for the answer of any copy, before the leader is asked.
COPY_SECONDS = 0.5
# Seconds of silence after which a copy is away; it tells the leader of itself every second.
SILENT = 5.0
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
    """Requests to JetStream; all of them raise `Away`, and `Refused` where the engine says no.

    Of a `replicated` stream any copy answers reads, also one that lags behind: a server that was
    frozen or started again. What it has is true, as slots are written once; what it does not have
    is asked of the stream's leader.
    """

    def __init__(self, connection: Connection, *, replicated: bool = False) -> None:
        self.connection = connection
        self.replicated = replicated

    async def call(
        self, name: str, body: Mapping[str, object] | None = None, seconds: float = 5.0
    ) -> dict[str, Any]:
        """Send a request of the management API and return its answer."""
        data = json.dumps(body).encode() if body is not None else b""
        message = await self.connection.request(f"$JS.API.{name}", data, seconds=seconds)
        return _answer(message)

    async def publish(
        self, subject: str, body: bytes, headers: Mapping[str, str], seconds: float = 5.0
    ) -> int:
        """Write a message and return its position.

        Raises `Fault` INTERNAL where it is larger than any server takes.
        """
        size = len(subject) + len(body) + sum(len(k) + len(v) + 4 for k, v in headers.items())
        if size + 64 > MESSAGE_BYTES:
            text = f"A record of {size} bytes is too large to keep."
            raise Fault(Reason.INTERNAL, text, metadata={"limit": "record_bytes"})
        message = await self.connection.request(subject, body, headers, seconds=seconds)
        position: int = _answer(message)["seq"]
        return position

    async def get(self, stream: str, subject: str) -> Stored | None:
        """Return the last message of a subject; of one that is written again maybe an old one."""
        return await self._read(stream, f".{subject}", b"", {"last_by_subj": subject})

    async def glance(self, stream: str, subject: str, seconds: float) -> Stored | None:
        """Return the last message of a subject, as whichever copy is asked has it."""
        asked = f"$JS.API.DIRECT.GET.{stream}.{subject}"
        return stored_from(await self.connection.request(asked, b"", seconds=seconds))

    async def newest(self, stream: str, subject: str) -> Stored | None:
        """Return the last message of a subject, as the leader has it."""
        return await self._of_leader(stream, {"last_by_subj": subject})

    async def require_leader(self, stream: str, seconds: float) -> None:
        """Return once a stream's leader has answered, to whom most copies answer.

        Without them nothing can be written. Any server would tell of the stream itself, and a
        leader that lost the others takes some twenty seconds to see that it is none any more.
        """
        try:
            name = f"STREAM.MSG.GET.{stream}"
            await self.call(name, {"last_by_subj": "nothing.at.all"}, seconds)
        except Refused as refusal:
            if refusal.number != NO_MESSAGE:
                raise
        if self.replicated:
            info = await self.call(f"STREAM.INFO.{stream}", seconds=seconds)
            if not has_most(info.get("cluster", {})):
                raise Away("most copies of the stream are away")

    async def first(self, stream: str, pattern: str, position: int) -> Stored | None:
        """Return the first message of a pattern at or after a position."""
        asked = {"next_by_subj": pattern, "seq": max(1, position)}
        return await self._read(stream, "", json.dumps(asked).encode(), asked)

    async def overlooked(self, stream: str, pattern: str, position: int) -> Stored | None:
        """Return the first message at or after a position that a copy may have overlooked."""
        if not self.replicated:
            return None
        return await self._of_leader(stream, {"next_by_subj": pattern, "seq": position})

    async def _read(
        self, stream: str, suffix: str, body: bytes, asked: Mapping[str, object]
    ) -> Stored | None:
        subject = f"$JS.API.DIRECT.GET.{stream}{suffix}"
        if not self.replicated:
            return stored_from(await self.connection.request(subject, body))
        # One of the copies may stand still: the others need not wait for it.
        with suppress(Away):
            answer = await self.connection.request(subject, body, seconds=COPY_SECONDS)
            if found := stored_from(answer):
                return found
        return await self._of_leader(stream, asked)

    async def _of_leader(self, stream: str, asked: Mapping[str, object]) -> Stored | None:
        try:
            answer = await self.call(f"STREAM.MSG.GET.{stream}", asked)
        except Refused as refusal:
            if refusal.number != NO_MESSAGE:
                raise
            return None
        return _told(answer["message"])

    async def has_none(self, stream: str, subjects: Collection[str]) -> bool:
        """Tell whether none of some subjects has a message, as whichever copy is asked has it."""
        asked = {"multi_last": list(subjects), "batch": 1}
        answer = await self.connection.request(
            f"$JS.API.DIRECT.GET.{stream}", json.dumps(asked).encode()
        )
        return stored_from(answer) is None

    async def purge(self, stream: str, pattern: str, before: int = 0) -> None:
        """Delete all messages of a pattern, or those before a position."""
        await self.call(f"STREAM.PURGE.{stream}", {"filter": pattern, "seq": before})


def has_most(cluster: Mapping[str, Any]) -> bool:
    """Tell whether a leader has heard from most copies, its own included, a moment ago."""
    if not cluster.get("leader"):
        return False
    others = cluster.get("replicas", [])
    heard = [each for each in others if each.get("active", 0) < SILENT * _NANO]
    return 2 * (1 + len(heard)) > 1 + len(others)


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


def stored_from(message: Msg) -> Stored | None:
    """Return what a direct read has found. Raises `Refused`."""
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


def _told(message: Mapping[str, Any]) -> Stored:
    lines = b64decode(message.get("hdrs", "")).decode().split("\r\n")[1:]
    named = (line.partition(":") for line in lines if line)
    return Stored(
        message["subject"],
        message["seq"],
        datetime.fromisoformat(message["time"]).timestamp(),
        {name: value.strip() for name, _, value in named},
        b64decode(message.get("data", "")),
    )
