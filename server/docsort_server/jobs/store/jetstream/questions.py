"""Whether slots are written, asked for many at once: most often none of them is."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection

    from docsort_server.jobs.store.jetstream.api import JetStream, Stored

# Subjects of one question: the engine answers for 1,024 at most, and the question has to be small.
MOST = 256


class _Question:
    """Subjects to ask about, and what the engine said; None until it has answered."""

    def __init__(self) -> None:
        self.subjects: set[str] = set()
        self.none_has_any: bool | None = None


class Questions:
    """Ask for the last messages of subjects of one stream, on behalf of all who ask at a time.

    While a question is on its way the next one gathers. So each is asked after whoever takes part
    in it began to ask, and pages that are read at the same time share one.
    """

    def __init__(self, jetstream: JetStream, stream: str) -> None:
        self._jetstream = jetstream
        self._stream = stream
        self._next = _Question()
        self._turn = asyncio.Lock()

    async def last(self, subjects: Collection[str]) -> list[Stored]:
        """Return the last messages of those subjects that have any. Raises `Away`, `Refused`."""
        if not self._jetstream.replicated and await self._is_none_written(subjects):
            return []
        found = await asyncio.gather(
            *(self._jetstream.get(self._stream, subject) for subject in subjects)
        )
        return [stored for stored in found if stored]

    async def _is_none_written(self, subjects: Collection[str]) -> bool:
        if len(self._next.subjects) + len(subjects) > MOST:
            self._next = _Question()
        question = self._next
        question.subjects.update(subjects)
        async with self._turn:
            # Whoever comes first asks for all; where that fails the next of them does.
            if question.none_has_any is None:
                if question is self._next:
                    self._next = _Question()
                question.none_has_any = await self._jetstream.has_none(
                    self._stream, question.subjects
                )
        return question.none_has_any
