"""What the interceptors make of handlers that misbehave."""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager
from typing import Any

import grpc
import pytest
from rpc_server import connected, refusal

from docsort_server.faults import Fault, Reason
from docsort_server.interceptors.errors import ErrorInterceptor
from docsort_server.interceptors.streams import StreamInterceptor

SECRET = "the text of a secret document"
Handler = Callable[[bytes, Any], Any]


@asynccontextmanager
async def serving(
    handler: Handler, *, write_seconds: float = 10.0
) -> AsyncIterator[grpc.aio.Channel]:
    """Serve one handler as `Unary` and as `Stream` behind the server's interceptors."""
    handlers: dict[str, grpc.RpcMethodHandler[bytes, bytes]] = {
        "Unary": grpc.unary_unary_rpc_method_handler(handler),
        "Stream": grpc.unary_stream_rpc_method_handler(handler),
    }
    interceptors = [StreamInterceptor(write_seconds), ErrorInterceptor()]
    server = grpc.aio.server(interceptors=interceptors)
    server.add_generic_rpc_handlers(
        (grpc.method_handlers_generic_handler("test.Service", handlers),)
    )
    port = server.add_insecure_port("127.0.0.1:0")
    await server.start()
    small = (("grpc.http2.bdp_probe", 0), ("grpc.http2.lookahead_bytes", 65_536))
    try:
        async with connected(f"127.0.0.1:{port}", *small) as channel:
            yield channel
    finally:
        await server.stop(0)


async def unary(channel: grpc.aio.Channel) -> bytes:
    """Make the unary call."""
    call: grpc.aio.UnaryUnaryMultiCallable[bytes, bytes]
    call = channel.unary_unary("/test.Service/Unary")
    return await call(b"", timeout=5)


async def stream(channel: grpc.aio.Channel) -> list[bytes]:
    """Make the streaming call and read it to its end."""
    return [message async for message in opened(channel, timeout=5)]


def opened(
    channel: grpc.aio.Channel, timeout: float | None = None
) -> grpc.aio.UnaryStreamCall[bytes, bytes]:
    """Start the streaming call."""
    call: grpc.aio.UnaryStreamMultiCallable[bytes, bytes]
    call = channel.unary_stream("/test.Service/Stream")
    return call(b"", timeout=timeout)


def raising(error: BaseException) -> Handler:
    """Return a unary handler that raises."""

    async def handler(_: bytes, __: object) -> bytes:
        raise error

    return handler


def yielding(error: BaseException) -> Handler:
    """Return a streaming handler that yields once and then raises."""

    async def handler(_: bytes, __: object) -> AsyncGenerator[bytes, None]:
        yield b"one"
        raise error

    return handler


async def error_of(
    make: Callable[[BaseException], Handler], error: BaseException
) -> grpc.aio.AioRpcError:
    """Return the status that a handler's exception becomes, as unary or as stream."""
    call = unary if make is raising else stream
    async with serving(make(error)) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await call(channel)
    return caught.value


both = pytest.mark.parametrize("make", [raising, yielding], ids=["unary", "stream"])


@both
async def test_unknown_exceptions_are_internal_without_their_text(
    make: Callable[[BaseException], Handler], caplog: pytest.LogCaptureFixture
) -> None:
    """The caller gets an error id, the log the exception under the same id."""
    with caplog.at_level(logging.ERROR):
        error = await error_of(make, LookupError(SECRET))
    found = refusal(error)
    assert (found.code, found.info.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert SECRET not in str(error)
    assert found.info.metadata["error_id"] in caplog.text
    assert SECRET in caplog.text


@both
async def test_faults_become_their_status(make: Callable[[BaseException], Handler]) -> None:
    """A domain error raised anywhere in a handler is rendered by its reason."""
    found = refusal(await error_of(make, Fault(Reason.JOB_NOT_FOUND, "No job.")))
    assert (found.code, found.text) == (grpc.StatusCode.NOT_FOUND, "No job.")


@both
async def test_a_leaked_cancellation_is_internal(make: Callable[[BaseException], Handler]) -> None:
    """A CancelledError that nobody asked this call for ends it instead of leaving it hanging."""
    error = await error_of(make, asyncio.CancelledError())
    assert error.code() is grpc.StatusCode.INTERNAL


@both
async def test_a_group_of_one_is_its_error(make: Callable[[BaseException], Handler]) -> None:
    """A task group around a fault does not hide it, however deep."""
    fault = Fault(Reason.OVERLOADED, "Full.", retry_after=1.5)
    group = ExceptionGroup("outer", [ExceptionGroup("inner", [fault])])
    found = refusal(await error_of(make, group))
    assert (found.info.reason, found.trailers["grpc-retry-pushback-ms"]) == ("OVERLOADED", "1500")


@both
async def test_a_group_of_several_is_internal(make: Callable[[BaseException], Handler]) -> None:
    """Errors that contradict one another are nobody's to choose from."""
    group = ExceptionGroup("both", [Fault(Reason.OVERLOADED, "Full."), ValueError(SECRET)])
    error = await error_of(make, group)
    assert error.code() is grpc.StatusCode.INTERNAL
    assert SECRET not in str(error)


async def test_an_abort_passes() -> None:
    """A handler that aborts by itself keeps its own status."""

    async def handler(_: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> None:
        await context.abort(grpc.StatusCode.OUT_OF_RANGE, "gone")

    async with serving(handler) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await unary(channel)
    assert caught.value.code() is grpc.StatusCode.OUT_OF_RANGE
    assert caught.value.details() == "gone"


async def test_handlers_that_write_work_as_those_that_yield() -> None:
    """A streaming coroutine is guarded too."""

    async def handler(_: bytes, context: grpc.aio.ServicerContext[bytes, bytes]) -> None:
        await context.write(b"one")
        raise Fault(Reason.JOB_NOT_FOUND, "No job.")

    async with serving(handler) as channel:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await stream(channel)
    assert caught.value.code() is grpc.StatusCode.NOT_FOUND


class Flood:
    """A stream without end that notes how and where it was closed."""

    def __init__(self) -> None:
        self.tasks: set[asyncio.Task[Any] | None] = set()
        self.written = 0
        self.closed = asyncio.Event()

    async def __call__(self) -> AsyncGenerator[bytes, None]:
        """Yield for ever."""
        self.tasks.add(asyncio.current_task())
        try:
            while True:
                self.written += 1
                yield b"x" * 60_000
        finally:
            self.tasks.add(asyncio.current_task())
            self.closed.set()


def flooding(flood: Flood) -> Handler:
    """Return a handler that streams a flood."""

    async def handler(_: bytes, __: object) -> AsyncGenerator[bytes, None]:
        async with aclosing(flood()) as messages:
            async for message in messages:
                yield message

    return handler


async def test_a_generator_is_closed_when_its_call_is_cancelled_in_a_write() -> None:
    """The handler's `finally` runs at once, in the task that ran the handler."""
    flood = Flood()
    async with serving(flooding(flood)) as channel:
        call = opened(channel)
        await call.read()
        call.cancel()
        await asyncio.wait_for(flood.closed.wait(), 1.0)
    assert len(flood.tasks) == 1


async def test_a_peer_that_takes_nothing_loses_its_stream() -> None:
    """A write that waits too long ends the call; what was written stays bounded."""
    flood = Flood()
    async with serving(flooding(flood), write_seconds=0.1) as channel:
        call = opened(channel)
        await call.read()
        await asyncio.wait_for(flood.closed.wait(), 5.0)
        call.cancel()
    assert flood.written < 200
