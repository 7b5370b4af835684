"""The stored form of results: what is left out of it, and what older servers wrote."""

from dataclasses import replace

from docsort.v1 import classification_pb2 as classification
from docsort_server.codec import ProtoRecordCodec
from docsort_server.codec.results import result_from_record, result_to_record
from docsort_server.engine.model import EngineIdentity, Outcome
from docsort_server.engine.outcome import Bound, Shortfall
from docsort_server.engine.result import (
    BoundaryReason,
    DocumentResult,
    PageWeight,
    RevisedPage,
    Segment,
    WarningCode,
)
from docsort_server.jobs.model import Finished, JobStatus, Summary
from docsort_server.record.v1 import record_pb2 as record


def test_attachments_names_are_stored_once_for_segments_in_a_row() -> None:
    """The longest names of all attachments fit, however many segments they have."""
    names = ["", *(f"{n}" * 200 for n in range(3)), ""]
    plain = Segment(1, 1, 0, 0.5, Outcome.MATCHED, BoundaryReason.ATTACHMENT)
    segments = tuple(
        replace(plain, first_page=n, last_page=n, attachment=names[(n - 1) // 100])
        for n in range(1, 501)
    )
    engine = EngineIdentity("local", "m", "", "")
    result = DocumentResult(Outcome.MATCHED, 9, 9, 9, (), None, (), segments, (), (), engine)
    message = result_to_record(result)
    assert message.ByteSize() < 500 * 40
    assert result_from_record(message) == result


def test_results_of_older_servers_are_read() -> None:
    """They tell neither what neighbours say of pages, nor what is missed, nor names of files."""
    segment = record.ResultRecord.Segment(
        first_page=1,
        last_page=2,
        label=0,
        confidence=0.5,
        boundary_reason=classification.BOUNDARY_REASON_DOCUMENT_START,
        outcome=classification.OUTCOME_MATCHED,
    )
    message = record.ResultRecord(outcome=classification.OUTCOME_MATCHED, segments=[segment])
    found = result_from_record(message)
    start = BoundaryReason.DOCUMENT_START
    assert found.segments == (Segment(1, 2, 0, 0.5, Outcome.MATCHED, start),)
    assert (found.revised, found.shortfall) == ((), None)


def test_an_end_that_would_be_too_large_is_kept_without_segments() -> None:
    """Where every page is an unsure attachment: without its segments, which a warning tells."""
    missed = Shortfall(Bound.MIN_CONFIDENCE, 0.4, 1 / 3)
    numbers = range(1, 10_001)
    plain = Segment(1, 1, 1, 1 / 3, Outcome.AMBIGUOUS, BoundaryReason.LABEL_CHANGE, missed)
    result = DocumentResult(
        outcome=Outcome.AMBIGUOUS,
        total_pages=10_000,
        processed_pages=10_000,
        engine_pages=10_000,
        scores=(0.5, 0.3, 0.2),
        no_match_score=0.1,
        criteria_met=((True, False), (), (True,)),
        segments=tuple(
            replace(plain, first_page=n, last_page=n, attachment=f"{n}.pdf") for n in numbers
        ),
        weights=tuple(PageWeight(n, 1.0) for n in numbers),
        revised=tuple(RevisedPage(n, 1, 1 / 3, 0.1, Outcome.AMBIGUOUS, missed) for n in numbers),
        warnings=(),
        identity=EngineIdentity("local", "m", "", ""),
    )
    summary = Summary(JobStatus.PROCESSING)
    codec = ProtoRecordCodec()
    ended = codec.decode("final", codec.encode(Finished(JobStatus.COMPLETED, summary, result)))
    assert isinstance(ended, Finished)
    assert ended.result
    assert (ended.result.segments, ended.result.revised) == ((), ())
    assert [each.code for each in ended.result.warnings] == [WarningCode.SEGMENTS_OMITTED]
    assert ended.result.weights == result.weights
