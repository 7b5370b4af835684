"""Stored form of a page's result: numbers in the order of the request, names left out."""

from __future__ import annotations

from math import isnan, nan
from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort_server.codec.traces import (
    source_from_proto,
    source_to_proto,
    trace_from_record,
    trace_to_record,
)
from docsort_server.codec.traits import traits_from_record, traits_to_record
from docsort_server.convert.failures import failure_from_proto, failure_to_proto
from docsort_server.convert.suggestions import suggestion_from_proto, suggestion_to_proto
from docsort_server.engine.model import CriterionMark, Fallback, Outcome
from docsort_server.engine.result import PageResult, TextSource
from docsort_server.record.v1 import record_pb2 as record

if TYPE_CHECKING:
    from collections.abc import Iterator

# Bytes of quoted lines that one page's result may hold; the rest is left out. With the bound on
# a request's names this keeps a page result under 256 KiB.
EVIDENCE_BYTES = 64 * 1024
# A confidence that is not known: the list of numbers has no other word for it.
_UNSET = nan
_FALLBACK = "FALLBACK_REASON_"


def page_to_record(page: PageResult) -> record.PageRecord:
    """Return the stored form of a page's result."""
    marks = [mark for row in page.criteria for mark in row]
    message = record.PageRecord(
        page=page.page,
        outcome=classification.Outcome.Value(f"OUTCOME_{page.outcome}"),
        raw_result=page.raw_result,
        scores=page.scores,
        no_match_score=page.no_match_score,
        met=[mark.met for mark in marks],
        met_confidence=[_UNSET if mark.confidence is None else mark.confidence for mark in marks],
        criteria_per_category=[len(row) for row in page.criteria],
        evidence=dict(_evidence(marks)),
        chosen=page.chosen,
        confidence_source=source_to_proto(page.confidence_source),
        cached=page.cached,
        text_truncated=page.truncated,
        unfamiliar=page.unfamiliar,
        suggestion=suggestion_to_proto(page.suggestion),
        attachment_name=page.attachment,
    )
    if page.fallback:
        message.fallback_reason = classification.FallbackReason.Value(f"{_FALLBACK}{page.fallback}")
    if page.trace:
        message.trace.CopyFrom(trace_to_record(page.trace))
    if page.text_source:
        message.text_source = classification.TextSource.Value(f"TEXT_SOURCE_{page.text_source}")
    if page.failure:
        message.failure.CopyFrom(failure_to_proto(page.failure))
    if page.traits:
        message.traits.CopyFrom(traits_to_record(page.traits))
    return message


def page_from_record(message: record.PageRecord) -> PageResult:
    """Return a stored page result."""
    outcome = classification.Outcome.Name(message.outcome).removeprefix("OUTCOME_")
    return PageResult(
        page=message.page,
        outcome=Outcome(outcome),
        scores=tuple(message.scores),
        criteria=tuple(_rows(message)),
        no_match_score=message.no_match_score if message.HasField("no_match_score") else None,
        raw_result=message.raw_result if message.HasField("raw_result") else None,
        text_source=_text_source(message),
        failure=failure_from_proto(message.failure) if message.HasField("failure") else None,
        chosen=message.chosen if message.HasField("chosen") else None,
        confidence_source=source_from_proto(message.confidence_source),
        trace=trace_from_record(message.trace) if message.HasField("trace") else None,
        fallback=_fallback(message),
        cached=message.cached,
        truncated=message.text_truncated,
        unfamiliar=tuple(message.unfamiliar),
        suggestion=suggestion_from_proto(message.suggestion),
        traits=traits_from_record(message.traits) if message.HasField("traits") else None,
        attachment=message.attachment_name,
    )


def _fallback(message: record.PageRecord) -> Fallback | None:
    if not message.fallback_reason:
        return None
    name = classification.FallbackReason.Name(message.fallback_reason)
    return Fallback(name.removeprefix(_FALLBACK))


def _evidence(marks: list[CriterionMark]) -> Iterator[tuple[int, str]]:
    left = EVIDENCE_BYTES
    for index, mark in enumerate(marks):
        size = len(mark.evidence.encode())
        if mark.evidence and size <= left:
            left -= size
            yield index, mark.evidence


def _rows(message: record.PageRecord) -> Iterator[tuple[CriterionMark, ...]]:
    evidence = dict(message.evidence)
    pairs = enumerate(zip(message.met, message.met_confidence, strict=True))
    for length in message.criteria_per_category:
        row = (next(pairs) for _ in range(length))
        yield tuple(
            CriterionMark(met, _confidence(confidence), evidence.get(index, ""))
            for index, (met, confidence) in row
        )


def _confidence(stored: float) -> float | None:
    return None if isnan(stored) else round(stored, 6)


def _text_source(message: record.PageRecord) -> TextSource | None:
    if not message.text_source:
        return None
    name = classification.TextSource.Name(message.text_source)
    return TextSource(name.removeprefix("TEXT_SOURCE_"))
