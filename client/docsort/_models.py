"""What goes in and comes out, as frozen data with the field names of the contract.

The comments in the `.proto` files say what each field means; only what Python adds is said
here. Times are aware datetimes, durations float seconds, what may be absent is None.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from docsort._enums import (
    ConfidenceSource,
    ErrorReason,
    FallbackReason,
    JobStatus,
    Outcome,
    PageExclusion,
    TextSource,
    Verdict,
    WarningCode,
)
from docsort._parts import CriterionConfidence, RevisedPage, Segment, Shortfall


@dataclass(frozen=True, slots=True)
class Criterion:
    """State something about a document that is either met or not."""

    text: str
    required: bool = False
    negative: bool = False
    weight: float | None = None
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """Name one of the answers to choose from; criteria may be plain strings."""

    name: str
    description: str = ""
    criteria: Sequence[str | Criterion] = ()
    threshold: float | None = None
    examples: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """Tell why a job or a page failed."""

    reason: ErrorReason = ErrorReason.UNSPECIFIED
    message: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """Give the engine's belief in a category, 0 to 1."""

    category: str
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class CriterionResult:
    """Judge one criterion on one page."""

    category: str
    criterion: str = ""
    verdict: Verdict = Verdict.UNSPECIFIED
    confidence: float | None = None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Usage:
    """Count what a job or a page used; calls and tokens are those of a model."""

    pages: int = 0
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: float | None = None
    cached_pages: int = 0
    local_pages: int = 0


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Name a type of document that is none of the categories asked."""

    type: str
    name: str = ""
    confidence: float | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """Answer for one page, counted from 1."""

    page: int
    success: bool = False
    classification: str | None = None
    raw_result: str | None = None
    confidence: float | None = None
    outcome: Outcome = Outcome.UNSPECIFIED
    category_scores: tuple[CategoryScore, ...] = ()
    criteria: tuple[CriterionResult, ...] = ()
    text_source: TextSource = TextSource.UNSPECIFIED
    failure: Failure | None = None
    confidence_source: ConfidenceSource = ConfidenceSource.UNSPECIFIED
    no_match_score: float | None = None
    engine: str = ""
    rung: str = ""
    usage: Usage | None = None
    cached: bool = False
    fallback_reason: FallbackReason = FallbackReason.UNSPECIFIED
    text_truncated: bool = False
    suggestion: Suggestion | None = None
    shortfall: Shortfall | None = None
    attachment_name: str = ""


@dataclass(frozen=True, slots=True)
class CategoryConfidence:
    """Give the fraction of a category's criteria that were met."""

    category: str
    confidence: float | None = None
    criteria_confidence: tuple[CriterionConfidence, ...] = ()


@dataclass(frozen=True, slots=True)
class ResponseConfidence:
    """List every category with its criteria."""

    categories: tuple[CategoryConfidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Provenance:
    """Tell what produced the result."""

    docsort_version: str = ""
    engine: str = ""
    model: str = ""
    categories_digest: str = ""
    lexicon_digest: str = ""
    weights_digest: str = ""
    answered_model: str = ""
    rung: str = ""
    prompt_version: str = ""
    calibration: str = ""


@dataclass(frozen=True, slots=True)
class ResultWarning:
    """Point at something in a result that is otherwise good."""

    code: WarningCode = WarningCode.UNSPECIFIED
    message: str = ""
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PageWeight:
    """Give one page's part in the document's answer."""

    page: int
    weight: float = 0.0
    exclusion: PageExclusion = PageExclusion.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class Aggregation:
    """Show how the document's answer was made from its pages."""

    pages: tuple[PageWeight, ...] = ()


@dataclass(frozen=True, slots=True)
class ClassificationResult:
    """Answer for the document.

    The client takes `page_results` off the stream where `page_results_omitted`, and clears that.
    """

    success: bool = False
    classification: str | None = None
    confidence: float | None = None
    total_pages: int = 0
    processed_pages: int = 0
    page_results: tuple[PageResult, ...] = ()
    outcome: Outcome = Outcome.UNSPECIFIED
    category_scores: tuple[CategoryScore, ...] = ()
    response_confidence: ResponseConfidence | None = None
    segments: tuple[Segment, ...] = ()
    usage: Usage | None = None
    provenance: Provenance | None = None
    warnings: tuple[ResultWarning, ...] = ()
    aggregation: Aggregation | None = None
    page_results_omitted: bool = False
    confidence_source: ConfidenceSource = ConfidenceSource.UNSPECIFIED
    no_match_score: float | None = None
    suggestion: Suggestion | None = None
    revised_pages: tuple[RevisedPage, ...] = ()
    shortfall: Shortfall | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """Follow one classification of one document; `duration` is in seconds."""

    job_id: str
    status: JobStatus = JobStatus.UNSPECIFIED
    progress: str = ""
    error: str | None = None
    result: ClassificationResult | None = None
    create_time: datetime | None = None
    start_time: datetime | None = None
    end_time: datetime | None = None
    expire_time: datetime | None = None
    duration: float | None = None
    failure: Failure | None = None
    pages_total: int | None = None
    pages_done: int = 0
    labels: Mapping[str, str] = field(default_factory=dict)

    @property
    def running(self) -> bool:
        """Whether the job has not ended yet."""
        return self.status in (JobStatus.QUEUED, JobStatus.PROCESSING)


@dataclass(frozen=True, slots=True)
class UploadedDocument:
    """Name a document that the server keeps, in place of its content; the id alone is enough."""

    document_id: str
    size_bytes: int = 0
    expire_time: datetime | None = None


@dataclass(frozen=True, slots=True)
class RemoteDocument:
    """Name a document by where the server fetches it, such as https:// or s3://."""

    uri: str


@dataclass(frozen=True, slots=True)
class Submission:
    """Name the job that was submitted, and say how far it is."""

    job_id: str
    status: JobStatus = JobStatus.UNSPECIFIED
    message: str = ""
