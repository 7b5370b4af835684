"""Count in a job's log how often a page was tried alone: a page that ends its worker ends there."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.result import PageResult
from docsort_server.faults import Failure, Reason
from docsort_server.jobs.model import Tried

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from docsort_server.jobs.journal import Journal
    from docsort_server.jobs.store.protocols import JobKey

# A span that was delivered more often than this has lost its worker, perhaps by a page of its own.
UNSUSPECTED = 2
# Tries that count before a page is given up.
TRIES = 2


class Trials:
    """Write a try down before it begins: what ends the process cannot write afterwards."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @asynccontextmanager
    async def trial(self, key: JobKey, page: int, until: float) -> AsyncGenerator[bool, None]:
        """Try a page during the block; yields False where its tries are used up.

        A try that ends in order does not count, be it by a failure or by the end of the server:
        what counts is what nobody lived to tell.
        """
        number = await self._next(key, page)
        if number is None:
            yield False
            return
        await self._journal.append(key, Tried(page, number), until=until)
        try:
            yield True
        except (Exception, asyncio.CancelledError):
            void = Tried(page, number, void=True)
            await asyncio.shield(self._journal.append(key, void, until=until))
            raise

    async def _next(self, key: JobKey, page: int) -> int | None:
        """Return the number of the next try; None after `TRIES` that count."""
        number, counted = 1, 0
        while await self._journal.holds(key, Tried(page, number)):
            counted += not await self._journal.holds(key, Tried(page, number, void=True))
            number += 1
        return number if counted < TRIES else None


def given_up(page: int) -> PageResult:
    """Return the result of a page whose tries are used up."""
    text = f"Work on the page has ended its worker {TRIES} times."
    return PageResult(page, Outcome.FAILED, failure=Failure(Reason.PARSER_CRASHED, text))
