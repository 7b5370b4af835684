"""What a file is taken apart into, and what its answers fall short of.

As in `_models`, the comments in the `.proto` files say what each field means.
"""

from dataclasses import dataclass

from docsort._enums import Bound, BoundaryReason, Outcome, Verdict


@dataclass(frozen=True, slots=True)
class Shortfall:
    """Tell which bound an ambiguous answer does not reach; numbers are 0 to 1.

    `reached` is below 0 where the answer has to lead `no_match_score`, which is higher.
    """

    bound: Bound = Bound.UNSPECIFIED
    required: float = 0.0
    reached: float = 0.0


@dataclass(frozen=True, slots=True)
class CriterionConfidence:
    """Judge one criterion over a whole document, or a segment of it."""

    criterion: str
    confidence: Verdict = Verdict.UNSPECIFIED


@dataclass(frozen=True, slots=True)
class Segment:
    """Name a run of pages that belong together, both ends included."""

    first_page: int
    last_page: int
    classification: str | None = None
    confidence: float | None = None
    boundary_reason: BoundaryReason = BoundaryReason.UNSPECIFIED
    outcome: Outcome = Outcome.UNSPECIFIED
    shortfall: Shortfall | None = None
    attachment_name: str = ""
    criteria_confidence: tuple[CriterionConfidence, ...] = ()


@dataclass(frozen=True, slots=True)
class RevisedPage:
    """Answer for a page among its neighbours, where that is another than for the page alone."""

    page: int
    classification: str | None = None
    confidence: float | None = None
    outcome: Outcome = Outcome.UNSPECIFIED
    no_match_score: float | None = None
    shortfall: Shortfall | None = None
