"""What becomes of a job whose stream is left before its end: it is cancelled."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator, Generator

from docsort._aio import AsyncCalls
from docsort._blocking import BlockingCalls
from docsort._errors import DocsortError, JobFinishedError
from docsort._stream import Cursor
from docsort._timeouts import CANCEL_SECONDS

_log = logging.getLogger("docsort.jobs")


class AsyncLeaving:
    """Cancel the jobs of streams that are left, with asyncio."""

    def __init__(self, calls: AsyncCalls) -> None:
        self._calls = calls
        self._open: set[Cursor] = set()
        self._cancelling: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def watched(self, cursor: Cursor) -> AsyncGenerator[None, None]:
        """Cancel the job if the block is left before its end, but not where its stream broke."""
        self._open.add(cursor)
        try:
            yield
        except Exception:
            # The stream broke for good: the job may be alive, and can be watched later.
            cursor.cancelled = True
            raise
        finally:
            await self._abandon(cursor)

    async def all(self) -> None:
        """Cancel the jobs of all streams that are open."""
        for cursor in tuple(self._open):
            await self._abandon(cursor)
        if self._cancelling:
            await asyncio.wait(self._cancelling)

    async def _abandon(self, cursor: Cursor) -> None:
        self._open.discard(cursor)
        if not cursor.abandoned:
            return
        cursor.cancelled = True
        task = asyncio.create_task(self._cancel_quietly(cursor.job_id))
        self._cancelling.add(task)
        task.add_done_callback(self._cancelling.discard)
        await asyncio.shield(task)

    async def _cancel_quietly(self, job_id: str) -> None:
        try:
            async with asyncio.timeout(CANCEL_SECONDS):
                await self._calls.cancel_job(job_id)
            _log.info("job %s was cancelled", job_id)
        except JobFinishedError:
            _log.info("job %s had just finished", job_id)
        except (DocsortError, TimeoutError) as error:
            # The server's orphan grace ends it.
            _log.info("could not cancel job %s: %s", job_id, error)


class BlockingLeaving:
    """Cancel the jobs of streams that are left, from plain code."""

    def __init__(self, calls: BlockingCalls) -> None:
        self._calls = calls
        self._open: set[Cursor] = set()

    @contextlib.contextmanager
    def watched(self, cursor: Cursor) -> Generator[None, None, None]:
        """Cancel the job if the block is left before its end, but not where its stream broke."""
        self._open.add(cursor)
        try:
            yield
        except Exception:
            # The stream broke for good: the job may be alive, and can be watched later.
            cursor.cancelled = True
            raise
        finally:
            self._abandon(cursor)

    def all(self) -> None:
        """Cancel the jobs of all streams that are open."""
        for cursor in tuple(self._open):
            self._abandon(cursor)

    def _abandon(self, cursor: Cursor) -> None:
        self._open.discard(cursor)
        if not cursor.abandoned:
            return
        cursor.cancelled = True
        try:
            self._calls.cancel_job(cursor.job_id, within=CANCEL_SECONDS)
            _log.info("job %s was cancelled", cursor.job_id)
        except JobFinishedError:
            _log.info("job %s had just finished", cursor.job_id)
        except DocsortError as error:
            # The server's orphan grace ends it.
            _log.info("could not cancel job %s: %s", cursor.job_id, error)
