"""Let work that may end this process run alone, so that nothing else is blamed for its end."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


class Quarantine:
    """A lock that many hold together or one holds alone; whoever wants to be alone goes first."""

    def __init__(self) -> None:
        self._changed = asyncio.Condition()
        self._together = 0
        self._alone = False
        self._waiting = 0

    @asynccontextmanager
    async def together(self) -> AsyncGenerator[None, None]:
        """Work beside others, never beside anyone who is alone."""
        async with self._changed:
            await self._changed.wait_for(lambda: not (self._alone or self._waiting))
            self._together += 1
        try:
            yield
        finally:
            self._together -= 1
            await self._tell()

    @asynccontextmanager
    async def alone(self) -> AsyncGenerator[None, None]:
        """Work while nobody else does."""
        self._waiting += 1
        try:
            async with self._changed:
                await self._changed.wait_for(lambda: not (self._alone or self._together))
                self._alone = True
        finally:
            self._waiting -= 1
            await self._tell()
        try:
            yield
        finally:
            self._alone = False
            await self._tell()

    async def _tell(self) -> None:
        async with self._changed:
            self._changed.notify_all()
