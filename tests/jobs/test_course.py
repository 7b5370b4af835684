"""The state machine of a job: entries in, next spans and the end out."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_values import QUESTION, silent, voting

from docsort_server.engine.model import EngineIdentity, Outcome
from docsort_server.engine.result import Exclusion, WarningCode
from docsort_server.faults import Failure, Reason
from docsort_server.jobs.course import Course
from docsort_server.jobs.model import (
    Extracted,
    Finished,
    JobOptions,
    JobSpec,
    JobStatus,
    StopCause,
    Stopped,
)

IDENTITY = EngineIdentity("scripted", "scripted/1", "", "")
SPEC = JobSpec(QUESTION, JobOptions(), "", 0, "", 60.0)


def course(pages: int = 0, *, span: int = 4, window: int = 2) -> Course:
    """Return a job whose document was opened and has so many pages; 0: not opened yet."""
    made = Course(SPEC, IDENTITY, span=span, window=window)
    if pages:
        made.add(Extracted(1.0, pages, ((1, pages),)))
    return made


def end(made: Course) -> Finished:
    """Return a job's end, which must have come."""
    ending = made.ending()
    assert ending is not None
    return ending


def test_the_window_bounds_what_is_out() -> None:
    """Two spans at first; another for each that is done, none twice."""
    made = course(20)
    assert made.next_spans() == [(1, 4), (5, 8)]
    assert made.next_spans() == []
    for number in (5, 6, 7):
        made.add(voting(number, 0.7, 0.2, 0.1))
        assert made.next_spans() == []
    made.add(voting(8, 0.7, 0.2, 0.1))
    assert made.next_spans() == [(9, 12)]


def test_what_is_done_already_is_not_queued() -> None:
    """A coordinator that takes over queues only spans with pages missing."""
    made = course(12)
    for number in (1, 2, 3, 4, 6):
        made.add(voting(number, 0.7, 0.2, 0.1))
    assert made.next_spans() == [(5, 8), (9, 12)]


@settings(max_examples=60)
@given(st.integers(1, 40), st.integers(1, 7), st.integers(1, 4), st.randoms())
def test_every_page_is_worked_on(pages: int, span: int, window: int, random: Random) -> None:
    """Whatever the order in which spans end, all pages are queued and the job completes."""
    made = course(pages, span=span, window=window)
    out = made.next_spans()
    while made.ending() is None:
        first, last = out.pop(random.randrange(len(out)))
        for number in range(first, last + 1):
            made.add(voting(number, 0.7, 0.2, 0.1))
        out += made.next_spans()
        assert len(out) <= window
    assert not out
    assert end(made).status is JobStatus.COMPLETED


def test_all_pages_done_completes_the_job() -> None:
    """Not before the last page, and with the summary of then."""
    made = course(2)
    made.add(voting(2, 0.7, 0.2, 0.1))
    assert made.ending() is None
    made.add(voting(1, 0.7, 0.2, 0.1))
    assert end(made).status is JobStatus.COMPLETED
    assert (end(made).summary.pages_done, end(made).summary.pages_total) == (2, 2)


def test_a_document_that_cannot_be_opened_fails_the_job() -> None:
    """With the reason that opening it gave."""
    made = course()
    failure = Failure(Reason.CORRUPT_DOCUMENT, "no")
    made.add(Extracted(1.0, failure=failure))
    assert (end(made).status, end(made).failure) == (JobStatus.FAILED, failure)


def test_all_pages_failed_fails_the_job() -> None:
    """The first failure gives the reason; one page that did not fail makes a result."""
    made = course(2)
    made.add(silent(2, Outcome.FAILED))
    made.add(silent(1, Outcome.FAILED))
    failure = end(made).failure
    assert failure is not None
    assert failure.reason is Reason.PARSER_CRASHED
    assert failure.message.startswith("All 2 pages failed")
    other = course(2)
    other.add(silent(1, Outcome.FAILED))
    other.add(silent(2, Outcome.BLANK))
    assert end(other).status is JobStatus.COMPLETED


@pytest.mark.parametrize(
    ("cause", "status", "reason"),
    [
        (StopCause.REQUESTED, JobStatus.CANCELLED, Reason.CANCELLED),
        (StopCause.ABANDONED, JobStatus.CANCELLED, Reason.CANCELLED),
        (StopCause.SHUTDOWN, JobStatus.FAILED, Reason.SHUTTING_DOWN),
        (StopCause.DEADLINE, JobStatus.FAILED, Reason.DEADLINE),
    ],
)
@pytest.mark.parametrize("pages", [0, 3])
def test_a_stop_without_pages(
    cause: StopCause, status: JobStatus, reason: Reason, pages: int
) -> None:
    """Each cause has its end, before the document was opened and after."""
    made = course(pages)
    made.add(Stopped(cause))
    ending = end(made)
    assert ending.failure is not None
    assert (ending.status, ending.failure.reason, ending.result) == (status, reason, None)


def test_the_deadline_keeps_what_there_is() -> None:
    """Pages in time make the result, with a warning and the rest excluded."""
    made = course(3)
    made.add(voting(2, 0.7, 0.2, 0.1))
    made.add(Stopped(StopCause.DEADLINE))
    ending = end(made)
    assert ending.status is JobStatus.COMPLETED
    assert ending.result is not None
    assert [warning.code for warning in ending.result.warnings] == [WarningCode.DEADLINE_REACHED]
    assert [page.exclusion for page in ending.result.weights] == [
        Exclusion.NOT_PROCESSED,
        None,
        Exclusion.NOT_PROCESSED,
    ]


def test_a_stop_after_the_last_page() -> None:
    """A cancel that comes before the end is written wins; a deadline then changes nothing."""
    cancelled, late = course(1), course(1)
    for made, cause in ((cancelled, StopCause.REQUESTED), (late, StopCause.DEADLINE)):
        made.add(voting(1, 0.7, 0.2, 0.1))
        made.add(Stopped(cause))
    assert end(cancelled).status is JobStatus.CANCELLED
    result = end(late).result
    assert result is not None
    assert result.warnings == ()
