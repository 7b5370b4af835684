"""Page results and document results as callers see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort_server.convert.failures import failure_to_proto
from docsort_server.convert.shortfalls import shortfall_to_proto
from docsort_server.convert.suggestions import suggestion_to_proto
from docsort_server.convert.usage import usage_to_proto
from docsort_server.engine.criteria import fraction
from docsort_server.engine.digest import categories_digest
from docsort_server.engine.model import LOCAL, ConfidenceSource, Outcome
from docsort_server.engine.outcome import shortfall
from docsort_server.version import VERSION

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from docsort_server.engine.model import Category, Question
    from docsort_server.engine.outcome import Shortfall
    from docsort_server.engine.result import DocumentResult, PageResult, RevisedPage, Segment


def page_to_proto(page: PageResult, question: Question) -> classification.PageResult:
    """Return a page's result with the caller's names."""
    message = classification.PageResult(
        page=page.page,
        success=page.success,
        outcome=classification.Outcome.Value(f"OUTCOME_{page.outcome}"),
        raw_result=page.raw_result,
        no_match_score=page.no_match_score,
        category_scores=_scores(page.scores, question),
        criteria=_criteria(page, question),
        cached=page.cached,
        text_truncated=page.truncated,
        suggestion=suggestion_to_proto(page.suggestion),
        shortfall=shortfall_to_proto(_shortfall(page, question)),
        attachment_name=page.attachment,
    )
    if page.label is not None:
        message.classification = question.categories[page.label].name
        if page.scores:
            message.confidence = page.scores[page.label]
            message.confidence_source = _source(page.confidence_source)
        if page.raw_result is None:
            # An engine that scores the caller's categories says nothing but their names.
            message.raw_result = message.classification
    if page.text_source:
        message.text_source = classification.TextSource.Value(f"TEXT_SOURCE_{page.text_source}")
    if page.fallback:
        reason = f"FALLBACK_REASON_{page.fallback}"
        message.fallback_reason = classification.FallbackReason.Value(reason)
    if page.confidence_source is ConfidenceSource.LOCAL_MODEL:
        message.engine = LOCAL
    if page.trace:
        message.engine, message.rung = page.trace.backend, page.trace.rung
        usage = usage_to_proto(page.trace.usage, pages=1, cached_pages=int(page.cached))
        message.usage.CopyFrom(usage)
    if page.failure:
        message.failure.CopyFrom(failure_to_proto(page.failure))
    return message


def result_to_proto(
    result: DocumentResult, question: Question
) -> classification.ClassificationResult:
    """Return a document's result with the caller's names, without its page results."""
    message = classification.ClassificationResult(
        success=result.processed_pages > 0,
        total_pages=result.total_pages,
        processed_pages=result.processed_pages,
        outcome=classification.Outcome.Value(f"OUTCOME_{result.outcome}"),
        category_scores=_scores(result.scores, question),
        response_confidence=_response_confidence(result, question),
        segments=[_segment(segment, question) for segment in result.segments],
        usage=_usage(result),
        provenance=_provenance(result, question),
        aggregation=_aggregation(result),
        no_match_score=result.no_match_score,
        suggestion=suggestion_to_proto(result.suggestion),
        revised_pages=[_revised(page, question) for page in result.revised],
        shortfall=shortfall_to_proto(result.shortfall),
    )
    for warning in result.warnings:
        code = classification.WarningCode.Value(f"WARNING_CODE_{warning.code}")
        message.warnings.add(code=code, message=warning.message, categories=warning.categories)
    if result.label is not None:
        message.classification = question.categories[result.label].name
        if result.scores:
            message.confidence = result.scores[result.label]
            message.confidence_source = _source(result.confidence_source)
    return message


def _shortfall(page: PageResult, question: Question) -> Shortfall | None:
    if page.outcome is not Outcome.AMBIGUOUS or not page.scores:
        return None
    return shortfall(page.scores, page.no_match_score, question)


def _usage(result: DocumentResult) -> classification.Usage:
    spent = result.models.usage if result.models else None
    return usage_to_proto(
        spent,
        result.engine_pages,
        local_pages=result.local_pages,
        cached_pages=result.cached_pages,
    )


def _source(source: ConfidenceSource | None) -> classification.ConfidenceSource.ValueType:
    # Engines that do not tell are the embedded one, as it was when only that was there.
    name = source or ConfidenceSource.LOCAL_MODEL
    return classification.ConfidenceSource.Value(f"CONFIDENCE_SOURCE_{name}")


def _scores(scores: Iterable[float], question: Question) -> list[classification.CategoryScore]:
    return [
        classification.CategoryScore(category=category.name, score=score)
        for category, score in zip(question.categories, scores, strict=False)
    ]


def _criteria(page: PageResult, question: Question) -> list[classification.CriterionResult]:
    return [
        classification.CriterionResult(
            category=category.name,
            criterion=criterion,
            verdict=classification.VERDICT_MET if mark.met else classification.VERDICT_NOT_MET,
            confidence=mark.confidence,
            evidence=mark.evidence,
        )
        for category, marks in zip(question.categories, page.criteria, strict=False)
        for criterion, mark in zip(category.criteria, marks, strict=True)
    ]


def _response_confidence(
    result: DocumentResult, question: Question
) -> classification.ResponseConfidence | None:
    if not any(category.criteria for category in question.categories):
        return None
    pairs = zip(question.categories, result.criteria_met, strict=True)
    return classification.ResponseConfidence(
        categories=[_category_confidence(category, met) for category, met in pairs]
    )


def _category_confidence(
    category: Category, met: tuple[bool, ...]
) -> classification.CategoryConfidence:
    message = classification.CategoryConfidence(
        category=category.name, criteria_confidence=_verdicts(category, met)
    )
    if met:
        message.confidence = fraction(category, met)
    return message


def _verdicts(
    category: Category, met: tuple[bool, ...]
) -> Iterator[classification.CriterionConfidence]:
    for criterion, is_met in zip(category.criteria, met, strict=True):
        verdict = classification.VERDICT_MET if is_met else classification.VERDICT_NOT_MET
        yield classification.CriterionConfidence(criterion=criterion, confidence=verdict)


def _segment(segment: Segment, question: Question) -> classification.Segment:
    category = None if segment.label is None else question.categories[segment.label]
    met = segment.criteria_met
    reason = f"BOUNDARY_REASON_{segment.boundary_reason}"
    return classification.Segment(
        first_page=segment.first_page,
        last_page=segment.last_page,
        classification=category.name if category else None,
        confidence=segment.confidence,
        boundary_reason=classification.BoundaryReason.Value(reason),
        outcome=classification.Outcome.Value(f"OUTCOME_{segment.outcome}"),
        shortfall=shortfall_to_proto(segment.shortfall),
        attachment_name=segment.attachment,
        criteria_confidence=_verdicts(category, met) if category and met else (),
    )


def _revised(page: RevisedPage, question: Question) -> classification.RevisedPage:
    return classification.RevisedPage(
        page=page.page,
        classification=question.categories[page.label].name,
        confidence=page.confidence,
        no_match_score=page.no_match_score,
        outcome=classification.Outcome.Value(f"OUTCOME_{page.outcome}"),
        shortfall=shortfall_to_proto(page.shortfall),
    )


def _aggregation(result: DocumentResult) -> classification.Aggregation:
    message = classification.Aggregation()
    for page in result.weights:
        exclusion = f"PAGE_EXCLUSION_{page.exclusion or 'UNSPECIFIED'}"
        value = classification.PageExclusion.Value(exclusion)
        message.pages.add(page=page.page, weight=page.weight, exclusion=value)
    return message


def _provenance(result: DocumentResult, question: Question) -> classification.Provenance:
    message = classification.Provenance(
        docsort_version=VERSION,
        engine=result.identity.engine,
        model=result.identity.model,
        categories_digest=categories_digest(question.categories),
        lexicon_digest=result.identity.lexicon_digest,
        weights_digest=result.identity.weights_digest,
        prompt_version=result.identity.prompt_version,
    )
    if models := result.models:
        message.answered_model, message.rung = models.model, models.rung
        message.calibration = models.calibration or ""
    return message
