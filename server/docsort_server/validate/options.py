"""The rules for how a job should run."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docsort.v1 import classification_pb2 as classification
from docsort_server.convert.times import seconds_of
from docsort_server.faults import Violation
from docsort_server.validate.rules import share_rule, text_rule, too_long, unknown

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

MAX_RANGES = 1_000
MAX_FALLBACKS = 10
MAX_ENGINE = 100
MAX_MODEL_CALLS = 1_000_000
MAX_LABELS = 32
MAX_LABEL_VALUE = 256
_LABEL = re.compile(r"[A-Za-z0-9._/-]{1,63}")
# Longer than any job may take; protobuf's own range would overflow timers.
MAX_DEADLINE = 7 * 24 * 3600.0


def options_rule(options: classification.ClassificationOptions) -> Iterator[Violation]:
    """Check all that is the same for every server."""
    yield from unknown("options", options)
    yield from _ranges(options.pages)
    yield from _labels(options.labels)
    if options.priority not in classification.Priority.values():
        yield Violation("options.priority", f"has no value {options.priority}")
    if options.HasField("min_confidence"):
        yield from share_rule("options.min_confidence", options.min_confidence)
    if options.HasField("min_margin"):
        yield from share_rule("options.min_margin", options.min_margin)
    if options.HasField("deadline"):
        yield from _time("options.deadline", seconds_of(options.deadline))
    if options.stop_when not in classification.StopWhen.values():
        yield Violation("options.stop_when", f"has no value {options.stop_when}")
    if len(options.fallback_engines) > MAX_FALLBACKS:
        text = f"must have at most {MAX_FALLBACKS} entries, has {len(options.fallback_engines)}"
        yield Violation("options.fallback_engines", text)
    for index, name in enumerate(options.fallback_engines):
        yield from text_rule(f"options.fallback_engines[{index}]", name, MAX_ENGINE)
    if options.HasField("budget"):
        yield from _budget(options.budget)


def _budget(budget: classification.Budget) -> Iterator[Violation]:
    calls = budget.max_model_calls
    if budget.HasField("max_model_calls") and not 1 <= calls <= MAX_MODEL_CALLS:
        text = f"must be between 1 and {MAX_MODEL_CALLS}, is {calls}"
        yield Violation("options.budget.max_model_calls", text)
    if budget.HasField("max_time"):
        yield from _time("options.budget.max_time", seconds_of(budget.max_time))
    if budget.when_spent not in classification.WhenSpent.values():
        yield Violation("options.budget.when_spent", f"has no value {budget.when_spent}")
    yield from unknown("options.budget", budget)


def _time(path: str, seconds: float) -> Iterator[Violation]:
    if not 0 < seconds <= MAX_DEADLINE:
        text = f"must be longer than 0 and at most {MAX_DEADLINE:.0f} seconds, is {seconds:g}"
        yield Violation(path, text)


def _labels(labels: Mapping[str, str]) -> Iterator[Violation]:
    if len(labels) > MAX_LABELS:
        text = f"must have at most {MAX_LABELS} entries, has {len(labels)}"
        yield Violation("options.labels", text)
        return
    for key, value in labels.items():
        path = f"options.labels[{key!r}]"
        if not _LABEL.fullmatch(key):
            text = "must have a key of 1 to 63 characters out of a-z, A-Z, 0-9, ., _, - and /"
            yield Violation(path, text)
        if len(value) > MAX_LABEL_VALUE:
            yield too_long(path, value, MAX_LABEL_VALUE)


def ttl_rule(options: classification.ClassificationOptions, longest: float) -> Iterator[Violation]:
    """Check how long the job is to be kept, at most `longest` seconds."""
    if not options.HasField("ttl"):
        return
    seconds = seconds_of(options.ttl)
    if not 1 <= seconds <= longest:
        text = f"must be between 1 and {longest:.0f} seconds, is {seconds:g}"
        yield Violation("options.ttl", text)


def _ranges(pages: Sequence[classification.PageRange]) -> Iterator[Violation]:
    if len(pages) > MAX_RANGES:
        yield Violation(
            "options.pages", f"must have at most {MAX_RANGES} entries, has {len(pages)}"
        )
        return
    for index, run in enumerate(pages):
        if not (run.first and run.last) or (
            (run.first > 0) == (run.last > 0) and run.first > run.last
        ):
            text = f"must have first <= last, neither of them 0, is {run.first} to {run.last}"
            yield Violation(f"options.pages[{index}]", text)
