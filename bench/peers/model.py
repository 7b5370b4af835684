"""The slow model as other classifiers ask it: every answer is the first category.

Run as `python -m bench.peers.model SECONDS`; prints its port and serves until its standard input
ends.
"""

from __future__ import annotations

import asyncio
import json
import sys

from bench.slow_model import GOOD, Model, http


def _said(content: str) -> bytes:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "message": message, "finish_reason": "stop"}
    usage = {"prompt_tokens": 1_500, "completion_tokens": 7, "total_tokens": 1_507}
    listed = {"object": "chat.completion", "choices": [choice], "usage": usage}
    return http(200, {"id": "x", "model": "slow", "created": 1, **listed})


# By a word of the request: what each of them wants to hear.
ANSWERS = {
    b"ClassificationResponse": _said(json.dumps({"name": "Invoice", "confidence": 9})),
    b"json_schema": GOOD,
}
OTHERS = _said(json.dumps({"1": "1", "2": "0"}))


class PeerModel(Model):
    """One connection, one request at a time."""

    def requested(self, body: bytes) -> None:
        """Answer after the fixed time in the form that was asked for."""
        is_ours = b'"name":"answer"' in body
        answer = OTHERS
        for word, said in ANSWERS.items():
            if word in body and (said is not GOOD or is_ours):
                answer = said
        asyncio.get_running_loop().call_later(self._seconds, self._transport.write, answer)


async def main(seconds: float) -> None:
    """Serve until the standard input ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: PeerModel(seconds, 1 << 30), "127.0.0.1", 0, backlog=1_024
    )
    print(server.sockets[0].getsockname()[1], flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(float(sys.argv[1])))
