"""How often a document is asked for that is not to be had."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from job_parts import submission

from docsort_server.faults import Fault, Reason
from docsort_server.jobs import fetching
from docsort_server.jobs.identity import document_key
from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

URI = "https://docs.example.com/a.pdf"
KEY = JobKey("tenant", "job")


class Source:
    """Fails some times as told, and then has the document; `closed` counts its generators' ends."""

    def __init__(self, reason: Reason, failures: int, **metadata: str) -> None:
        self.asked = self.closed = 0
        self._fault = Fault(reason, "not now", metadata=metadata)
        self._failures = failures

    def check(self, uri: str) -> None:
        """Allow everything."""

    async def fetch(self, uri: str) -> AsyncGenerator[bytes, None]:
        """Yield a document that is named by the URI."""
        self.asked += 1
        try:
            if self.asked <= self._failures:
                raise self._fault
            yield uri.encode()
        finally:
            self.closed += 1


async def brought(source: Source) -> Reason | None:
    """Fetch a job's document; return why it could not be had."""
    store = open_store()
    spec = replace(submission().spec, document_uri=URI)
    try:
        await fetching.Fetching(source, store.documents).bring(KEY, spec)
    except Fault as fault:
        return fault.reason
    assert await store.documents.facts(document_key(KEY))
    return None


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "PAUSES", (0.0, 0.0))


@pytest.mark.parametrize("status", ["", "408", "425", "429", "503"])
async def test_what_may_pass_is_tried_again(status: str) -> None:
    """A place that is away or busy has three tries."""
    source = Source(Reason.URI_UNREACHABLE, 2, status=status)
    assert await brought(source) is None
    assert (source.asked, source.closed) == (3, 3)


async def test_a_full_store_is_tried_again() -> None:
    """There is room when other jobs end."""
    assert await brought(Source(Reason.OVERLOADED, 2)) is None


@pytest.mark.parametrize(
    ("reason", "metadata"),
    [
        (Reason.URI_UNREACHABLE, {"status": "404"}),
        (Reason.URI_UNREACHABLE, {"status": "403"}),
        (Reason.URI_UNREACHABLE, {"limit": "uri_seconds"}),
        (Reason.URI_NOT_ALLOWED, {}),
    ],
)
async def test_what_stays_is_asked_once(reason: Reason, metadata: dict[str, str]) -> None:
    """What is refused or missing stays so, and what took all the time would take it again."""
    source = Source(reason, 1, **metadata)
    assert await brought(source) is reason
    assert source.asked == 1
