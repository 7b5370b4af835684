"""Ask a server for a classification, the way the benchmarks need it."""

from __future__ import annotations

import itertools
import time
from contextlib import aclosing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.drawing import categories, drawn
from docsort import Accepted, Category, Finished, PageFinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort import AsyncClient, Job

_COUNT = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of one classification.

    `first_page` counts from the server's having the document to the first page's result at the
    client, `whole` from the call to its end.
    """

    first_page: float
    whole: float
    job: Job


def fresh(pages: int) -> bytes:
    """Return a document that no server has seen: the pages are the same, the bytes are not."""
    return drawn(pages).read_bytes() + b"\n%% copy %d %d\n" % (time.time_ns(), next(_COUNT))


def reworded() -> list[Category]:
    """Return categories that no server has been asked about."""
    extra = f"Minutes of meeting {time.time_ns()}"
    return [*categories(), Category(extra, "What was said and decided", ("lists who was there",))]


async def classify(client: AsyncClient, content: bytes, asked: Sequence[Category]) -> Timing:
    """Classify to the end; RuntimeError where the job did not complete."""
    started = time.monotonic()
    accepted = first = 0.0
    async with aclosing(client.stream(content, asked)) as events:
        async for event in events:
            if isinstance(event, Accepted) and event.event_time:
                accepted = event.event_time.timestamp()
            elif isinstance(event, PageFinished):
                first = first or time.time()
            elif isinstance(event, Finished):
                if event.job.failure:
                    raise RuntimeError(event.job.failure.message)
                return Timing(first - accepted, time.monotonic() - started, event.job)
    raise RuntimeError("the stream ended early")


async def first_page(client: AsyncClient, content: bytes, asked: Sequence[Category]) -> float:
    """Return the seconds to the first page's result, then cancel the job."""
    accepted = 0.0
    async with aclosing(client.stream(content, asked)) as events:
        async for event in events:
            if isinstance(event, Accepted) and event.event_time:
                accepted = event.event_time.timestamp()
            elif isinstance(event, PageFinished):
                return time.time() - accepted
    raise RuntimeError("the stream ended without a page")
