"""A model on the loopback that takes a fixed time, and refuses more than so many at once.

Run as `python -m bench.slow_model SECONDS AT_ONCE`; prints its port and serves until its standard
input ends. The answer is the same for every page: it fits a question of two categories without
criteria.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys

LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


def http(status: int, body: object) -> bytes:
    """Return a response of HTTP."""
    payload = json.dumps(body).encode()
    head = f"HTTP/1.1 {status} X\r\nContent-Type: application/json\r\n"
    return f"{head}Content-Length: {len(payload)}\r\n\r\n".encode() + payload


def _token(text: str, **others: float) -> dict[str, object]:
    top = [{"token": key, "logprob": value} for key, value in ({text: -0.1} | others).items()]
    return {"token": text, "logprob": -0.1, "top_logprobs": top}


def _completion() -> dict[str, object]:
    tokens = [_token('{"category":"'), _token("A", B=-3.0, C=-4.0), _token('"}')]
    message = {"role": "assistant", "content": '{"category":"A"}'}
    choice = {"message": message, "finish_reason": "stop", "logprobs": {"content": tokens}}
    usage = {"prompt_tokens": 1_500, "completion_tokens": 7}
    return {"model": "slow", "choices": [choice], "usage": usage}


GOOD = http(200, _completion())
REFUSAL = http(429, {"error": {"message": "too many requests at once"}})


class Model(asyncio.Protocol):
    """One connection, one request at a time."""

    in_flight = 0

    def __init__(self, seconds: float, at_once: int) -> None:
        self._seconds = seconds
        self._at_once = at_once
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer once a whole request is there."""
        self._received += data
        head = self._received.find(b"\r\n\r\n")
        found = LENGTH.search(self._received, 0, max(head, 0))
        if found is None or len(self._received) < head + 4 + int(found[1]):
            return
        body = bytes(self._received[head + 4 :])
        self._received.clear()
        self.requested(body)

    def requested(self, body: bytes) -> None:
        """Answer after the fixed time, or refuse at once."""
        if Model.in_flight >= self._at_once:
            self._transport.write(REFUSAL)
            return
        Model.in_flight += 1
        asyncio.get_running_loop().call_later(self._seconds, self._answer)

    def _answer(self) -> None:
        Model.in_flight -= 1
        self._transport.write(GOOD)


async def main(seconds: float, at_once: int) -> None:
    """Serve until the standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: Model(seconds, at_once), "127.0.0.1", 0, backlog=1_024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1]), int(sys.argv[2])))
