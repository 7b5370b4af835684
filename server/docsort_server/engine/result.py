"""What pages and documents end up with: the values that events and results are made of."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome
from docsort_server.engine.packet.traits import UNSPACED

if TYPE_CHECKING:
    from docsort_server.engine.model import (
        ConfidenceSource,
        CriterionMark,
        EngineIdentity,
        Fallback,
        ModelTrace,
        ModelUsage,
        Suggestion,
    )
    from docsort_server.engine.outcome import Shortfall
    from docsort_server.engine.packet.traits import PageTraits
    from docsort_server.faults import Failure

# As many words as a divider has.
FEW_WORDS = 3
# What is told where segments would take too much room to be kept or sent.
TOO_MANY_SEGMENTS = (
    "The document has too many segments to list them; the page results have the labels."
)


class TextSource(StrEnum):
    """What a page's text was taken from."""

    TEXT_LAYER = "TEXT_LAYER"
    OCR = "OCR"
    IMAGE = "IMAGE"


class Exclusion(StrEnum):
    """Why a page does not count in the document's answer."""

    BLANK = "BLANK"
    UNREADABLE = "UNREADABLE"
    FAILED = "FAILED"
    NOT_PROCESSED = "NOT_PROCESSED"
    BUDGET_SPENT = "BUDGET_SPENT"
    STOPPED_EARLY = "STOPPED_EARLY"
    FEW_WORDS = "FEW_WORDS"


class BoundaryReason(StrEnum):
    """Why a segment starts where it starts."""

    DOCUMENT_START = "DOCUMENT_START"
    LABEL_CHANGE = "LABEL_CHANGE"
    PAGE_GAP = "PAGE_GAP"
    PAGE_NUMBER = "PAGE_NUMBER"
    HEADER_CHANGE = "HEADER_CHANGE"
    OPENING = "OPENING"
    CLOSING = "CLOSING"
    REFERENCE_CHANGE = "REFERENCE_CHANGE"
    LAYOUT_CHANGE = "LAYOUT_CHANGE"
    LANGUAGE_CHANGE = "LANGUAGE_CHANGE"
    CONTENT_CHANGE = "CONTENT_CHANGE"
    SEPARATOR = "SEPARATOR"
    ATTACHMENT = "ATTACHMENT"


class WarningCode(StrEnum):
    """What a warning is about."""

    DEADLINE_REACHED = "DEADLINE_REACHED"
    PAGES_FAILED = "PAGES_FAILED"
    PAGES_UNREADABLE = "PAGES_UNREADABLE"
    PAGES_BEYOND_END = "PAGES_BEYOND_END"
    SEGMENTS_OMITTED = "SEGMENTS_OMITTED"
    BUDGET_SPENT = "BUDGET_SPENT"
    STOPPED_EARLY = "STOPPED_EARLY"
    FALLBACK_USED = "FALLBACK_USED"
    CONTENT_LEFT_OUT = "CONTENT_LEFT_OUT"
    CATEGORY_UNFAMILIAR = "CATEGORY_UNFAMILIAR"


@dataclass(frozen=True, slots=True)
class PageResult:
    """The answer for one page; lists follow the question's categories and criteria.

    `scores` and `no_match_score` add up to 1. `chosen` is the category of a page without scores,
    `trace` is set where a model was asked, `fallback` where another engine than the job's
    answered; `PageVerdict` tells more about them. `truncated` tells that the page has more text
    than was looked at. `traits` tell documents in a packet apart; None where the page was not read.
    `attachment` is the name of the attached file that the page is of; empty without one.
    """

    page: int
    outcome: Outcome
    scores: tuple[float, ...] = ()
    criteria: tuple[tuple[CriterionMark, ...], ...] = ()
    no_match_score: float | None = None
    raw_result: str | None = None
    text_source: TextSource | None = None
    failure: Failure | None = None
    chosen: int | None = None
    confidence_source: ConfidenceSource | None = None
    trace: ModelTrace | None = None
    fallback: Fallback | None = None
    cached: bool = False
    truncated: bool = False
    unfamiliar: tuple[int, ...] = ()
    suggestion: Suggestion | None = None
    traits: PageTraits | None = None
    attachment: str = ""

    @property
    def label(self) -> int | None:
        """Index of the page's category; None where it has none."""
        return best(self.scores) if self.scores else self.chosen

    @property
    def votes(self) -> bool:
        """Whether the page counts in the document's answer.

        One without scores for which a model chose none of the categories votes for that.
        """
        voted = self.label is not None or self.outcome is Outcome.NO_MATCH
        return voted and not self.says_little

    @property
    def says_little(self) -> bool:
        """Whether it fits nothing because hardly anything is on it: a divider, or a stamp alone.

        It is no sign of what the document is not. Of a page that a model has seen, the words that
        could be read are not all there is.
        """
        fits_nothing = self.outcome is Outcome.NO_MATCH and self.text_source is not TextSource.IMAGE
        if not fits_nothing or self.traits is None:
            return False
        return 0 < self.traits.length <= FEW_WORDS and self.traits.language != UNSPACED

    @property
    def success(self) -> bool:
        """Whether the page was read and judged."""
        return self.outcome not in (Outcome.UNREADABLE, Outcome.FAILED)


@dataclass(frozen=True, slots=True)
class PageWeight:
    """One page's share in the document's answer; weight 0 with the reason when it has none."""

    page: int
    weight: float
    exclusion: Exclusion | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A run of pages, both ends included, with the index of its category if it has one.

    `shortfall` is the bound that keeps an AMBIGUOUS one from being MATCHED, as it is in results.
    `attachment` is that of its first page. `criteria_met` tells which criteria of its category its
    pages meet together.
    """

    first_page: int
    last_page: int
    label: int | None
    confidence: float | None
    outcome: Outcome
    boundary_reason: BoundaryReason
    shortfall: Shortfall | None = None
    attachment: str = ""
    criteria_met: tuple[bool, ...] = ()


@dataclass(frozen=True, slots=True)
class RevisedPage:
    """A page's answer among its neighbours, where it is another than the page's alone.

    `label` is the index of the category with the highest score, `confidence` that score.
    """

    page: int
    label: int
    confidence: float
    no_match_score: float
    outcome: Outcome
    shortfall: Shortfall | None = None


@dataclass(frozen=True, slots=True)
class ResultWarning:
    """Something to know about a result that is otherwise good; `categories` by their names."""

    code: WarningCode
    message: str
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ModelSummary:
    """What all pages cost at a model, and how most of them were asked and answered.

    `calibration` is the fit behind most of their scores, None where most have none.
    """

    usage: ModelUsage
    model: str
    rung: str
    calibration: str | None = None


@dataclass(frozen=True, slots=True)
class DocumentResult:
    """The answer for a document, without its page results.

    `criteria_met[i][j]` tells whether any counted page met criterion j of category i. `chosen` is
    the category of a document without scores; `models` is set where pages were asked of a model,
    `local_pages` counts those that the embedded engine answered, `cached_pages` those whose answer
    was used again. `revised` are the pages that their neighbours tell something else of.
    """

    outcome: Outcome
    total_pages: int
    processed_pages: int
    engine_pages: int
    scores: tuple[float, ...]
    no_match_score: float | None
    criteria_met: tuple[tuple[bool, ...], ...]
    segments: tuple[Segment, ...]
    weights: tuple[PageWeight, ...]
    warnings: tuple[ResultWarning, ...]
    identity: EngineIdentity
    chosen: int | None = None
    confidence_source: ConfidenceSource | None = None
    models: ModelSummary | None = None
    local_pages: int = 0
    cached_pages: int = 0
    suggestion: Suggestion | None = None
    revised: tuple[RevisedPage, ...] = ()
    shortfall: Shortfall | None = None

    @property
    def label(self) -> int | None:
        """Index of the document's category; None where it has none."""
        return best(self.scores) if self.scores else self.chosen


def without_segments(result: DocumentResult) -> DocumentResult:
    """Return a result without segments and revised pages, and with a warning that tells so."""
    warnings = (*result.warnings, ResultWarning(WarningCode.SEGMENTS_OMITTED, TOO_MANY_SEGMENTS))
    return replace(result, segments=(), revised=(), warnings=warnings)


def best(scores: tuple[float, ...]) -> int | None:
    """Return the index of the highest score, the first of equals; None for no scores."""
    return max(range(len(scores)), key=scores.__getitem__) if scores else None
