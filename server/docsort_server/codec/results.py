"""Stored form of a document's result."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort_server.codec.traces import source_from_proto, source_to_proto, usage_from_proto
from docsort_server.convert.shortfalls import shortfall_from_proto, shortfall_to_proto
from docsort_server.convert.suggestions import suggestion_from_proto, suggestion_to_proto
from docsort_server.convert.usage import usage_to_proto
from docsort_server.engine.model import EngineIdentity, Outcome
from docsort_server.engine.result import (
    BoundaryReason,
    DocumentResult,
    Exclusion,
    ModelSummary,
    PageWeight,
    ResultWarning,
    RevisedPage,
    Segment,
    WarningCode,
)
from docsort_server.record.v1 import record_pb2 as record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def result_to_record(result: DocumentResult) -> record.ResultRecord:
    """Return the stored form of a result."""
    message = record.ResultRecord(
        outcome=classification.Outcome.Value(f"OUTCOME_{result.outcome}"),
        total_pages=result.total_pages,
        processed_pages=result.processed_pages,
        engine_pages=result.engine_pages,
        scores=result.scores,
        no_match_score=result.no_match_score,
        met=[met for row in result.criteria_met for met in row],
        criteria_per_category=[len(row) for row in result.criteria_met],
        segments=[_segment_to_record(segment) for segment in result.segments],
        weights=[_weight_to_proto(weight) for weight in result.weights],
        engine=result.identity.engine,
        model=result.identity.model,
        lexicon_digest=result.identity.lexicon_digest,
        weights_digest=result.identity.weights_digest,
        prompt_version=result.identity.prompt_version,
        chosen=result.chosen,
        confidence_source=source_to_proto(result.confidence_source),
        local_pages=result.local_pages,
        cached_pages=result.cached_pages,
        suggestion=suggestion_to_proto(result.suggestion),
        revised_pages=[_revised_to_record(page) for page in result.revised],
        attachments=_attachments(result.segments),
        shortfall=shortfall_to_proto(result.shortfall),
    )
    if models := result.models:
        message.model_usage.CopyFrom(usage_to_proto(models.usage))
        message.answered_model = models.model
        message.rung = models.rung
        if models.calibration is not None:
            message.calibration = models.calibration
    for warning in result.warnings:
        code = classification.WarningCode.Value(f"WARNING_CODE_{warning.code}")
        message.warnings.add(code=code, message=warning.message, categories=warning.categories)
    return message


def result_from_record(message: record.ResultRecord) -> DocumentResult:
    """Return a stored result."""
    identity = EngineIdentity(
        message.engine,
        message.model,
        message.lexicon_digest,
        message.weights_digest,
        message.prompt_version,
    )
    return DocumentResult(
        outcome=Outcome(_name(classification.Outcome.Name(message.outcome), "OUTCOME_")),
        total_pages=message.total_pages,
        processed_pages=message.processed_pages,
        engine_pages=message.engine_pages,
        scores=tuple(message.scores),
        no_match_score=message.no_match_score if message.HasField("no_match_score") else None,
        criteria_met=tuple(_rows(message)),
        segments=tuple(_segments(message)),
        weights=tuple(_weight_from_proto(weight) for weight in message.weights),
        warnings=tuple(_warning_from_proto(warning) for warning in message.warnings),
        identity=identity,
        chosen=message.chosen if message.HasField("chosen") else None,
        confidence_source=source_from_proto(message.confidence_source),
        models=_models(message) if message.HasField("model_usage") else None,
        local_pages=message.local_pages,
        cached_pages=message.cached_pages,
        suggestion=suggestion_from_proto(message.suggestion),
        revised=tuple(_revised_from_record(page) for page in message.revised_pages),
        shortfall=shortfall_from_proto(message.shortfall),
    )


def _models(message: record.ResultRecord) -> ModelSummary:
    return ModelSummary(
        usage_from_proto(message.model_usage),
        message.answered_model,
        message.rung,
        message.calibration if message.HasField("calibration") else None,
    )


def _rows(message: record.ResultRecord) -> Iterator[tuple[bool, ...]]:
    values = iter(message.met)
    for length in message.criteria_per_category:
        yield tuple(islice(values, length))


def _segment_to_record(segment: Segment) -> record.ResultRecord.Segment:
    reason = f"BOUNDARY_REASON_{segment.boundary_reason}"
    return record.ResultRecord.Segment(
        first_page=segment.first_page,
        last_page=segment.last_page,
        label=segment.label,
        confidence=segment.confidence,
        boundary_reason=classification.BoundaryReason.Value(reason),
        outcome=classification.Outcome.Value(f"OUTCOME_{segment.outcome}"),
        shortfall=shortfall_to_proto(segment.shortfall),
        met=segment.criteria_met,
    )


def _attachments(segments: Iterable[Segment]) -> Iterator[record.ResultRecord.Attachment]:
    """Yield the attachments of segments, each once, so that long names take little."""
    last = ""
    for segment in segments:
        if segment.attachment != last:
            last = segment.attachment
            yield record.ResultRecord.Attachment(first_page=segment.first_page, name=last)


def _segments(message: record.ResultRecord) -> Iterator[Segment]:
    names = {each.first_page: each.name for each in message.attachments}
    name = ""
    for each in message.segments:
        name = names.get(each.first_page, name)
        yield _segment_from_record(each, name)


def _segment_from_record(message: record.ResultRecord.Segment, attachment: str) -> Segment:
    reason = classification.BoundaryReason.Name(message.boundary_reason)
    return Segment(
        first_page=message.first_page,
        last_page=message.last_page,
        label=message.label if message.HasField("label") else None,
        confidence=message.confidence if message.HasField("confidence") else None,
        boundary_reason=BoundaryReason(_name(reason, "BOUNDARY_REASON_")),
        outcome=Outcome(_name(classification.Outcome.Name(message.outcome), "OUTCOME_")),
        shortfall=shortfall_from_proto(message.shortfall),
        attachment=attachment,
        criteria_met=tuple(message.met),
    )


def _revised_to_record(page: RevisedPage) -> record.ResultRecord.RevisedPage:
    return record.ResultRecord.RevisedPage(
        page=page.page,
        label=page.label,
        confidence=page.confidence,
        no_match_score=page.no_match_score,
        outcome=classification.Outcome.Value(f"OUTCOME_{page.outcome}"),
        shortfall=shortfall_to_proto(page.shortfall),
    )


def _revised_from_record(message: record.ResultRecord.RevisedPage) -> RevisedPage:
    outcome = Outcome(_name(classification.Outcome.Name(message.outcome), "OUTCOME_"))
    return RevisedPage(
        page=message.page,
        label=message.label,
        confidence=message.confidence,
        no_match_score=message.no_match_score,
        outcome=outcome,
        shortfall=shortfall_from_proto(message.shortfall),
    )


def _weight_to_proto(weight: PageWeight) -> classification.PageWeight:
    name = f"PAGE_EXCLUSION_{weight.exclusion or 'UNSPECIFIED'}"
    exclusion = classification.PageExclusion.Value(name)
    return classification.PageWeight(page=weight.page, weight=weight.weight, exclusion=exclusion)


def _weight_from_proto(message: classification.PageWeight) -> PageWeight:
    if not message.exclusion:
        return PageWeight(message.page, message.weight)
    name = _name(classification.PageExclusion.Name(message.exclusion), "PAGE_EXCLUSION_")
    return PageWeight(message.page, message.weight, Exclusion(name))


def _warning_from_proto(message: classification.Warning) -> ResultWarning:
    name = _name(classification.WarningCode.Name(message.code), "WARNING_CODE_")
    return ResultWarning(WarningCode(name), message.message, tuple(message.categories))


def _name(value: str, prefix: str) -> str:
    return value.removeprefix(prefix)
