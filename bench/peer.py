"""The peer of the event stream: a bare grpc.aio server that sends bytes it holds.

Run as `python -m bench.peer`; prints its address, then serves until its input ends. A request
is the JSON list [messages, bytes of each].
"""

from __future__ import annotations

import asyncio
import json
import sys
from typing import TYPE_CHECKING

import grpc
import grpc.aio

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

METHOD = "/bench.Peer/Stream"


async def stream(
    request: bytes,
    context: grpc.aio.ServicerContext[bytes, bytes],
) -> AsyncGenerator[bytes, None]:
    """Send as many messages of the size as were asked for."""
    count, size = json.loads(request)
    body = b"x" * size
    for _ in range(count):
        yield body


async def main() -> None:
    """Serve until the input ends."""
    server = grpc.aio.server()
    handler: grpc.RpcMethodHandler[bytes, bytes] = grpc.unary_stream_rpc_method_handler(stream)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("bench.Peer", {"Stream": handler}),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    print(f"127.0.0.1:{port}", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    await server.stop(None)


if __name__ == "__main__":
    asyncio.run(main())
