"""What is asked before documents are classified, and what comes back: estimates and findings.

As in `_models`, the comments in the `.proto` files say what each field means.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from docsort._enums import FindingKind, Severity
from docsort._parcel import Document


@dataclass(frozen=True, slots=True)
class CountRange:
    """Bound a number."""

    least: int = 0
    most: int = 0


@dataclass(frozen=True, slots=True)
class CostRange:
    """Bound an amount of money."""

    least: float = 0.0
    most: float = 0.0


@dataclass(frozen=True, slots=True)
class TimeRange:
    """Bound a time, in seconds."""

    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Estimate:
    """Tell what a job would take; `time` is None where `time_unknown` tells why."""

    total_pages: int = 0
    pages: int = 0
    engine: str = ""
    pages_read: int = 0
    model_calls: CountRange | None = None
    input_tokens: CountRange | None = None
    output_tokens: CountRange | None = None
    cost: CostRange | None = None
    time: TimeRange | None = None
    time_unknown: str = ""
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """Try categories on a text or, without one, on a document that is no RemoteDocument.

    `category` names the one that it belongs to, where that is known.
    """

    text: str = ""
    document: Document | None = None
    category: str = ""


@dataclass(frozen=True, slots=True)
class FindingSubject:
    """Name a part of the request that a finding is about."""

    field: str
    category: str = ""
    criterion: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Tell what is likely to go wrong with categories, and what to do about it."""

    kind: FindingKind
    severity: Severity = Severity.UNSPECIFIED
    subjects: Sequence[FindingSubject] = ()
    reason: str = ""
    suggestion: str = ""


@dataclass(frozen=True, slots=True)
class CategoriesCheck:
    """Hold what was found, the gravest first."""

    findings: Sequence[Finding] = ()
    findings_omitted: int = 0
    samples_judged: int = 0
