"""The protocols of what processes share beside their jobs."""

from __future__ import annotations

from typing import Protocol


class AnswerCache(Protocol):
    """Answers by key that were dear to make. Any of them may be forgotten at any time."""

    async def get(self, key: str) -> bytes | None:
        """Return an answer; None where there is none, or none any more. Never waits for long."""

    async def put(self, key: str, body: bytes, *, ttl: float) -> None:
        """Keep an answer for `ttl` seconds, as far as there is room. Never fails."""


class Cell(Protocol):
    """A small value that processes share; two cannot change it without seeing each other."""

    async def read(self) -> tuple[bytes, int]:
        """Return the value and its revision; empty and 0 where there is none."""

    async def write(self, body: bytes, revision: int) -> bool:
        """Replace the value of a revision; False where it has another one by now.

        Also where it is in doubt whether that came through: whoever reads again sees.
        """
