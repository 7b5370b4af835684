"""Turn generator handlers into coroutines that write.

gRPC does not close a generator whose call is cancelled during a write, so its `finally` would
run late, in another task; a coroutine with `aclosing` runs it at once. A peer that takes no
message for `write_seconds` loses its stream: it can resume, and its slot is free.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, Any

import grpc

from docsort_server.interceptors.handlers import is_generator, with_stream

if TYPE_CHECKING:
    from docsort_server.interceptors.handlers import (
        Behaviour,
        Context,
        Continuation,
        MethodHandler,
    )


class StreamInterceptor(grpc.aio.ServerInterceptor):
    """Own the writing of every stream; the outermost interceptor."""

    def __init__(self, write_seconds: float) -> None:
        self._write_seconds = write_seconds

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> MethodHandler | None:
        """Wrap generator handlers; leave all others as they are."""
        handler = await continuation(handler_call_details)
        if handler is None or not handler.unary_stream or not is_generator(handler.unary_stream):
            return handler
        return with_stream(handler, self._written(handler.unary_stream))

    def _written(self, inner: Behaviour) -> Behaviour:
        async def write_all(request: Any, context: Context) -> None:  # noqa: ANN401 - any message
            async with aclosing(inner(request, context)) as messages:
                async for message in messages:
                    async with asyncio.timeout(self._write_seconds):
                        await context.write(message)

        return write_all
