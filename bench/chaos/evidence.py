"""The records of a run, read back: jobs as their watchers saw them, calls of the model, kills."""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.chaos.records import CLIENTS, KILLS, MODEL, read

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Fact = dict[str, Any]
# Seconds for which a leader that stood still takes itself for the leader: two heartbeats.
DEPOSED = 2.0
DURABLE = frozenset({"Accepted", "PageFinished", "Finished"})


@dataclass(slots=True)
class Watch:
    """What one watcher saw of a job, over all of its calls."""

    name: str
    calls: int = 0
    events: list[Fact] = field(default_factory=list)
    # What each of its calls asked to be told after.
    after: dict[int, int] = field(default_factory=dict)

    @property
    def durable(self) -> list[Fact]:
        """The events that are replayed."""
        return [event for event in self.events if event["kind"] in DURABLE]

    @property
    def whole(self) -> bool:
        """Whether it saw the end."""
        return any(event["kind"] == "Finished" for event in self.events)


@dataclass(slots=True)
class JobSeen:
    """All that callers know of one job."""

    number: int
    pages: int
    asked: float
    ids: set[str] = field(default_factory=set)
    found: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    watches: dict[str, Watch] = field(default_factory=dict)

    @property
    def events(self) -> dict[int, Fact]:
        """Its durable events by sequence, as any watcher saw them."""
        told = (event for watch in self.watches.values() for event in watch.durable)
        return {event["sequence"]: event for event in told}

    @property
    def seconds(self) -> float:
        """How long it took from the asking to the first sight of its end."""
        told = (event for watch in self.watches.values() for event in watch.durable)
        ends = [event["time"] for event in told if event["kind"] == "Finished"]
        return min(ends, default=math.inf) - self.asked


@dataclass(frozen=True, slots=True)
class Call:
    """A call of the model; `end` is infinite where no answer was given."""

    job: int
    page: int
    process: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Kill:
    """What was done to whom.

    `since` is when the kill began, `gone` when it was over; `back` when the engine had a leader
    again, after a kill of it.
    """

    kind: str
    victims: tuple[str, ...]
    since: float
    gone: float
    back: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was seen."""

    jobs: dict[int, JobSeen]
    calls: list[Call]
    kills: list[Kill]
    troubles: list[Fact]
    ended: list[Fact]
    listed: dict[str, dict[str, str]]
    planned: int
    seconds: float
    over: bool


def load(folder: Path) -> Evidence:
    """Read a run's records."""
    told = list(read(folder / CLIENTS))
    done = list(read(folder / KILLS)) if (folder / KILLS).exists() else []
    begun = next((fact for fact in told if fact["what"] == "begun"), None)
    return Evidence(
        jobs=_jobs(told),
        calls=_calls(read(folder / MODEL)),
        kills=_kills(done),
        troubles=[fact for fact in told if fact["what"] in ("left", "refused")],
        ended=[fact for fact in done if fact["what"] == "ended"],
        listed={fact["replica"]: fact["jobs"] for fact in told if fact["what"] == "listed"},
        planned=begun["jobs"] if begun else 0,
        seconds=told[-1]["time"] - told[0]["time"] if told else 0.0,
        over=any(fact["what"] == "over" for fact in told),
    )


def _jobs(facts: Iterable[Fact]) -> dict[int, JobSeen]:
    jobs: dict[int, JobSeen] = {}
    for fact in facts:
        match fact["what"]:
            case "asked":
                jobs[fact["job"]] = JobSeen(fact["job"], fact["pages"], fact["time"])
            case "accepted":
                jobs[fact["job"]].ids.add(fact["job_id"])
            case "found":
                jobs[fact["job"]].found.append(fact["status"])
            case "lost":
                jobs[fact["job"]].lost.append(fact["reason"])
            case "watch" | "event":
                _watched(jobs[fact["job"]], fact)
            case _:
                pass
    return jobs


def _watched(job: JobSeen, fact: Fact) -> None:
    watch = job.watches.setdefault(fact["watcher"], Watch(fact["watcher"]))
    if fact["what"] == "watch":
        watch.calls += 1
        watch.after[fact["call"]] = fact["after"]
    else:
        watch.events.append(fact)
        job.ids.add(fact["job_id"])


def _calls(facts: Iterable[Fact]) -> list[Call]:
    asked: dict[int, Fact] = {}
    answered: dict[int, float] = {}
    for fact in facts:
        if fact["what"] == "call":
            asked[fact["call"]] = fact
        else:
            answered[fact["call"]] = fact["time"]
    return [
        Call(
            fact["job"], fact["page"], fact["process"], fact["time"], answered.get(number, math.inf)
        )
        for number, fact in asked.items()
    ]


def _kills(facts: list[Fact]) -> list[Kill]:
    backs = [fact["time"] for fact in facts if fact["what"] == "back"]
    return [
        Kill(fact["kind"], tuple(fact["victims"]), fact["since"], fact["time"], _back(fact, backs))
        for fact in facts
        if fact["what"] == "kill"
    ]


def _back(kill: Fact, backs: list[float]) -> float:
    if kill["kind"] == "thaw":
        return float(kill["time"]) + DEPOSED
    return min((back for back in backs if back > kill["time"]), default=math.inf)


def by_page(calls: Iterable[Call]) -> dict[tuple[int, int], list[Call]]:
    """Return the calls of each page in the order they came."""
    found: defaultdict[tuple[int, int], list[Call]] = defaultdict(list)
    for call in sorted(calls, key=lambda each: each.start):
        found[call.job, call.page].append(call)
    return found
