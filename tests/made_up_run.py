"""Records of a run that never was, without any breach, to be changed by a test."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bench.chaos.documents import CATEGORIES, category_of
from bench.chaos.records import CLIENTS, KILLS, MODEL

if TYPE_CHECKING:
    from pathlib import Path

Fact = dict[str, Any]
PAGES = 3
# Sequences of the events of each job: they may skip.
ACCEPTED, FIRST, FINISHED = 1, 4, 9


@dataclass(slots=True)
class MadeUp:
    """The facts of each file."""

    clients: list[Fact] = field(default_factory=list)
    model: list[Fact] = field(default_factory=list)
    kills: list[Fact] = field(default_factory=list)

    def told(self, what: str, **wanted: object) -> list[Fact]:
        """Return the clients' facts of a kind with these values."""
        return [
            fact for fact in self.clients if fact["what"] == what and wanted.items() <= fact.items()
        ]

    def drop(self, fact: Fact) -> None:
        """Take a client's fact away."""
        self.clients = [each for each in self.clients if each is not fact]

    def save(self, folder: Path) -> Path:
        """Write the files."""
        files = {CLIENTS: self.clients, MODEL: self.model, KILLS: self.kills}
        for name, facts in files.items():
            (folder / name).write_text("".join(f"{json.dumps(fact)}\n" for fact in facts))
        return folder


def sound(jobs: int = 2) -> MadeUp:
    """Return a run of jobs with two watchers each, one of which resumed, and a kill."""
    made = MadeUp()
    made.clients.append({"what": "begun", "time": 0.0, "jobs": jobs})
    for job in range(jobs):
        _job(made, job)
    made.kills.append(kill("server", "docsort-1", 50.0))
    listed = {f"id-{job}": "completed" for job in range(jobs)}
    made.clients.append({"what": "listed", "time": 99.0, "replica": "docsort-1", "jobs": listed})
    made.clients.append({"what": "over", "time": 100.0})
    return made


def kill(kind: str, victim: str, when: float) -> Fact:
    """Return a kill that took a tenth of a second."""
    return {
        "what": "kill",
        "kind": kind,
        "victims": [victim],
        "since": when,
        "time": when + 0.1,
    }


def call(made: MadeUp, job: int, page: int, start: float, process: str = "docsort-1") -> None:
    """Add a call of the model that takes a second."""
    number = len(made.model)
    asked = {"what": "call", "time": start, "call": number, "process": process}
    made.model.append({**asked, "job": job, "page": page})
    made.model.append({"what": "answer", "time": start + 1.0, "call": number})


def _job(made: MadeUp, job: int) -> None:
    facts = {"job": job, "time": 1.0}
    made.clients.append({"what": "asked", "request_id": f"r-{job}", "pages": PAGES, **facts})
    made.clients.append({"what": "accepted", "job_id": f"id-{job}", **facts})
    for name in ("a", "b"):
        watcher = {"watcher": f"{job}-{name}", "call": 1, **facts}
        made.clients.append({"what": "watch", "after": 0, **watcher})
        for event in _events(job):
            made.clients.append({"what": "event", "job_id": f"id-{job}", **watcher, **event})
        made.clients.append({"what": "left", "status": "OK", "reason": "", **watcher})
    for page in range(1, PAGES + 1):
        call(made, job, page, 2.0 * page)
    made.clients.append({"what": "found", "status": "completed", **facts})


def _events(job: int) -> list[Fact]:
    numbers = range(1, PAGES + 1)
    pages = [
        {
            "kind": "PageFinished",
            "sequence": FIRST + page - 1,
            "page": page,
            "label": CATEGORIES[category_of(job, page)],
            "result": f"result {page}",
        }
        for page in numbers
    ]
    results = {str(page): f"result {page}" for page in numbers}
    end = {"kind": "Finished", "sequence": FINISHED, "status": "completed", "failure": ""}
    found = [
        {"kind": "Accepted", "sequence": ACCEPTED},
        *pages,
        {"kind": "Progress", "sequence": FIRST + PAGES - 1},
        {**end, "pages": results},
    ]
    return [{**event, "digest": f"{job}/{event['sequence']}"} for event in found]
