"""How much work is taken."""

import asyncio

import pytest

from docsort_server.faults import Fault, Reason
from docsort_server.jobs.admission import Admission
from docsort_server.jobs.store.protocols import JobKey


def key(name: str) -> JobKey:
    """Name a job."""
    return JobKey("default", name)


def refusal(admission: Admission, size: int = 1) -> Fault:
    """Return why one more job is refused."""
    with pytest.raises(Fault) as caught:
        admission.admit(key("more"), size)
    return caught.value


def test_jobs_are_counted() -> None:
    """At the limit the next is OVERLOADED; a released place is free again."""
    admission = Admission(max_jobs=2, max_bytes=100)
    admission.admit(key("a"), 1)
    admission.admit(key("b"), 1)
    fault = refusal(admission)
    assert (fault.reason, fault.metadata) == (
        Reason.OVERLOADED,
        {"limit": "max_jobs", "value": "2"},
    )
    admission.release(key("a"))
    admission.admit(key("c"), 1)
    assert admission.running == 2


def test_bytes_are_counted() -> None:
    """Documents add up; one above the limit is taken by an idle server alone."""
    admission = Admission(max_jobs=9, max_bytes=100)
    admission.admit(key("a"), 60)
    assert refusal(admission, 41).metadata["limit"] == "max_jobs_bytes"
    admission.admit(key("b"), 40)
    admission.release(key("a"))
    admission.release(key("b"))
    admission.admit(key("huge"), 1000)
    assert refusal(admission, 1).reason is Reason.OVERLOADED


def test_a_job_takes_one_place() -> None:
    """Two calls that accept the same job at once hold one place, even at the limit."""
    admission = Admission(max_jobs=1, max_bytes=100)
    admission.admit(key("a"), 60)
    admission.admit(key("a"), 60)
    assert admission.running == 1


def test_closed_doors() -> None:
    """Once closed everything is SHUTTING_DOWN, with a time to retry; releasing still works."""
    admission = Admission(max_jobs=1, max_bytes=100)
    admission.admit(key("a"), 1)
    admission.close()
    fault = refusal(admission)
    assert fault.reason is Reason.SHUTTING_DOWN
    assert fault.retry_after
    admission.release(key("a"))
    admission.release(key("a"))
    assert admission.running == 0


async def settled() -> None:
    """Let whatever can go on do so."""
    for _ in range(5):
        await asyncio.sleep(0)


async def test_documents_are_fetched_as_there_is_room() -> None:
    """Each holds room for the largest, then its own size; the next waits for what is left."""
    admission = Admission(max_jobs=9, max_bytes=100)
    admission.admit(key("inline"), 30)
    await admission.hold(key("a"), 60)
    assert refusal(admission, 11).metadata["limit"] == "max_jobs_bytes"
    waiting = [asyncio.create_task(admission.hold(key(name), 60)) for name in "bc"]
    admission.count(key("a"), 20)
    await settled()
    assert [task.done() for task in waiting] == [False, False]
    admission.release(key("inline"))
    await settled()
    assert [task.done() for task in waiting] == [True, False]
    admission.forget(key("a"))
    admission.forget(key("b"))
    await settled()
    assert waiting[1].done()
    admission.admit(key("more"), 40)


async def test_a_document_above_the_bound_is_fetched_alone() -> None:
    """It would never have room, so it goes when nothing else is here."""
    admission = Admission(max_jobs=9, max_bytes=100)
    admission.admit(key("inline"), 1)
    waiting = asyncio.create_task(admission.hold(key("huge"), 1000))
    await settled()
    assert not waiting.done()
    admission.release(key("inline"))
    await asyncio.wait_for(waiting, 1)
    assert refusal(admission, 1).reason is Reason.OVERLOADED
