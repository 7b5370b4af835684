"""Which calls of the model were in flight at a kill, and which pages were paid twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bench.chaos.evidence import by_page

if TYPE_CHECKING:
    from collections.abc import Iterable

    from bench.chaos.evidence import Call, Evidence, Kill

# Seconds from the model's answer until the result is in the log, which a busy disk holds up.
APPEND = 0.5
# Seconds from a task's delivery until the model is asked for its page: the document is fetched and
# the page read in between.
READ = 0.5


def in_flight(call: Call, kills: Iterable[Kill]) -> bool:
    """Tell whether a kill could make a call be made again.

    The kill of a docsort process concerns its own calls, from their start until the result is in
    the log. One of the engine concerns all calls. What is called while the engine is away belongs
    to a task that was delivered before, and nothing can be appended before its return.
    """
    return any(
        _lost_with_process(call, kill) if kill.kind == "server" else _lost_with_engine(call, kill)
        for kill in kills
    )


def _lost_with_process(call: Call, kill: Kill) -> bool:
    return (
        call.process in kill.victims and call.start <= kill.gone and kill.since <= call.end + APPEND
    )


def _lost_with_engine(call: Call, kill: Kill) -> bool:
    return call.start <= kill.back + READ and kill.since <= call.end + APPEND


def repeated(evidence: Evidence) -> list[list[Call]]:
    """Return the calls of each page that was classified more than once."""
    return [calls for calls in by_page(evidence.calls).values() if len(calls) > 1]


def unexcused(evidence: Evidence) -> list[list[Call]]:
    """Return those of which more calls were made than were in flight at kills, and one."""
    return [
        calls
        for calls in repeated(evidence)
        if len(calls) - 1 > sum(in_flight(call, evidence.kills) for call in calls[:-1])
    ]
