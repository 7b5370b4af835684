"""A fake model: answers after a drawn delay, and writes down who asked for which page and when.

    python bench/chaos/model.py --port PORT --record FILE [--seed N]

It is the witness of what would have been paid for: a call is written when it comes and again when
its answer is given, whatever became of the process that asked.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import sys
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bench.chaos.documents import marker_of, scores_of
from bench.chaos.records import Record

# Seconds that an answer takes.
DELAYS = (0.02, 0.3)


class Model:
    """Serve one page per connection."""

    def __init__(self, record: Record, seed: int) -> None:
        self._record = record
        self._chance = random.Random(seed)
        self._numbers = count(1)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one request."""
        try:
            asked = json.loads(await _body(reader))
            answer = json.dumps(await self._answer(asked)).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            # The process that asked was killed; the call is written down all the same.
            return
        finally:
            writer.close()

    async def _answer(self, asked: dict[str, str]) -> dict[str, object]:
        number, (job, page) = next(self._numbers), marker_of(asked["text"])
        self._record.write("call", call=number, process=asked["process"], job=job, page=page)
        await asyncio.sleep(self._chance.uniform(*DELAYS))
        self._record.write("answer", call=number)
        return {"scores": scores_of(job, page)}


async def _body(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lines = head.decode().lower().split("\r\n")
    length = next(
        int(line.partition(":")[2]) for line in lines if line.startswith("content-length")
    )
    return await reader.readexactly(length)


async def serve(port: int, model: Model) -> None:
    """Serve for ever."""
    async with await asyncio.start_server(model.serve, "127.0.0.1", port, backlog=1024) as server:
        await server.serve_forever()


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--record", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    model = Model(Record(arguments.record), arguments.seed)
    asyncio.run(serve(arguments.port, model))


if __name__ == "__main__":
    main()
