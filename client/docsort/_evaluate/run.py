"""Documents through a running server, several at a time."""

import asyncio
import contextlib
import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from docsort._client import AsyncClient
from docsort._errors import (
    APIConnectionError,
    DocsortError,
    InvalidRequestError,
    OverloadedError,
    ShuttingDownError,
)
from docsort._evaluate.answer import Answer, answered, failed
from docsort._evaluate.choice import Choice
from docsort._evaluate.labels import Truth
from docsort._events import Finished
from docsort._models import Failure, Job
from docsort._options import Options

NOT_TRIED: Final = "NOT_TRIED"
UNREADABLE_FILE: Final = "UNREADABLE_FILE"
# What would happen to every document that is left too.
_HOPELESS: Final = (APIConnectionError, OverloadedError, ShuttingDownError)

Told = Callable[[Truth, Answer], None]


class Run:
    """Classify documents, `at_once` of them together; `told` hears of each as it is done.

    `answers` has every document by name, in the end and whenever it is interrupted; those that
    were not reached are NOT_TRIED. `ended` is the error that ended the run early.
    """

    def __init__(
        self, choice: Choice, options: Options, *, at_once: int, told: Told | None = None
    ) -> None:
        self.answers: dict[str, Answer] = {}
        self.ended: DocsortError | None = None
        self._choice = choice
        self._names = [category.name for category in choice.categories]
        self._options = options
        self._at_once = at_once
        self._told = told

    async def through(
        self, server: str, truths: Sequence[Truth], known: Mapping[str, Answer]
    ) -> None:
        """Ask the server about all documents but the `known` ones that are still the same."""
        # What is known is not lost where the run ends before it comes to it.
        untried = failed(NOT_TRIED, "the run ended before this document")
        self.answers = {truth.name: known.get(truth.name, untried) for truth in truths}
        slots = asyncio.Semaphore(self._at_once)
        async with AsyncClient(server) as client, asyncio.TaskGroup() as group:
            for truth in truths:
                group.create_task(self._one(client, truth, known.get(truth.name), slots))

    async def _one(
        self, client: AsyncClient, truth: Truth, known: Answer | None, slots: asyncio.Semaphore
    ) -> None:
        async with slots:
            if self.ended:
                return
            try:
                digest = await asyncio.to_thread(_digest, truth.path)
            except OSError as error:
                self._keep(truth, failed(UNREADABLE_FILE, error.strerror or str(error)))
                return
            same = known is not None and not known.failed and known.sha256 == digest
            answer = known if known and same else await self._ask(client, truth.path)
            if answer is not None:
                self._keep(truth, replace(answer, sha256=digest))

    def _keep(self, truth: Truth, answer: Answer) -> None:
        self.answers[truth.name] = answer
        if self._told:
            self._told(truth, answer)

    async def _ask(self, client: AsyncClient, path: Path) -> Answer | None:
        """Return the answer; None when nothing is left to ask, as `ended` then tells."""
        started = time.monotonic()
        try:
            job = await self._finished(client, path)
        except OSError as error:
            return failed(UNREADABLE_FILE, error.strerror or str(error))
        except DocsortError as error:
            if isinstance(error, _HOPELESS) or _about_the_question(error):
                self.ended = self.ended or error
                return None
            return failed(str(error.reason), error.message, time.monotonic() - started)
        seconds = time.monotonic() - started
        if job.result is not None:
            return answered(job, job.result, self._names, seconds)
        failure = job.failure or Failure()
        return failed(str(failure.reason), failure.message, seconds)

    async def _finished(self, client: AsyncClient, path: Path) -> Job:
        events = client.stream(path, self._choice.categories, **self._options)
        async with contextlib.aclosing(events):
            async for event in events:
                if isinstance(event, Finished):
                    return event.job
        raise AssertionError("a stream ends with Finished or an error")


def _about_the_question(error: DocsortError) -> bool:
    """Tell whether categories or options are wrong, as they are then for every document."""
    return isinstance(error, InvalidRequestError) and bool(error.violations)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
