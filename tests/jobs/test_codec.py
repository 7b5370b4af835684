"""Entries as the bytes of a record, and back."""

import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_values import CRITERIA, QUESTION, SOURCES, failures, pages, shares, suggestions, texts

from docsort_server.codec import ProtoRecordCodec
from docsort_server.codec.pages import EVIDENCE_BYTES
from docsort_server.codec.records import RECORD_BYTES
from docsort_server.convert.results import page_to_proto
from docsort_server.engine.model import (
    Category,
    CriterionMark,
    EngineIdentity,
    ModelUsage,
    Outcome,
    Question,
)
from docsort_server.engine.outcome import Bound, Shortfall
from docsort_server.engine.result import (
    BoundaryReason,
    DocumentResult,
    Exclusion,
    ModelSummary,
    PageResult,
    PageWeight,
    ResultWarning,
    RevisedPage,
    Segment,
    WarningCode,
)
from docsort_server.faults import Failure, Fault, Reason
from docsort_server.jobs.journal import slot_of
from docsort_server.jobs.model import (
    Brief,
    Entry,
    Extracted,
    Finished,
    JobOptions,
    JobSpec,
    JobStatus,
    Priority,
    StopCause,
    Stopped,
    Summary,
    Tried,
)
from docsort_server.validate import MAX_NAMES_BYTES

CHANGE = BoundaryReason.LABEL_CHANGE
CODEC = ProtoRecordCodec()
counts = st.integers(0, 10_000)
# Times travel to the microsecond; these are exact in it and in binary.
moments = st.integers(0, 2**31).map(lambda quarters: quarters / 4)
ranges = st.lists(st.tuples(st.integers(1, 99), st.integers(100, 10_000)), max_size=3).map(tuple)
flags = st.booleans()


def specs() -> st.SearchStrategy[JobSpec]:
    """Return accepted requests."""
    bound = st.none() | shares()
    categories = st.builds(
        Category,
        texts(),
        texts(),
        st.lists(texts(), max_size=2, unique=True).map(tuple),
        threshold=bound,
        examples=st.lists(texts(), max_size=2).map(tuple),
    )
    question = st.builds(
        Question, st.lists(categories, min_size=1, max_size=3).map(tuple), bound, bound, flags
    )
    labels = st.dictionaries(texts(), texts(), max_size=3)
    priority = st.sampled_from(Priority)
    options = st.builds(JobOptions, ranges, st.none() | moments, texts(), flags, labels, priority)
    return st.builds(JobSpec, question, options, texts(), counts, texts(), moments, flags, texts())


def results() -> st.SearchStrategy[DocumentResult]:
    """Return document results on the question of these tests."""
    missed = st.none() | st.builds(Shortfall, st.sampled_from(Bound), shares(), shares())
    segment = st.builds(
        Segment,
        counts,
        counts,
        st.none() | st.integers(0, 2),
        st.none() | shares(),
        st.sampled_from(Outcome),
        st.sampled_from(BoundaryReason),
        missed,
        criteria_met=st.lists(flags, max_size=3).map(tuple),
    )
    revised = st.builds(
        RevisedPage, counts, st.integers(0, 2), shares(), shares(), st.sampled_from(Outcome), missed
    )
    weight = st.builds(PageWeight, counts, shares(), st.none() | st.sampled_from(Exclusion))
    return st.builds(
        DocumentResult,
        outcome=st.sampled_from(Outcome),
        total_pages=counts,
        processed_pages=counts,
        engine_pages=counts,
        scores=st.lists(shares(), max_size=3).map(tuple),
        no_match_score=st.none() | shares(),
        criteria_met=st.tuples(*(st.tuples(*(flags for _ in row)) for row in CRITERIA)),
        segments=st.lists(segment, max_size=2).map(tuple),
        weights=st.lists(weight, max_size=2).map(tuple),
        revised=st.lists(revised, max_size=2).map(tuple),
        shortfall=missed,
        warnings=st.lists(
            st.builds(
                ResultWarning,
                st.sampled_from(WarningCode),
                texts(),
                st.lists(texts(), max_size=2).map(tuple),
            ),
            max_size=2,
        ).map(tuple),
        identity=st.builds(EngineIdentity, texts(), texts(), texts(), texts(), texts()),
        chosen=st.none() | st.integers(0, 2),
        confidence_source=st.none() | st.sampled_from(SOURCES),
        models=st.none() | summary_of_models(),
        suggestion=st.none() | suggestions(),
    )


def summary_of_models() -> st.SearchStrategy[ModelSummary]:
    """Return what pages used at models."""
    usage = st.builds(ModelUsage, counts, counts, counts, counts, st.none() | shares())
    return st.builds(ModelSummary, usage, texts(), texts(), st.none() | texts())


def summaries() -> st.SearchStrategy[Summary]:
    """Return summaries."""
    return st.builds(
        Summary, st.sampled_from(JobStatus), st.none() | counts, counts, st.none() | moments
    )


def entries() -> st.SearchStrategy[Entry]:
    """Return entries of every kind."""
    absent = st.none()
    return st.one_of(
        specs(),
        st.builds(Extracted, moments, counts, ranges, flags, absent | failures()),
        pages(),
        st.builds(Stopped, st.sampled_from(StopCause)),
        st.builds(Tried, counts, counts, flags),
        st.builds(
            Finished,
            st.sampled_from(JobStatus),
            summaries(),
            absent | results(),
            absent | failures(),
        ),
    )


@settings(max_examples=100)
@given(entries())
def test_every_entry_comes_back_as_it_was(entry: Entry) -> None:
    """Decoding what was encoded gives an equal entry, whatever its kind and values."""
    assert CODEC.decode(slot_of(entry), CODEC.encode(entry)) == entry


@settings(max_examples=30)
@given(summaries())
def test_briefs_come_back_as_they_were(summary: Summary) -> None:
    """What lists tell is kept in the same codec."""
    brief = Brief(1.5, 60.0, {"team": "a/b"}, summary, JobStatus.QUEUED)
    failure = Failure(Reason.CANCELLED, "Stopped.", {"a": "b"})
    ended = replace(brief, status=JobStatus.FAILED, end_time=2.25, failure=failure)
    assert CODEC.decode_brief(CODEC.encode_brief(brief)) == brief
    assert CODEC.decode_brief(CODEC.encode_brief(ended)) == ended


def with_evidence(*lines: str) -> PageResult:
    """Return a page whose criteria quote these lines."""
    marks = tuple(CriterionMark(True, 0.5, line) for line in lines)
    return PageResult(1, Outcome.MATCHED, (1.0,), (marks,), no_match_score=0.0)


def quotes(page: PageResult) -> list[str]:
    """Return what a page quotes after it was stored."""
    stored = CODEC.decode("p.1", CODEC.encode(page))
    assert isinstance(stored, PageResult)
    return [mark.evidence for mark in stored.criteria[0]]


def test_evidence_is_trimmed_to_its_bound() -> None:
    """Quotes beyond 64 KiB of UTF-8 are left out; verdicts and later short quotes stay."""
    long = "ü" * (EVIDENCE_BYTES // 2 - 5)
    assert quotes(with_evidence(long, "also long", "", "short")) == [long, "also long", "", ""]
    assert quotes(with_evidence(long, long, "short")) == [long, "", "short"]


def test_the_largest_page_result_stays_under_256_kib() -> None:
    """Names at their bound, evidence at its own, and both together fit on the wire."""
    criteria = tuple(f"{number:04d}" + "ß" * 240 for number in range(50))
    categories: list[Category] = []
    while sum(weigh(category) for category in categories) < MAX_NAMES_BYTES:
        categories.append(Category(f"{len(categories)}", criteria=criteria))
    categories.pop()
    marks = tuple(CriterionMark(True, 0.123456, "e" * 200) for _ in criteria)
    page = PageResult(
        10_000,
        Outcome.MATCHED,
        tuple(1.0 for _ in categories),
        tuple(marks for _ in categories),
        no_match_score=0.5,
    )
    stored = CODEC.decode("p.10000", CODEC.encode(page))
    assert isinstance(stored, PageResult)
    assert len(categories) > 2
    assert page_to_proto(stored, Question(tuple(categories))).ByteSize() < 256 * 1024


def weigh(category: Category) -> int:
    """Count a category's bytes in a page result as the request's check does."""
    name = len(category.name.encode())
    return name + 16 + sum(name + len(text.encode()) + 24 for text in category.criteria)


def test_a_record_that_is_too_large_is_a_fault() -> None:
    """Above 900 KiB an entry is refused before any store sees it."""
    failure = Failure(Reason.INTERNAL, "x" * RECORD_BYTES)
    with pytest.raises(Fault) as caught:
        CODEC.encode(PageResult(1, Outcome.FAILED, failure=failure))
    assert caught.value.reason is Reason.INTERNAL
    assert caught.value.metadata == {"limit": "record_bytes"}


def test_the_end_of_the_longest_job_fits_a_record() -> None:
    """Ten thousand pages that are each a segment of their own fit, names and all."""
    numbers = range(1, 10_001)
    result = DocumentResult(
        outcome=Outcome.MATCHED,
        total_pages=10_000,
        processed_pages=10_000,
        engine_pages=10_000,
        scores=(0.5, 0.3, 0.2),
        no_match_score=0.1,
        criteria_met=((True, False), (), (True,)),
        segments=tuple(Segment(n, n, n % 3, 1 / 3, Outcome.MATCHED, CHANGE) for n in numbers),
        weights=tuple(PageWeight(n, 1.0) for n in numbers),
        revised=tuple(RevisedPage(n, n % 3, 1 / 3, 1 / 3, Outcome.MATCHED) for n in numbers),
        warnings=(),
        identity=EngineIdentity("local", "m", "", ""),
    )
    body = CODEC.encode(Finished(JobStatus.COMPLETED, Summary(JobStatus.PROCESSING), result))
    assert len(body) < RECORD_BYTES


def test_names_are_stored_once_per_job() -> None:
    """A page's record holds numbers, not the names of the request."""
    page = PageResult(1, Outcome.MATCHED, (0.5, 0.3, 0.2), no_match_score=0.1)
    body = CODEC.encode(page)
    assert not any(category.name.encode() in body for category in QUESTION.categories)
    assert len(body) < 64


def test_confidences_lose_less_than_a_millionth() -> None:
    """Criterion confidences are stored in 32 bits and come back rounded to six decimals."""
    mark = CriterionMark(True, 1 / 3)
    page = PageResult(1, Outcome.MATCHED, (1.0,), ((mark,),), no_match_score=0.0)
    stored = CODEC.decode("p.1", CODEC.encode(page))
    assert isinstance(stored, PageResult)
    confidence = stored.criteria[0][0].confidence
    assert confidence is not None
    assert math.isclose(confidence, 1 / 3, abs_tol=1e-6)
