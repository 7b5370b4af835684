"""How results read for people; the plain and the live report share it."""

from collections.abc import Iterator, Sequence
from typing import Final

from docsort._cli.texts import number, printable, run
from docsort._cli.verdicts import criteria
from docsort._enums import BoundaryReason, Outcome, Verdict
from docsort._events import JobChange
from docsort._models import ClassificationResult, Job, PageResult, Suggestion, Usage
from docsort._parts import RevisedPage, Segment, Shortfall

_NOTE_WIDTH: Final = 60
_NAME_WIDTH: Final = 24
_LEAST_SCORE: Final = 0.005
_MOST_LINES: Final = 20
HEADINGS: Final = ("page", "category", "confidence", "outcome", "because")


def page_cells(page: PageResult) -> tuple[str, str, str, str, str]:
    """Return page, category, confidence, outcome, and the reason in short."""
    return (
        str(page.page),
        printable(page.classification or "-"),
        number(page.confidence),
        words(page.outcome),
        _because(page),
    )


def summary(job: Job) -> Iterator[tuple[str, str]]:
    """Yield labelled lines; the label is empty where the one above goes on."""
    if job.result is None:
        yield "status", f"{words(job.status)}: {printable(job.error or job.progress)}"
        if job.pages_done and not job.running:
            yield "pages", f"{job.pages_done} finished; see them with: docsort watch {job.job_id}"
        return
    result = job.result
    yield "category", printable(result.classification or "-")
    told = f"{number(result.confidence)}, {words(result.outcome)}"
    yield "confidence", told + (f": {_missed(result.shortfall)}" if result.shortfall else "")
    if result.suggestion:
        yield "looks like", _suggested(result.suggestion)
    yield "pages", f"{result.processed_pages} of {result.total_pages} read and judged"
    yield from _listed("segments", _first([_segment(each) for each in result.segments]))
    yield from _listed("revised", _first(list(_revised(result))))
    yield from _listed("criteria", _first(list(criteria(result))))
    yield from _listed("warnings", (printable(warning.message) for warning in result.warnings))
    if result.usage and (result.usage.model_calls or result.usage.cached_pages):
        yield "usage", _usage(result.usage)
    if job.duration is not None:
        yield "time", f"{job.duration:.2f} s"
    yield "job", job.job_id


def _usage(usage: Usage) -> str:
    calls = "1 model call" if usage.model_calls == 1 else f"{usage.model_calls} model calls"
    text = f"{calls}, {usage.input_tokens} tokens in"
    if usage.cached_tokens:
        text += f" ({usage.cached_tokens} cached)"
    text += f", {usage.output_tokens} out"
    if usage.cost is not None:
        text += f", cost {usage.cost:.6g}"
    if usage.cached_pages:
        text += f"; {usage.cached_pages} of {usage.pages} pages answered before"
    if usage.local_pages:
        text += f"; {usage.local_pages} of {usage.pages} pages without a model"
    return text


def job_line(job: Job) -> str:
    """Return a job of a list: id, time of acceptance, state, pages, labels."""
    accepted = f"{job.create_time:%Y-%m-%d %H:%M:%S}" if job.create_time else "-"
    return f"{job.job_id}  {accepted:<19}  {_state(job)}".rstrip()


def change_line(change: JobChange) -> str:
    """Return a change of the feed: when, what, and the job in short."""
    when = f"{change.event_time:%Y-%m-%d %H:%M:%S}" if change.event_time else "-"
    job = change.job
    return f"{when:<19}  {change.kind:<8}  {job.job_id}  {_state(job)}".rstrip()


def words(value: str) -> str:
    """Return an enum's value as words."""
    return value.replace("_", " ")


def _state(job: Job) -> str:
    pages = "-" if job.pages_total is None else f"{job.pages_done}/{job.pages_total}"
    labels = " ".join(f"{key}={printable(value)}" for key, value in sorted(job.labels.items()))
    return f"{words(job.status):<10}  {pages:>9}  {labels}"


def _because(page: PageResult) -> str:
    name = _short(page.attachment_name, _NAME_WIDTH)
    file = f"{name}: " if name else ""
    return _short(f"{file}{_reason(page)}".removesuffix(": "))


def _reason(page: PageResult) -> str:
    if page.failure is not None:
        return f"{page.failure.reason}: {page.failure.message}"
    if page.suggestion is not None:
        return f"looks like {_suggested(page.suggestion)}"
    missed = f"{_missed(page.shortfall)}; " if page.shortfall else ""
    quotes = [
        item.evidence
        for item in page.criteria
        if item.category == page.classification and item.verdict is Verdict.MET and item.evidence
    ]
    reason = f'"{printable(quotes[0])}"' if quotes else _others(page)
    return f"{missed}{reason}".removesuffix("; ")


def _missed(shortfall: Shortfall) -> str:
    """Tell which bound is missed, and by how much."""
    if shortfall.reached <= -_LEAST_SCORE:
        return f'"none fits" leads by {-shortfall.reached:.2f}'
    gap = max(0.0, shortfall.required - shortfall.reached)
    # What is missed by a hair is missed.
    by = f"{gap:.2f}" if gap >= _LEAST_SCORE else "<0.01"
    return f"{by} below {words(shortfall.bound)} {shortfall.required:.3g}"


def _suggested(suggestion: Suggestion) -> str:
    return f"{printable(suggestion.name or suggestion.type)}, {number(suggestion.confidence)}"


def _others(page: PageResult) -> str:
    ranked = sorted(page.category_scores, key=lambda entry: -entry.score)
    # A score that reads 0.00 tells nothing.
    others = [e for e in ranked if e.category != page.classification and e.score >= _LEAST_SCORE]
    return ", ".join(f"{entry.category} {number(entry.score)}" for entry in others[:2])


def _first(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        yield f"... and {len(lines) - _MOST_LINES} more"


def _revised(result: ClassificationResult) -> Iterator[str]:
    """Tell what pages are among their neighbours, and what they are alone."""
    alone = {page.page: page for page in result.page_results}
    for page in result.revised_pages:
        told = f"{page.page:<9} {_answer(page)}"
        yield f"{told} (alone: {_answer(alone[page.page])})" if page.page in alone else told


def _answer(page: PageResult | RevisedPage) -> str:
    if page.classification is None or page.outcome is Outcome.NO_MATCH:
        return words(page.outcome)
    told = f"{printable(page.classification)} {number(page.confidence)}"
    return f"{told}, ambiguous" if page.outcome is Outcome.AMBIGUOUS else told


def _segment(segment: Segment) -> str:
    told = words(segment.outcome)
    if segment.classification is not None:
        told = f"{printable(segment.classification)} {number(segment.confidence)}"
        if segment.outcome is Outcome.AMBIGUOUS:
            told += ", ambiguous"
        if segment.shortfall:
            told += f": {_missed(segment.shortfall)}"
    return f"{run(segment):<9} {told}{_border(segment)}"


def _border(segment: Segment) -> str:
    """Tell why a segment starts, which the first one needs no reason for, and in which file."""
    reason = segment.boundary_reason
    known = reason not in (BoundaryReason.UNSPECIFIED, BoundaryReason.DOCUMENT_START)
    told = [words(reason)] if known else []
    told += [printable(segment.attachment_name)] if segment.attachment_name else []
    return f" ({', '.join(told)})" if told else ""


def _listed(label: str, lines: Iterator[str]) -> Iterator[tuple[str, str]]:
    for index, line in enumerate(lines):
        yield label if index == 0 else "", line


def _short(text: str, width: int = _NOTE_WIDTH) -> str:
    text = printable(text)
    return text if len(text) <= width else text[: width - 1] + "…"
