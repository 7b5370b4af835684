"""The largest jobs that there can be still reach a client with default limits."""

from docsort.v1 import job_pb2
from docsort.v1.classification_pb2 import WARNING_CODE_SEGMENTS_OMITTED
from docsort_server.services.events import DETAIL_BYTES, trim


def job(pages: int, name: str) -> job_pb2.Job:
    """Return a finished job in which every page is a segment."""
    message = job_pb2.Job()
    for page in range(1, pages + 1):
        message.result.aggregation.pages.add(page=page, weight=1.0)
        message.result.revised_pages.add(page=page, classification=name, confidence=0.9)
        message.result.segments.add(
            first_page=page, last_page=page, classification=name, confidence=0.9
        )
    return message


def test_a_job_of_usual_size_keeps_everything() -> None:
    """Two thousand alternating pages are nothing to leave out."""
    message = job(2_000, "Bank statement")
    trim(message)
    assert len(message.result.segments) == len(message.result.aggregation.pages) == 2_000
    assert len(message.result.revised_pages) == 2_000


def test_weights_go_before_segments() -> None:
    """What explains the answer is left out before a part of the answer."""
    message = job(10_000, "x" * 32)
    trim(message)
    assert len(message.result.segments) == 10_000
    assert not message.result.aggregation.pages


def test_criteria_of_segments_go_before_segments() -> None:
    """A thousand invoices with many criteria are listed all the same."""
    message = job(1_000, "Invoice")
    for segment in message.result.segments:
        for number in range(20):
            segment.criteria_confidence.add(criterion=f"{number} {'x' * 100}")
    assert message.ByteSize() > 2 * DETAIL_BYTES
    trim(message)
    assert message.ByteSize() < DETAIL_BYTES
    assert len(message.result.segments) == 1_000
    assert not message.result.segments[0].criteria_confidence
    assert not message.result.warnings


def test_segments_that_are_left_out_are_not_left_out_silently() -> None:
    """Ten thousand segments with the longest names would exceed what clients take."""
    message = job(10_000, "\U0001f4c4" * 100)
    assert message.ByteSize() > 4 * 1024 * 1024
    trim(message)
    assert message.ByteSize() < DETAIL_BYTES
    assert [w.code for w in message.result.warnings] == [WARNING_CODE_SEGMENTS_OMITTED]
