"""How the processes that read scans start."""

from __future__ import annotations

import asyncio

import pytest
from eventually import eventually
from kinds import encoded, scan
from worker_starts import counted_starts

from docsort_server.documents.document import Document
from docsort_server.documents.limits import DocumentLimits
from docsort_server.documents.model import PageContent
from docsort_server.documents.ocr.model import Part
from docsort_server.documents.scans import ScanReader
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.limits import Limits
from docsort_server.sandbox.pool import WorkerPool

PAGE = PageContent(1, "", 595.0, 842.0, 0, 1, 0, 1.0)


def reader(handler: str) -> ScanReader:
    """Return a reader of scans with one process of its own."""
    return ScanReader(
        lambda: WorkerPool(handler, size=1, limits=Limits(), name="recogniser"), DocumentLimits()
    )


def scanned() -> Document:
    """Return a small scan."""
    return Document(encoded(scan("x", size=(300, 300)), "PNG"))


async def test_recognisers_that_do_not_start_are_told_as_such(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """A process that never comes up is tried again, and then ends the page with a reason."""
    scans = reader("docsort_server.no_such_room:x")
    with scanned() as document:
        with pytest.raises(Fault) as caught:
            await scans.recognise(document, PAGE, Part.TOP)
        assert not document.crashes
    await scans.close()
    assert caught.value.reason is Reason.PARSER_CRASHED
    assert caplog.text.count("did not start") == 2


async def test_a_page_that_is_left_while_they_start_costs_the_others_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """They start once, whoever of those who wait for them goes away."""
    starts = counted_starts(monkeypatch)
    scans = reader("reader_handlers:reciter")
    with scanned() as document:
        leaving = asyncio.create_task(scans.recognise(document, PAGE, Part.TOP))
        staying = asyncio.create_task(scans.recognise(document, PAGE, Part.TOP))
        await eventually(lambda: bool(starts))
        leaving.cancel()
        assert (await staying).recognised
    await scans.close()
    assert len(starts) == 1
