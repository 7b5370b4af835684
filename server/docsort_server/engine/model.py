"""The engine's vocabulary: what is asked of a page and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent


class Outcome(StrEnum):
    """How far an answer may be trusted; one vocabulary for pages and documents."""

    MATCHED = "MATCHED"
    AMBIGUOUS = "AMBIGUOUS"
    NO_MATCH = "NO_MATCH"
    BLANK = "BLANK"
    UNREADABLE = "UNREADABLE"
    FAILED = "FAILED"


@dataclass(frozen=True, slots=True)
class Category:
    """One of the caller's categories."""

    name: str
    description: str = ""
    criteria: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every page of a job.

    `min_confidence` and `min_margin` (both 0..1) bound MATCHED; None takes the engine's own.
    """

    categories: tuple[Category, ...]
    min_confidence: float | None = None
    min_margin: float | None = None
    evidence: bool = True


@dataclass(frozen=True, slots=True)
class CriterionMark:
    """Whether a page meets one criterion; `confidence` (0..1) is in that verdict."""

    met: bool
    confidence: float
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """An engine's answer for one page.

    `scores` follow the question's categories; `no_match_score` (0..1) is the engine's belief
    that none of them fits; together they add up to 1. They and `criteria` are empty for BLANK
    and UNREADABLE pages, which do not vote. `criteria[i][j]` belongs to criterion j of
    category i.
    """

    outcome: Outcome
    scores: tuple[float, ...] = ()
    criteria: tuple[tuple[CriterionMark, ...], ...] = ()
    no_match_score: float | None = None
    raw_result: str | None = None


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """Which engine answered, for the result's provenance; digests are lower-case sha256 hex."""

    engine: str
    model: str
    lexicon_digest: str
    weights_digest: str


class PageClassifier(Protocol):
    """Classify pages; implementations own their processes or connections."""

    @property
    def identity(self) -> EngineIdentity:
        """Name the engine and its data."""

    @property
    def span(self) -> int:
        """Tell how many pages one unit of work should hold."""

    async def classify(self, page: PageContent, question: Question) -> PageVerdict:
        """Answer for one page. Raises `Fault` where the page cannot be answered."""
