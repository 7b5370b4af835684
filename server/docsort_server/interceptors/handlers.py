"""Rebuild a method handler around another behaviour: what every interceptor ends with."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import grpc

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    # These classes take parameters for type checkers only.
    Context = grpc.aio.ServicerContext[Any, Any]
    MethodHandler = grpc.RpcMethodHandler[Any, Any]
    Continuation = Callable[[grpc.HandlerCallDetails], Awaitable[MethodHandler | None]]
    # gRPC's types know synchronous behaviours only.
    Behaviour = Callable[..., Any]


def is_generator(behaviour: Behaviour) -> bool:
    """Tell whether a streaming behaviour yields its messages instead of writing them."""
    return inspect.isasyncgenfunction(behaviour)


def with_unary(handler: MethodHandler, behaviour: Behaviour) -> MethodHandler:
    """Return a unary-unary handler with another behaviour."""
    return grpc.unary_unary_rpc_method_handler(
        behaviour, handler.request_deserializer, handler.response_serializer
    )


def with_requests(handler: MethodHandler, behaviour: Behaviour) -> MethodHandler:
    """Return a stream-unary handler with another behaviour."""
    return grpc.stream_unary_rpc_method_handler(
        behaviour, handler.request_deserializer, handler.response_serializer
    )


def with_stream(handler: MethodHandler, behaviour: Behaviour) -> MethodHandler:
    """Return a unary-stream handler with another behaviour."""
    return grpc.unary_stream_rpc_method_handler(
        behaviour, handler.request_deserializer, handler.response_serializer
    )
