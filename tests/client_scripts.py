"""Jobs that the client's tests play, and how to read what came of them."""

import contextlib
import dataclasses
from collections.abc import AsyncGenerator

import docsort
from docsort.testing import Server, job_events

LABELS = ["Invoice", "Contract", "Invoice", "Letter"]
CATEGORIES = ["Invoice", "Contract", "Letter"]
QUICK = docsort.Timeouts(connect=5, call=5, idle=5, resume=5)
DURABLE = (docsort.Accepted, docsort.PageFinished, docsort.Finished)


def script(labels: list[str] | None = None) -> list[docsort.Event]:
    """Return the events of a job of four pages."""
    return job_events(labels or LABELS)


def finished(events: list[docsort.Event]) -> docsort.Finished:
    """Return the last event, which is the end of the job."""
    last = events[-1]
    assert isinstance(last, docsort.Finished)
    return last


def omitted(events: list[docsort.Event]) -> list[docsort.Event]:
    """Return the events as a server sends them when the result is too large for one message."""
    last = finished(events)
    assert last.job.result is not None
    result = dataclasses.replace(last.job.result, page_results=(), page_results_omitted=True)
    job = dataclasses.replace(last.job, result=result)
    return [*events[:-1], dataclasses.replace(last, job=job)]


def failing(reason: docsort.ErrorReason, message: str = "It failed.") -> list[docsort.Event]:
    """Return the events of a job that fails before its first page."""
    accepted = script()[0]
    failure = docsort.Failure(reason, message, {"limit": "pages"})
    status = docsort.JobStatus.FAILED
    if reason is docsort.ErrorReason.CANCELLED:
        status = docsort.JobStatus.CANCELLED
    job = docsort.Job("job-1", status, "Classification failed", error=message, failure=failure)
    return [accepted, docsort.Finished(2, "job-1", job)]


def durable(events: list[docsort.Event]) -> list[docsort.Event]:
    """Return the events that a resumed stream must bring exactly once."""
    return [event for event in events if isinstance(event, DURABLE)]


@contextlib.asynccontextmanager
async def serving(
    server: Server, timeouts: docsort.Timeouts = QUICK
) -> AsyncGenerator[docsort.AsyncClient, None]:
    """Start the server and a client for it."""
    async with server, docsort.AsyncClient(server.target, timeouts=timeouts) as client:
        yield client


async def streamed(client: docsort.AsyncClient) -> list[docsort.Event]:
    """Classify something and return all events."""
    return [event async for event in client.stream(b"%PDF-1.4", CATEGORIES)]
