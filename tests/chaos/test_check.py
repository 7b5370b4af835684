"""The checker finds every breach that a record can hold, and none where there is none."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from made_up_run import ACCEPTED, FINISHED, FIRST, MadeUp, call, kill, sound
from source_tree import ROOT

from bench.chaos import rules
from bench.chaos.evidence import load

Breach = Callable[[MadeUp], object]


def broken(made: MadeUp, folder: Path) -> set[str]:
    """Return the names of the rules that find something."""
    evidence = load(made.save(folder))
    return {find.__name__ for find in rules.RULES.values() if list(find(evidence))}


def first(made: MadeUp, what: str, **wanted: object) -> dict[str, object]:
    """Return the first of the clients' facts."""
    return made.told(what, **wanted)[0]


def page(made: MadeUp) -> dict[str, object]:
    """Return a watcher's sight of a page."""
    return first(made, "event", watcher="0-a", sequence=FIRST)


def both(made: MadeUp, sequence: int, **facts: object) -> None:
    """Change what both watchers of the first job saw."""
    for event in made.told("event", job=0, sequence=sequence):
        event.update(facts)


def no_end(made: MadeUp) -> None:
    """Let nobody see the end of the first job."""
    for event in made.told("event", job=0, kind="Finished"):
        made.drop(event)


def end_twice(made: MadeUp) -> None:
    """Let one watcher see another end."""
    end = first(made, "event", watcher="0-a", sequence=FINISHED)
    made.clients.append({**end, "sequence": FINISHED + 1, "digest": "another"})


def page_twice(made: MadeUp) -> None:
    """Give the second page's event the number of the first."""
    both(made, FIRST + 1, page=1)


def late_page(made: MadeUp) -> None:
    """Give the end the lowest sequence of all."""
    for event in made.told("event", job=0, sequence=FINISHED):
        event.update(sequence=ACCEPTED + 1)


def lost_page(made: MadeUp) -> None:
    """Let neither watcher see the first page."""
    for event in made.told("event", job=0, sequence=FIRST):
        made.drop(event)


def repeated_event(made: MadeUp) -> None:
    """Let a resumed watcher see what it had seen."""
    made.clients.append({**page(made), "call": 2})


def stale_progress(made: MadeUp) -> None:
    """Let a resumed watcher be told of an earlier state."""
    progress = first(made, "event", watcher="0-a", kind="Progress")
    made.clients.append({**progress, "call": 2, "sequence": ACCEPTED})


def process_ended(made: MadeUp) -> None:
    """Let a process end that nobody killed."""
    made.kills.append({"what": "ended", "time": 60.0, "victim": "docsort-1", "status": 1})


# What is changed in a sound record, and the rules that must find it.
BREACHES: dict[str, tuple[Breach, set[str]]] = {
    "job without an answer": (
        lambda made: made.clients[0].update(jobs=3),
        {"accepted"},
    ),
    "two jobs of one request": (
        lambda made: first(made, "accepted").update(job_id="other"),
        {"accepted", "listed"},
    ),
    "job lost": (lambda made: made.drop(first(made, "found")), {"present"}),
    "job not completed": (lambda made: first(made, "found").update(status="failed"), {"present"}),
    "no end": (no_end, {"finished_once"}),
    "two ends": (end_twice, {"finished_once", "complete"}),
    "an event after the end": (late_page, {"finished_once", "increasing", "ephemeral"}),
    "a page without a result": (lost_page, {"page_once", "fold"}),
    "a page with two results": (page_twice, {"page_once", "fold", "right"}),
    "an end that differs from its pages": (
        lambda made: both(made, FIRST, result="another"),
        {"fold"},
    ),
    "a failed job": (
        lambda made: both(made, FINISHED, status="failed", failure="INTERNAL"),
        {"fold"},
    ),
    "a page with the answer of another": (lambda made: both(made, FIRST, label="?"), {"right"}),
    "an event seen twice": (repeated_event, {"increasing", "ephemeral"}),
    "an event that one watcher missed": (
        lambda made: made.drop(page(made)),
        {"complete"},
    ),
    "an event that differs between watchers": (
        lambda made: page(made).update(digest="another"),
        {"agreed"},
    ),
    "a state from before": (stale_progress, {"ephemeral"}),
    "an error of the server": (
        lambda made: first(made, "left").update(status="INTERNAL", reason="INTERNAL"),
        {"sound"},
    ),
    "a job told to be unknown": (
        lambda made: first(made, "left").update(status="NOT_FOUND", reason="JOB_NOT_FOUND"),
        {"sound"},
    ),
    "a replica that lists too little": (
        lambda made: first(made, "listed").update(jobs={"id-0": "completed"}),
        {"listed"},
    ),
    "a process that ended": (process_ended, {"alive"}),
    "a run that was stopped": (lambda made: made.clients.pop(), {"alive"}),
    "a page classified again": (
        lambda made: call(made, 0, 1, 30.0),
        {"paid_once", "bounded"},
    ),
}


def test_a_sound_record_breaks_nothing(tmp_path: Path) -> None:
    """Two jobs, two watchers each, a kill that hit nothing."""
    assert broken(sound(), tmp_path) == set()


@pytest.mark.parametrize("name", BREACHES)
def test_a_breach_is_found(name: str, tmp_path: Path) -> None:
    """By the rules that it breaks, and by no others."""
    change, expected = BREACHES[name]
    made = sound()
    change(made)
    assert broken(made, tmp_path) == expected


def test_every_rule_is_broken_by_some_record() -> None:
    """A rule that no breach tests could be one that never finds anything."""
    tested = set().union(*(expected for _, expected in BREACHES.values()))
    assert {find.__name__ for find in rules.RULES.values()} == tested


@pytest.mark.parametrize(
    ("kind", "victim", "excused"),
    [("server", "docsort-1", True), ("server", "docsort-2", False), ("engine", "nats-1", True)],
)
def test_a_repeat_needs_a_kill_of_its_own(
    kind: str, victim: str, excused: bool, tmp_path: Path
) -> None:
    """A call in flight at a kill may be made again, that of another process's may not."""
    made = sound()
    # The first call for page 1 goes from second 2 to second 3.
    made.kills.append(kill(kind, victim, 2.5))
    made.kills.append({"what": "back", "time": 3.5})
    call(made, 0, 1, 30.0)
    assert ("paid_once" not in broken(made, tmp_path)) is excused


def test_the_verdict_is_told_and_is_the_exit_code(tmp_path: Path) -> None:
    """0 with a sentence where all is well, 1 with the promise and the breach where it is not."""
    command = [sys.executable, str(ROOT / "bench/chaos/check.py"), str(tmp_path)]
    made = sound()
    made.save(tmp_path)
    well = subprocess.run(command, capture_output=True, check=False, text=True)
    assert (well.returncode, well.stderr) == (0, "")
    assert "verdict: every promise was kept" in well.stdout
    lost_page(made)
    made.save(tmp_path)
    ill = subprocess.run(command, capture_output=True, check=False, text=True)
    assert ill.returncode == 1
    assert "every page has exactly one result" in ill.stdout.partition("BROKEN 1")[2]
    assert "job 0: pages without one result: [1]" in ill.stdout
