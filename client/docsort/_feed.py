"""Follow the feed of all jobs over any number of calls; the loops of both stacks of gRPC."""

import asyncio
import contextlib
import time
from collections.abc import AsyncGenerator, Generator

from docsort._aio import AsyncCalls
from docsort._blocking import BlockingCalls
from docsort._convert import change_from_proto
from docsort._errors import APIConnectionError, DocsortError
from docsort._events import JobChange
from docsort._stream import Patience
from docsort.v1 import job_service_pb2


class FeedCursor:
    """Know where the feed goes on.

    `token` is the newest one, of a change or a sign of life; `settled` the newest that is not
    ahead of what the caller has dealt with.
    """

    def __init__(
        self, chosen: job_service_pb2.JobFilter, token: str = "", *, from_start: bool = False
    ) -> None:
        self.token = token
        self.settled = token
        self._chosen = chosen
        self._from_start = from_start

    @property
    def request(self) -> job_service_pb2.WatchJobsRequest:
        """The request that brings what has not been seen yet."""
        return job_service_pb2.WatchJobsRequest(
            filter=self._chosen,
            resume_token=self.token,
            from_start=self._from_start and not self.token,
        )

    def take(
        self, message: job_service_pb2.WatchJobsResponse, patience: Patience
    ) -> JobChange | None:
        """Return the change, if it is one, and renew patience: any message is a sign of life."""
        self.token = message.resume_token or self.token
        change = change_from_proto(message)
        patience.renew(durable=change is not None)
        if change is None:
            self.settle()
        return change

    def settle(self) -> None:
        """Take note that the caller asks for more, and so has dealt with what came."""
        self.settled = self.token


async def follow(
    calls: AsyncCalls, cursor: FeedCursor, patience: Patience
) -> AsyncGenerator[JobChange, None]:
    """Yield changes for ever; a broken call is made again from the newest token."""
    await calls.connect()
    while True:
        error: DocsortError = APIConnectionError("the stream ended early")
        try:
            async with contextlib.aclosing(calls.changes(cursor.request)) as messages:
                async for message in messages:
                    change = cursor.take(message, patience)
                    if change is not None:
                        yield change
                        cursor.settle()
        except DocsortError as broken:
            error = broken
        await asyncio.sleep(patience.delay(error))


def follow_blocking(
    calls: BlockingCalls, cursor: FeedCursor, patience: Patience
) -> Generator[JobChange, None, None]:
    """Yield changes for ever, as `follow` does."""
    calls.connect()
    while True:
        error: DocsortError = APIConnectionError("the stream ended early")
        try:
            with contextlib.closing(calls.changes(cursor.request)) as messages:
                for message in messages:
                    change = cursor.take(message, patience)
                    if change is not None:
                        yield change
                        cursor.settle()
        except DocsortError as broken:
            error = broken
        time.sleep(patience.delay(error))
