"""How fast engines were of late, and what follows for the next job."""

from __future__ import annotations

import pytest

from docsort_server.jobs.pace import LEAST_SPANS, Paces


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def worked(paces: Paces, clock: Clock, *, pages: int = 1, seconds: float = 1.0) -> None:
    """Work on one span, by itself."""
    with paces.timed("engine") as timing:
        for _ in range(pages):
            clock.now += seconds
            timing.answered()


def cut(paces: Paces, clock: Clock, answered: int) -> None:
    """Work on a span that is cut long after its last answer."""
    with paces.timed("engine") as timing:
        for _ in range(answered):
            clock.now += 1.0
            timing.answered()
        clock.now += 100.0
        raise TimeoutError


def test_too_few_spans_tell_nothing() -> None:
    """The reason names the engine, and how many are needed."""
    clock = Clock()
    paces = Paces(clock)
    for _ in range(LEAST_SPANS - 1):
        worked(paces, clock)
    with pytest.raises(LookupError, match=r"engine has worked on 2 spans .* 3 tell"):
        paces.seconds("engine", 10, span=1, places=4)


def test_bounds_lie_between_side_by_side_and_one_by_one() -> None:
    """At the least all places are used, at the most as many as were of late: here one."""
    clock = Clock()
    paces = Paces(clock)
    for _ in range(LEAST_SPANS):
        worked(paces, clock)
    assert paces.seconds("engine", 10, span=1, places=5) == (2.0, 10.0)
    assert paces.seconds("engine", 3, span=16, places=5) == (3.0, 3.0)


def test_spans_that_ran_together_shorten_the_most() -> None:
    """What was worked on side by side will be again."""
    clock = Clock()
    paces = Paces(clock)
    for _ in range(2):
        with paces.timed("engine") as one, paces.timed("engine") as other:
            clock.now += 1.0
            one.answered()
            other.answered()
    assert paces.seconds("engine", 10, span=1, places=2) == (5.0, 5.0)


def test_a_span_that_is_cut_counts_by_its_answers() -> None:
    """The end of a job cancels its last span; one without an answer tells nothing."""
    clock = Clock()
    paces = Paces(clock)
    for answered in (2, 2, 2, 0):
        with pytest.raises(TimeoutError):
            cut(paces, clock, answered)
    assert paces.seconds("engine", 4, span=2, places=1) == (4.0, 4.0)


def test_old_spans_are_forgotten() -> None:
    """An hour later the machine may be another."""
    clock = Clock()
    paces = Paces(clock)
    for _ in range(LEAST_SPANS):
        worked(paces, clock)
    clock.now += 3_601.0
    with pytest.raises(LookupError, match="worked on 0 spans"):
        paces.seconds("engine", 1, span=1, places=1)
