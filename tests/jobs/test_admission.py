"""How much work is taken."""

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
