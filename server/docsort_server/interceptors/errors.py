"""The one boundary between exceptions and statuses."""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

import grpc

from docsort_server.errors import status_of
from docsort_server.faults import Fault
from docsort_server.incidents import incident
from docsort_server.interceptors.handlers import (
    is_generator,
    with_requests,
    with_stream,
    with_unary,
)

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.interceptors.handlers import (
        Behaviour,
        Context,
        Continuation,
        MethodHandler,
    )

log = logging.getLogger(__name__)


class ErrorInterceptor(grpc.aio.ServerInterceptor):
    """Render faults as rich statuses and everything else as INTERNAL; the innermost one."""

    async def intercept_service(
        self, continuation: Continuation, handler_call_details: grpc.HandlerCallDetails
    ) -> MethodHandler | None:
        """Wrap all handlers that the service has; streaming ones may yield or write."""
        handler = await continuation(handler_call_details)
        if handler is None:
            return None
        if handler.unary_unary:
            return with_unary(handler, _guarded(handler.unary_unary))
        if handler.stream_unary:
            return with_requests(handler, _guarded(handler.stream_unary))
        if handler.unary_stream and is_generator(handler.unary_stream):
            return with_stream(handler, _guarded_stream(handler.unary_stream))
        if handler.unary_stream:
            return with_stream(handler, _guarded(handler.unary_stream))
        return handler


def _guarded(inner: Behaviour) -> Behaviour:
    async def answer(request: Any, context: Context) -> Any:  # noqa: ANN401 - any message
        async with _boundary(context):
            return await inner(request, context)

    return answer


def _guarded_stream(inner: Behaviour) -> Behaviour:
    async def stream(request: Any, context: Context) -> AsyncGenerator[Any, None]:  # noqa: ANN401
        async with _boundary(context), aclosing(inner(request, context)) as messages:
            async for message in messages:
                yield message

    return stream


@asynccontextmanager
async def _boundary(context: Context) -> AsyncGenerator[None, None]:
    try:
        yield
    except grpc.aio.AbortError:
        raise
    except asyncio.CancelledError as error:
        # One that nobody asked this call for would leave the peer without any status.
        task = asyncio.current_task()
        if task and task.cancelling():
            raise
        await _abort(context, error)
    except Exception as error:  # noqa: BLE001 - the last line of defence
        await _abort(context, error)


async def _abort(context: Context, error: BaseException) -> None:
    """End the call with the status of an error."""
    cause = _only(error)
    if not isinstance(cause, Fault):
        failure = incident(log, "a call", cause)
        cause = Fault(failure.reason, failure.message, metadata=failure.metadata)
    await context.abort_with_status(status_of(cause))


def _only(error: BaseException) -> BaseException:
    """Unwrap groups that hold a single error: a task group must not hide a fault."""
    while isinstance(error, BaseExceptionGroup) and len(error.exceptions) == 1:
        error = error.exceptions[0]
    return error
