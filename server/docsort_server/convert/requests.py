"""Requests as the domain sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort_server.convert.budgets import budget_from_proto
from docsort_server.convert.categories import category_from_proto
from docsort_server.convert.times import seconds_of
from docsort_server.engine.model import Question
from docsort_server.jobs.model import JobOptions, Priority

if TYPE_CHECKING:
    from collections.abc import Sequence


def question_from_proto(
    categories: Sequence[classification.Category], options: classification.ClassificationOptions
) -> Question:
    """Return what is asked of every page."""
    return Question(
        categories=tuple(map(category_from_proto, categories)),
        min_confidence=options.min_confidence if options.HasField("min_confidence") else None,
        min_margin=options.min_margin if options.HasField("min_margin") else None,
        evidence=options.evidence if options.HasField("evidence") else True,
    )


def options_from_proto(options: classification.ClassificationOptions) -> JobOptions:
    """Return how the job should run."""
    return JobOptions(
        pages=tuple((run.first, run.last) for run in options.pages),
        deadline=seconds_of(options.deadline) if options.HasField("deadline") else None,
        engine=options.engine,
        segments=options.segments if options.HasField("segments") else True,
        labels=dict(options.labels),
        priority=priority_from_proto(options.priority),
        fallback_engines=tuple(options.fallback_engines),
        budget=budget_from_proto(options.budget) if options.HasField("budget") else None,
        cache=options.cache if options.HasField("cache") else True,
        stop_decided=options.stop_when == classification.STOP_WHEN_DECIDED,
    )


def priority_from_proto(value: classification.Priority.ValueType) -> Priority:
    """Return a priority; one that is not set is normal."""
    if not value:
        return Priority.NORMAL
    return Priority(classification.Priority.Name(value).removeprefix("PRIORITY_"))
