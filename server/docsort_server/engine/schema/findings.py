"""Findings about categories, as data."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

# Findings that are told; a set with more has the same trouble in many places.
MOST = 200


class Severity(IntEnum):
    """How much a finding matters, as `docsort.v1.Severity` has it."""

    NOTE = 1
    WARNING = 2
    ERROR = 3


class Kind(StrEnum):
    """What a finding is about; the names equal those of `docsort.v1.FindingKind`."""

    DUPLICATE_CATEGORIES = "DUPLICATE_CATEGORIES"
    OVERLAPPING_CATEGORIES = "OVERLAPPING_CATEGORIES"
    NESTED_CATEGORIES = "NESTED_CATEGORIES"
    VAGUE_CATEGORY = "VAGUE_CATEGORY"
    CATEGORY_UNFAMILIAR = "CATEGORY_UNFAMILIAR"
    SHARED_PREFIX = "SHARED_PREFIX"
    MISSING_CATCH_ALL = "MISSING_CATCH_ALL"
    DUPLICATE_CRITERIA = "DUPLICATE_CRITERIA"
    CONTRADICTING_CRITERIA = "CONTRADICTING_CRITERIA"
    SHARED_CRITERION = "SHARED_CRITERION"
    UNTESTABLE_CRITERION = "UNTESTABLE_CRITERION"
    VAGUE_CRITERION = "VAGUE_CRITERION"
    CRITERION_NEVER_MET = "CRITERION_NEVER_MET"
    CRITERION_ALWAYS_MET = "CRITERION_ALWAYS_MET"
    SAMPLE_ELSEWHERE = "SAMPLE_ELSEWHERE"
    EXTREME_THRESHOLD = "EXTREME_THRESHOLD"
    QUALIFIER_NOT_TESTED = "QUALIFIER_NOT_TESTED"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A category or, with `criterion`, one of its criteria; or a sample. Numbers count from 0."""

    category: int = -1
    criterion: int = -1
    sample: int = -1


@dataclass(frozen=True, slots=True)
class Finding:
    """Something about the categories that is worth a look; without places it is about the set."""

    kind: Kind
    severity: Severity
    places: tuple[Place, ...]
    reason: str
    suggestion: str


@dataclass(frozen=True, slots=True)
class Report:
    """The gravest findings of a set of categories, at most `MOST`, and how many more there are."""

    findings: tuple[Finding, ...]
    omitted: int = 0


def quoted(text: str) -> str:
    """Return a caller's text within a sentence."""
    return f"\u201c{text.strip()}\u201d"
