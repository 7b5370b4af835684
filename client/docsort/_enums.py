"""The vocabularies of the contract as string enums that accept values they do not know."""

import enum
from typing import Self


class OpenEnum(enum.StrEnum):
    """Accept values of newer servers: an unknown one becomes a member of its own.

    A value the contract leaves unset is `UNSPECIFIED`, the empty string, which is false.
    """

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        member = str.__new__(cls, value)
        member._name_ = value.upper()
        member._value_ = value
        return member


class Outcome(OpenEnum):
    """How far an answer may be trusted."""

    UNSPECIFIED = ""
    MATCHED = "matched"
    AMBIGUOUS = "ambiguous"
    NO_MATCH = "no_match"
    BLANK = "blank"
    UNREADABLE = "unreadable"
    FAILED = "failed"


class JobStatus(OpenEnum):
    """The state of a job; the last three are final."""

    UNSPECIFIED = ""
    QUEUED = "queued"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"


class ChangeKind(OpenEnum):
    """What became of a job in the feed of all jobs."""

    ACCEPTED = "accepted"
    FINISHED = "finished"
    DELETED = "deleted"


class ConfidenceSource(OpenEnum):
    """Where a confidence comes from; unset when nothing was scored."""

    UNSPECIFIED = ""
    LOCAL_MODEL = "local_model"
    TOKEN_PROBABILITIES = "token_probabilities"  # noqa: S105 - no secret
    VOTED = "voted"


class TextSource(OpenEnum):
    """What a page's text was taken from; unset when it has none."""

    UNSPECIFIED = ""
    TEXT_LAYER = "text_layer"
    OCR = "ocr"
    IMAGE = "image"


class Verdict(OpenEnum):
    """Whether a criterion was met."""

    UNSPECIFIED = ""
    MET = "met"
    NOT_MET = "not_met"


class PageExclusion(OpenEnum):
    """Why a page does not count in the document's answer; unset when it counts."""

    UNSPECIFIED = ""
    BLANK = "blank"
    UNREADABLE = "unreadable"
    FAILED = "failed"
    NOT_PROCESSED = "not_processed"
    BUDGET_SPENT = "budget_spent"
    STOPPED_EARLY = "stopped_early"
    FEW_WORDS = "few_words"


class BoundaryReason(OpenEnum):
    """Why a segment starts where it starts."""

    UNSPECIFIED = ""
    DOCUMENT_START = "document_start"
    LABEL_CHANGE = "label_change"
    PAGE_GAP = "page_gap"
    PAGE_NUMBER = "page_number"
    HEADER_CHANGE = "header_change"
    OPENING = "opening"
    CLOSING = "closing"
    REFERENCE_CHANGE = "reference_change"
    LAYOUT_CHANGE = "layout_change"
    LANGUAGE_CHANGE = "language_change"
    CONTENT_CHANGE = "content_change"
    SEPARATOR = "separator"
    ATTACHMENT = "attachment"


class Bound(OpenEnum):
    """What an answer has to reach to be matched."""

    UNSPECIFIED = ""
    MIN_CONFIDENCE = "min_confidence"
    THRESHOLD = "threshold"
    MIN_MARGIN = "min_margin"
    AGREEMENT = "agreement"


class Priority(OpenEnum):
    """Which jobs are worked on first; unset is normal."""

    UNSPECIFIED = ""
    NORMAL = "normal"
    HIGH = "high"


class StopWhen(OpenEnum):
    """When a job may stop before its last page; unset is never."""

    UNSPECIFIED = ""
    DECIDED = "decided"


class WhenSpent(OpenEnum):
    """What becomes of the pages that are left once a budget is spent; unset is local."""

    UNSPECIFIED = ""
    LOCAL = "local"
    LEAVE_OUT = "leave_out"


class FallbackReason(OpenEnum):
    """Why another engine than the job's answered; unset when it did not."""

    UNSPECIFIED = ""
    MODEL_UNAVAILABLE = "model_unavailable"
    BUDGET_SPENT = "budget_spent"


class WarningCode(OpenEnum):
    """What a warning is about."""

    UNSPECIFIED = ""
    DEADLINE_REACHED = "deadline_reached"
    PAGES_FAILED = "pages_failed"
    PAGES_UNREADABLE = "pages_unreadable"
    PAGES_BEYOND_END = "pages_beyond_end"
    SEGMENTS_OMITTED = "segments_omitted"
    BUDGET_SPENT = "budget_spent"
    STOPPED_EARLY = "stopped_early"
    FALLBACK_USED = "fallback_used"
    CONTENT_LEFT_OUT = "content_left_out"
    CATEGORY_UNFAMILIAR = "category_unfamiliar"


class Severity(OpenEnum):
    """How much a finding about categories matters."""

    UNSPECIFIED = ""
    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


class FindingKind(OpenEnum):
    """What a finding about categories is about."""

    UNSPECIFIED = ""
    DUPLICATE_CATEGORIES = "duplicate_categories"
    OVERLAPPING_CATEGORIES = "overlapping_categories"
    NESTED_CATEGORIES = "nested_categories"
    VAGUE_CATEGORY = "vague_category"
    CATEGORY_UNFAMILIAR = "category_unfamiliar"
    SHARED_PREFIX = "shared_prefix"
    MISSING_CATCH_ALL = "missing_catch_all"
    DUPLICATE_CRITERIA = "duplicate_criteria"
    CONTRADICTING_CRITERIA = "contradicting_criteria"
    SHARED_CRITERION = "shared_criterion"
    UNTESTABLE_CRITERION = "untestable_criterion"
    VAGUE_CRITERION = "vague_criterion"
    CRITERION_NEVER_MET = "criterion_never_met"
    CRITERION_ALWAYS_MET = "criterion_always_met"
    SAMPLE_ELSEWHERE = "sample_elsewhere"
    EXTREME_THRESHOLD = "extreme_threshold"
    QUALIFIER_NOT_TESTED = "qualifier_not_tested"


class ErrorReason(OpenEnum):
    """Why a call, a job or a page failed; written as on the wire, in capitals."""

    UNSPECIFIED = ""
    INTERNAL = "INTERNAL"
    INVALID_REQUEST = "INVALID_REQUEST"
    UNSUPPORTED_DOCUMENT = "UNSUPPORTED_DOCUMENT"
    EMPTY_DOCUMENT = "EMPTY_DOCUMENT"
    DOCUMENT_TOO_LARGE = "DOCUMENT_TOO_LARGE"
    CORRUPT_DOCUMENT = "CORRUPT_DOCUMENT"
    ENCRYPTED_DOCUMENT = "ENCRYPTED_DOCUMENT"
    TOO_MANY_PAGES = "TOO_MANY_PAGES"
    PARSER_CRASHED = "PARSER_CRASHED"
    PARSER_TIMEOUT = "PARSER_TIMEOUT"
    JOB_NOT_FOUND = "JOB_NOT_FOUND"
    JOB_FINISHED = "JOB_FINISHED"
    IDEMPOTENCY_MISMATCH = "IDEMPOTENCY_MISMATCH"
    OVERLOADED = "OVERLOADED"
    SHUTTING_DOWN = "SHUTTING_DOWN"
    MODEL_UNAVAILABLE = "MODEL_UNAVAILABLE"
    DEADLINE = "DEADLINE"
    CANCELLED = "CANCELLED"
    JOB_NOT_FINISHED = "JOB_NOT_FINISHED"
    DOCUMENT_NOT_FOUND = "DOCUMENT_NOT_FOUND"
    EVENTS_EXPIRED = "EVENTS_EXPIRED"
    MODEL_OUTPUT_INVALID = "MODEL_OUTPUT_INVALID"
    BUDGET_SPENT = "BUDGET_SPENT"
    WRONG_PASSWORD = "WRONG_PASSWORD"  # noqa: S105 - no secret
    URI_NOT_ALLOWED = "URI_NOT_ALLOWED"
    URI_UNREACHABLE = "URI_UNREACHABLE"
