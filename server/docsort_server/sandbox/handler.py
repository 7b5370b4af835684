"""What runs inside a worker process, and how it is found by name."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any, Protocol, cast

if TYPE_CHECKING:
    from collections.abc import Iterator


class Handler(Protocol):
    """Answers requests inside a worker process, one at a time."""

    def handle(self, request: dict[str, Any], fd: int | None) -> Iterator[dict[str, Any]]:
        """Yield one reply frame after another; what is yielded is sent before the next is made.

        `fd` is a file the caller handed over. It is closed once the iterator ends, so whoever
        needs it longer duplicates or maps it. A raised `Fault` reaches the caller as it is; of
        any other exception only the class name does. The iterator is closed early when the
        caller wants no more.
        """
        ...

    def rest(self) -> None:
        """Let go of what only a further request would need; none has come for a second."""
        ...


def load(name: str) -> Handler:
    """Return the handler that the factory "package.module:factory" makes."""
    module, _, factory = name.partition(":")
    return cast("Handler", getattr(importlib.import_module(module), factory)())
