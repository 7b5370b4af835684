"""How what a criterion compares ended on a page."""

from __future__ import annotations

from enum import Enum
from typing import NamedTuple

from docsort_server.engine.local.criteria.values import Grade


class Holds(Enum):
    """Whether a value is as asked; OPEN where it is not found or cannot be read."""

    YES = "yes"
    LIKELY = "likely"  # of several values that disagree the likeliest is
    OPEN = "open"
    UNLIKELY = "unlikely"
    NO = "no"


class Outcome(NamedTuple):
    """How a trial ended: how plainly the value is given, and its line, -1 for none."""

    grade: Grade
    holds: Holds
    line: int


# Where a value is not found.
MISSING = Outcome(Grade.NOTHING, Holds.OPEN, -1)


def plain(holds: bool | None) -> Holds:
    """Return what the verdict on the only value there is comes to."""
    return {True: Holds.YES, False: Holds.NO, None: Holds.OPEN}[holds]


def doubted(holds: bool | None) -> Holds:
    """Return what the verdict on the likeliest of several values comes to."""
    return {True: Holds.LIKELY, False: Holds.UNLIKELY, None: Holds.OPEN}[holds]
