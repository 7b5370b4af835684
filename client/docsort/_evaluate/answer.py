"""What a server said about one document, in a form that a file of a run keeps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from docsort._enums import Outcome, WarningCode
from docsort._models import ClassificationResult, Job, PageResult, Provenance, Usage


@dataclass(frozen=True, slots=True)
class PageAnswer:
    """Answer for one page; `scores` are in the order of the categories asked."""

    page: int
    category: str | None
    confidence: float | None
    outcome: str
    text_source: str
    engine: str
    no_match_score: float | None
    scores: tuple[float, ...]
    weight: float


@dataclass(frozen=True, slots=True)
class PartAnswer:
    """Answer for a run of pages."""

    first: int
    last: int
    category: str | None


@dataclass(frozen=True, slots=True)
class RevisedAnswer:
    """Answer for a page among its neighbours, where that is another than for the page alone."""

    page: int
    category: str | None
    confidence: float | None
    outcome: str


@dataclass(frozen=True, slots=True)
class Spent:
    """Count what a document used of models; `cost` is None where the server knows no prices."""

    pages: int = 0
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_pages: int = 0
    local_pages: int = 0
    cost: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer for one document; without a result `reason` and `message` say why.

    `seconds` is how long the job took, `sha256` that of the document where it could be read.
    `unfamiliar` names the categories that the server warned its engine knows nothing like.
    """

    reason: str = ""
    message: str = ""
    category: str | None = None
    confidence: float | None = None
    no_match_score: float | None = None
    outcome: str = ""
    total_pages: int = 0
    pages: tuple[PageAnswer, ...] = ()
    parts: tuple[PartAnswer, ...] = ()
    spent: Spent = Spent()
    made_by: Mapping[str, str] | None = None
    seconds: float = 0.0
    sha256: str = ""
    unfamiliar: tuple[str, ...] = ()
    revised: tuple[RevisedAnswer, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether there is no result."""
        return bool(self.reason)

    @property
    def text_source(self) -> str:
        """Where the text of most pages came from; of as many, the first."""
        sources = [page.text_source or "none" for page in self.pages]
        return max(sources, key=sources.count) if sources else "none"


def answered(
    job: Job, result: ClassificationResult, names: Sequence[str], seconds: float
) -> Answer:
    """Return what a job's result says; `names` are the categories in the order asked."""
    weights = (
        {each.page: each.weight for each in result.aggregation.pages}
        if (result.aggregation)
        else {}
    )
    return Answer(
        category=result.classification,
        confidence=result.confidence,
        no_match_score=result.no_match_score,
        outcome=str(result.outcome),
        total_pages=result.total_pages,
        pages=tuple(_page(page, names, weights) for page in result.page_results),
        parts=tuple(
            PartAnswer(part.first_page, part.last_page, part.classification)
            for part in result.segments
        ),
        spent=_spent(result.usage),
        made_by=_made_by(result.provenance),
        seconds=round(job.duration if job.duration is not None else seconds, 4),
        unfamiliar=_unfamiliar(result),
        revised=tuple(
            RevisedAnswer(page.page, page.classification, page.confidence, str(page.outcome))
            for page in result.revised_pages
        ),
    )


def failed(reason: str, message: str, seconds: float = 0.0) -> Answer:
    """Return the answer of a document that has no result."""
    return Answer(reason or "FAILED", message, outcome=str(Outcome.FAILED), seconds=seconds)


def from_plain(plain: Mapping[str, Any]) -> Answer:
    """Return an answer that `dataclasses.asdict` made plain, and a file kept."""
    return Answer(
        **{
            **plain,
            "pages": tuple(
                PageAnswer(**{**page, "scores": tuple(page["scores"])}) for page in plain["pages"]
            ),
            "parts": tuple(PartAnswer(**part) for part in plain["parts"]),
            "spent": Spent(**plain["spent"]),
            # Files of earlier versions have none.
            "unfamiliar": tuple(plain.get("unfamiliar", ())),
            "revised": tuple(RevisedAnswer(**page) for page in plain.get("revised", ())),
        }
    )


def _page(page: PageResult, names: Sequence[str], weights: Mapping[int, float]) -> PageAnswer:
    scores = {entry.category: entry.score for entry in page.category_scores}
    return PageAnswer(
        page=page.page,
        category=page.classification,
        confidence=page.confidence,
        outcome=str(page.outcome),
        text_source=str(page.text_source),
        engine=page.engine,
        no_match_score=page.no_match_score,
        scores=tuple(scores.get(name, 0.0) for name in names) if scores else (),
        weight=weights.get(page.page, 1.0 if scores else 0.0),
    )


def _unfamiliar(result: ClassificationResult) -> tuple[str, ...]:
    told = (each for each in result.warnings if each.code == WarningCode.CATEGORY_UNFAMILIAR)
    return tuple(name for each in told for name in each.categories)


def _spent(usage: Usage | None) -> Spent:
    if usage is None:
        return Spent()
    return Spent(
        pages=usage.pages,
        model_calls=usage.model_calls,
        input_tokens=usage.input_tokens,
        output_tokens=usage.output_tokens,
        cached_pages=usage.cached_pages,
        local_pages=usage.local_pages,
        cost=usage.cost,
    )


def _made_by(provenance: Provenance | None) -> Mapping[str, str] | None:
    if provenance is None:
        return None
    kept = ("docsort_version", "engine", "model", "answered_model", "calibration")
    return {name: getattr(provenance, name) for name in kept}
