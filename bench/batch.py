"""Send many documents through a server and keep what became of each."""

from __future__ import annotations

import asyncio
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from docsort import AsyncClient, DocsortError, Finished, Outcome, PageFinished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort import Category, Event, Job, PageResult

# Seconds after which a document counts as lost: more than the server's own limits allow.
LOST = 180.0
UNTYPED = "untyped error"


@dataclass(slots=True)
class Answer:
    """What became of one document.

    `reason` is why it failed, empty when it was classified; `whole` tells whether every page of
    it had exactly one result event.
    """

    path: Path
    reason: str = ""
    message: str = ""
    seconds: float = 0.0
    pages: dict[int, PageResult] = field(default_factory=dict)
    repeats: int = 0
    job: Job | None = None

    @property
    def kind(self) -> str:
        """The reason of its failure, or the outcome of its result."""
        if self.reason or self.job is None or self.job.result is None:
            return self.reason or UNTYPED
        return str(self.job.result.outcome)

    @property
    def whole(self) -> bool:
        """Whether it failed as a whole, or each page came once and is in the result."""
        if self.job is None or self.job.result is None:
            return bool(self.reason)
        result = self.job.result
        numbers = [page.page for page in result.page_results]
        streamed = sorted(self.pages) == sorted(numbers) and not self.repeats
        return streamed and sorted(numbers) == list(range(1, result.total_pages + 1))

    @property
    def failed_pages(self) -> list[PageResult]:
        """The pages that could not be read."""
        return [page for page in self.pages.values() if page.outcome is Outcome.FAILED]

    def take(self, event: Event) -> None:
        """Note an event."""
        if isinstance(event, PageFinished):
            number = event.page_result.page
            self.repeats += number in self.pages
            self.pages[number] = event.page_result
        elif isinstance(event, Finished):
            self.job = event.job
            if event.job.failure:
                self.reason = str(event.job.failure.reason)
                self.message = event.job.failure.message


async def send(
    client: AsyncClient,
    document: Path | bytes,
    categories: Sequence[Category],
    pages: Sequence[tuple[int, int]] = (),
) -> Answer:
    """Classify one document, or pages of it, to its end; what goes wrong is in the answer."""
    answer = Answer(document if isinstance(document, Path) else Path())
    started = time.monotonic()
    try:
        async with asyncio.timeout(LOST):
            async for event in client.stream(document, categories, pages=pages):
                answer.take(event)
    except DocsortError as error:
        answer.reason, answer.message = str(error.reason) or UNTYPED, str(error)
    except Exception as error:  # noqa: BLE001 - the benchmark reports it and goes on
        answer.reason, answer.message = UNTYPED, f"{type(error).__name__}: {error}"
    answer.seconds = time.monotonic() - started
    return answer


async def send_all(
    address: str, paths: Sequence[Path], categories: Sequence[Category], at_once: int
) -> list[Answer]:
    """Classify all documents, so many at a time, in the order of their paths."""
    slots = asyncio.Semaphore(at_once)
    progress = Progress(len(paths))

    async def one(path: Path) -> Answer:
        async with slots:
            answer = await send(client, path, categories)
        progress.step(path.name)
        return answer

    async with AsyncClient(address) as client:
        answers = await asyncio.gather(*(one(path) for path in paths))
    progress.end()
    return answers


class Progress:
    """A line on stderr: rewritten in place on a terminal, a line now and then elsewhere."""

    def __init__(self, total: int) -> None:
        self._total = total
        self._done = 0
        self._terminal = sys.stderr.isatty()

    def step(self, name: str) -> None:
        """Count one more."""
        self._done += 1
        text = f"{self._done}/{self._total} {name}"
        if self._terminal:
            print(f"\r\x1b[K{text[:78]}", end="", file=sys.stderr, flush=True)
        elif self._done % 50 == 0 or self._done == self._total:
            print(text, file=sys.stderr, flush=True)

    def end(self) -> None:
        """Leave a clean line behind."""
        if self._terminal:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
