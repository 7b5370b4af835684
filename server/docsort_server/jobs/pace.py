"""How fast engines were of late in this process."""

from __future__ import annotations

import math
import time
from collections import deque
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

# Spans that are remembered of each engine, for how many seconds, and how many tell something.
_REMEMBERED, _FRESH, LEAST_SPANS = 200, 3_600.0, 3
# Shares of the spans that are left out at either end: a stall says nothing of the next job.
_LOW, _HIGH = 0.1, 0.9


@dataclass(frozen=True, slots=True)
class _Sample:
    """One span: when it ended, its seconds a page, and how many were in hand with it."""

    ended: float
    page_seconds: float
    together: int


class Timing:
    """The pages of one span that were answered, when the last was, and how many spans ran."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self.pages = 0
        self.together = 1
        self.start = self.last = clock()

    def answered(self) -> None:
        """Count a page."""
        self.pages += 1
        self.last = self._clock()

    def sample(self) -> _Sample:
        """Return what is remembered of a span of which any page was answered."""
        return _Sample(self.last, (self.last - self.start) / self.pages, self.together)


class Paces:
    """Remember the latest spans of pages by engine; reading the pages is part of their time."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._samples: dict[str, deque[_Sample]] = {}
        self._in_hand: dict[str, list[Timing]] = {}

    @contextmanager
    def timed(self, engine: str) -> Iterator[Timing]:
        """Time the work on a span, of which each page that is answered has to be counted.

        The end of a job cancels its last span while that tidies up, so what counts is the answers.
        """
        timing = Timing(self._clock)
        in_hand = self._in_hand.setdefault(engine, [])
        in_hand.append(timing)
        for each in in_hand:
            each.together = max(each.together, len(in_hand))
        try:
            yield timing
        finally:
            in_hand.remove(timing)
            if timing.pages:
                self._samples.setdefault(engine, deque(maxlen=_REMEMBERED)).append(timing.sample())

    def seconds(self, engine: str, pages: int, *, span: int, places: int) -> tuple[float, float]:
        """Return the least and the most that so many pages will take.

        At the least `places` spans of `span` pages run side by side, each as fast as the quickest;
        at the most so many as have done of late. Raises LookupError with the reason where too
        little is known.
        """
        since = self._clock() - _FRESH
        fresh = [each for each in self._samples.get(engine, ()) if each.ended >= since]
        if len(fresh) < LEAST_SPANS:
            raise LookupError(
                f"The engine {engine} has worked on {len(fresh)} spans of pages here within the "
                f"last hour; {LEAST_SPANS} tell how fast it is."
            )
        alone = sorted(each.page_seconds for each in fresh)
        shared = sorted(each.page_seconds / each.together for each in fresh)
        side_by_side = max(1, min(places, math.ceil(pages / span)))
        quick, slow = _at(alone, _LOW), _at(alone, _HIGH)
        least = quick * pages / side_by_side
        most = max(_at(shared, _HIGH) * pages, slow * min(pages, span))
        return min(least, most), most


def _at(ordered: list[float], share: float) -> float:
    return ordered[round(share * (len(ordered) - 1))]
