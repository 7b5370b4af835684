"""The engine's vocabulary: what is asked of a page and what is answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from docsort_server.engine.denial import bounds, denies

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Hashable

    from docsort_server.documents.model import PageContent


# The name of the embedded engine.
LOCAL = "local"


class Outcome(StrEnum):
    """How far an answer may be trusted; one vocabulary for pages and documents."""

    MATCHED = "MATCHED"
    AMBIGUOUS = "AMBIGUOUS"
    NO_MATCH = "NO_MATCH"
    BLANK = "BLANK"
    UNREADABLE = "UNREADABLE"
    FAILED = "FAILED"


class ConfidenceSource(StrEnum):
    """Where a page's scores come from."""

    TOKEN_PROBABILITIES = "TOKEN_PROBABILITIES"  # noqa: S105 - no secret
    LOCAL_MODEL = "LOCAL_MODEL"
    CRITERIA_FRACTION = "CRITERIA_FRACTION"
    VOTED = "VOTED"
    SELF_REPORTED = "SELF_REPORTED"
    RULE = "RULE"


class Fallback(StrEnum):
    """Why another engine than the job's answered for a page."""

    MODEL_UNAVAILABLE = "MODEL_UNAVAILABLE"
    BUDGET_SPENT = "BUDGET_SPENT"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a criterion is beyond its statement.

    A category whose `required` criterion a document does not meet is not its category. A
    `negative` one is met where the statement does not hold. `weight` (above 0) is its share in the
    fraction of criteria met. A `pattern` decides in place of the statement.
    """

    required: bool = False
    negative: bool = False
    weight: float = 1.0
    pattern: str = ""

    def avoids(self, text: str) -> bool:
        """Tell whether the criterion of this text is met by what is not there.

        A negative one whose statement denies asks for what is there.
        """
        return self.negative != (not self.pattern and denies(text))

    def throughout(self, text: str) -> bool:
        """Tell whether a document meets the criterion only where every page does.

        So with what is not to be there, and with bounds that nothing meets too: "at most one".
        """
        return self.negative != (not self.pattern and (denies(text) or bounds(text)))


PLAIN = Terms()


@dataclass(frozen=True, slots=True)
class Category:
    """One of the caller's categories; `terms` belong to the criteria, none where all are plain.

    `threshold` (0..1) bounds MATCHED in place of the question's `min_confidence`. `examples` are
    texts of pages that belong here.
    """

    name: str
    description: str = ""
    criteria: tuple[str, ...] = ()
    terms: tuple[Terms, ...] = ()
    threshold: float | None = None
    examples: tuple[str, ...] = ()

    @property
    def describing(self) -> tuple[str, ...]:
        """The criteria that tell what belongs here, not what does not."""
        terms = self.terms or (PLAIN,) * len(self.criteria)
        return tuple(
            text for text, each in zip(self.criteria, terms, strict=True) if not each.avoids(text)
        )


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked of every page of a job.

    `min_confidence` and `min_margin` (both 0..1) bound MATCHED; None takes the usual. What they
    and thresholds say decides the outcome and nothing else.
    """

    categories: tuple[Category, ...]
    min_confidence: float | None = None
    min_margin: float | None = None
    evidence: bool = True


@dataclass(frozen=True, slots=True)
class CriterionMark:
    """Whether a page meets one criterion; `confidence` (0..1) is in that verdict.

    It is None where nothing tells how sure the engine is. `evidence` is the line that states what
    the criterion says, be that wanted or not.
    """

    met: bool
    confidence: float | None
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class ModelUsage:
    """What a page cost at a model; `cached_tokens` are part of `input_tokens`.

    `cost` is in the currency of the price table, None without one.
    """

    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    cost: float | None = None

    def plus(self, other: ModelUsage) -> ModelUsage:
        """Return the sum; a cost that only one of them has is the sum's."""
        costs = [each for each in (self.cost, other.cost) if each is not None]
        return ModelUsage(
            self.model_calls + other.model_calls,
            self.input_tokens + other.input_tokens,
            self.output_tokens + other.output_tokens,
            self.cached_tokens + other.cached_tokens,
            sum(costs) if costs else None,
        )


@dataclass(frozen=True, slots=True)
class ModelTrace:
    """Which model answered for a page, how it was asked, and what that cost.

    `model` is as the backend names it in its answer. `calibration` is the id of the fit behind the
    scores, None where they are as the model gave them. `mass` (0..1) is the share of the model's
    own probability that went to any of the options: a low one tells that it wanted to say
    something else.
    """

    backend: str
    model: str
    rung: str
    usage: ModelUsage
    calibration: str | None = None
    mass: float | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A type of document that no category is about, by id and English name.

    `confidence` (0..1) is the belief in it.
    """

    type: str
    name: str
    confidence: float


@dataclass(frozen=True, slots=True)
class PageVerdict:
    """An engine's answer for one page.

    `scores` follow the question's categories; `no_match_score` (0..1) is the engine's belief
    that none of them fits; together they add up to 1. They and `criteria` are empty for BLANK
    and UNREADABLE pages, which do not vote. `criteria[i][j]` belongs to criterion j of
    category i.

    A model that does not tell how sure it is leaves `scores` and `confidence_source` unset and
    puts the index of its category into `label`; with NO_MATCH there is then no label at all. Such
    a page votes with its label alone: it counts in the agreement, in the segments and, where no
    page has scores, for the document's label, but adds nothing to any score.

    `unfamiliar` are the indices of the categories that the embedded engine knows no type of
    document like; of a page with NO_MATCH `suggestion` is the type that it knows the page to look
    like. `trace` is set by engines that ask a model, `fallback` by those made of several,
    where another one than the first had to answer. `cached` tells that an answer was used again,
    `seen` that it was given on a picture of the page alone.
    """

    outcome: Outcome
    scores: tuple[float, ...] = ()
    criteria: tuple[tuple[CriterionMark, ...], ...] = ()
    no_match_score: float | None = None
    raw_result: str | None = None
    label: int | None = None
    confidence_source: ConfidenceSource | None = None
    trace: ModelTrace | None = None
    fallback: Fallback | None = None
    cached: bool = False
    seen: bool = False
    unfamiliar: tuple[int, ...] = ()
    suggestion: Suggestion | None = None


@dataclass(frozen=True, slots=True)
class EngineIdentity:
    """Which engine answered, for the result's provenance; digests are lower-case sha256 hex.

    `prompt_version` names the words in which a model is asked; empty for engines without one.
    """

    engine: str
    model: str
    lexicon_digest: str
    weights_digest: str
    prompt_version: str = ""


class Purse(Protocol):
    """Pays for calls of a model, out of a budget."""

    def check_time(self) -> None:
        """Raise `Fault` BUDGET_SPENT where the time for calls is over."""

    async def spend(self) -> None:
        """Pay for one call. Raises `Fault` BUDGET_SPENT where nothing is left."""


@dataclass(frozen=True, slots=True)
class Turn:
    """For whom a page is classified: engines with a queue let callers take turns in it.

    After `deadline`, of `time.monotonic`, nobody waits for the answer any more. Every answer of a
    model is paid for out of the `purse`, if there is one, before it is asked for. With `cache` an
    answer that was given to the same `tenant` may be used again. `picture` draws the page, for
    engines that look at it: a PNG or JPEG, None where there is none to be had.
    """

    caller: Hashable = None
    deadline: float | None = None
    purse: Purse | None = None
    tenant: str = ""
    cache: bool = True
    picture: Callable[[], Awaitable[bytes | None]] | None = None


NOBODY = Turn()


class PageClassifier(Protocol):
    """Classify pages; implementations own their processes or connections."""

    @property
    def identity(self) -> EngineIdentity:
        """Name the engine and its data."""

    @property
    def span(self) -> int:
        """Tell how many pages one unit of work should hold."""

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page. Raises `Fault` where the page cannot be answered."""
