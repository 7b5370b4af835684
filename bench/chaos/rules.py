"""What is promised, and for each promise a function that yields its breaches in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from bench.chaos.documents import CATEGORIES, category_of
from bench.chaos.inflight import in_flight, repeated, unexcused

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bench.chaos.evidence import Evidence, Fact, JobSeen


def accepted(evidence: Evidence) -> Iterator[str]:
    """Yield jobs that were not asked for, and requests that made more than one job."""
    for number in range(evidence.planned):
        job = evidence.jobs.get(number)
        if job is None:
            yield f"job {number} was never asked for"
        elif len(job.ids) != 1:
            yield f"job {number} has {len(job.ids)} ids"


def present(evidence: Evidence) -> Iterator[str]:
    """Yield acknowledged jobs that are not there in the end, or not completed."""
    for job in evidence.jobs.values():
        if job.ids and job.found != ["completed"]:
            yield f"job {job.number} is {job.found or 'not to be found'}"
        if "JOB_NOT_FOUND" in job.lost:
            yield f"job {job.number} was told to be unknown"


def finished_once(evidence: Evidence) -> Iterator[str]:
    """Yield jobs without exactly one `finished` at their end."""
    for job in evidence.jobs.values():
        events = job.events
        ends = [sequence for sequence, event in events.items() if event["kind"] == "Finished"]
        if len(ends) != 1:
            yield f"job {job.number} has {len(ends)} finished"
        elif max(events) != ends[0]:
            yield f"job {job.number} goes on after finished"


def page_once(evidence: Evidence) -> Iterator[str]:
    """Yield jobs in which a page has no result, or two."""
    for job in evidence.jobs.values():
        counts = Counter(event["page"] for event in _pages(job))
        wrong = [page for page in range(1, job.pages + 1) if counts[page] != 1]
        if wrong or len(counts) != job.pages:
            yield f"job {job.number}: pages without one result: {wrong or sorted(counts)}"


def fold(evidence: Evidence) -> Iterator[str]:
    """Yield jobs whose `finished` is not what their page events add up to."""
    for job in evidence.jobs.values():
        told = {str(event["page"]): event["result"] for event in _pages(job)}
        for event in job.events.values():
            if event["kind"] == "Finished" and event["status"] != "completed":
                yield f"job {job.number} is {event['status']}: {event['failure']}"
            elif event["kind"] == "Finished" and event["pages"] != told:
                yield f"job {job.number}: finished differs from its page events"


def right(evidence: Evidence) -> Iterator[str]:
    """Yield pages with another answer than the model gave."""
    for job in evidence.jobs.values():
        for event in _pages(job):
            label = CATEGORIES[category_of(job.number, event["page"])]
            if event["label"] != label:
                yield f"job {job.number} page {event['page']}: {event['label']}, not {label}"


def increasing(evidence: Evidence) -> Iterator[str]:
    """Yield durable events that a watcher saw twice or out of order."""
    for job in evidence.jobs.values():
        for watch in job.watches.values():
            last = 0
            for event in watch.durable:
                if event["sequence"] <= last:
                    yield f"{watch.name}: {event['sequence']} after {last}"
                last = max(last, event["sequence"])


def complete(evidence: Evidence) -> Iterator[str]:
    """Yield watchers that saw the end and missed an event."""
    for job in evidence.jobs.values():
        everything = set(job.events)
        for watch in job.watches.values():
            missing = everything - {event["sequence"] for event in watch.durable}
            if watch.whole and missing:
                yield f"{watch.name} missed {sorted(missing)}"


def agreed(evidence: Evidence) -> Iterator[str]:
    """Yield events that differ from what another watcher saw under their sequence."""
    for job in evidence.jobs.values():
        told: dict[int, str] = {}
        for watch in job.watches.values():
            for event in watch.durable:
                if told.setdefault(event["sequence"], event["digest"]) != event["digest"]:
                    yield f"{watch.name}: another event under {event['sequence']}"


def ephemeral(evidence: Evidence) -> Iterator[str]:
    """Yield ephemeral events that tell of a state before one that their watcher had seen."""
    for job in evidence.jobs.values():
        for watch in job.watches.values():
            last = 0
            for event in watch.events:
                if event["sequence"] < last:
                    yield f"{watch.name}: {event['kind']} of {event['sequence']} after {last}"
                last = max(last, event["sequence"])


def paid_once(evidence: Evidence) -> Iterator[str]:
    """Yield pages that were classified again without any call in flight at a kill."""
    for calls in unexcused(evidence):
        yield f"job {calls[0].job} page {calls[0].page} was classified {len(calls)} times"


def bounded(evidence: Evidence) -> Iterator[str]:
    """Yield the run where more calls were made again than were in flight."""
    again = sum(len(calls) - 1 for calls in repeated(evidence))
    flying = sum(in_flight(call, evidence.kills) for call in evidence.calls)
    if again > flying:
        yield f"{again} calls again for {flying} in flight"


def sound(evidence: Evidence) -> Iterator[str]:
    """Yield calls that ended with an error of the server, or with a job being unknown."""
    for fact in evidence.troubles:
        if fact["reason"] in ("INTERNAL", "JOB_NOT_FOUND"):
            yield f"job {fact['job']}: {fact['status']} {fact['reason']}"


def listed(evidence: Evidence) -> Iterator[str]:
    """Yield replicas that do not list every job as completed."""
    jobs = {job_id for job in evidence.jobs.values() for job_id in job.ids}
    for replica, found in evidence.listed.items():
        wrong = [found.get(job_id, "missing") for job_id in jobs]
        for status, count in Counter(wrong).items():
            if status != "completed":
                yield f"{replica} lists {count} jobs as {status}"


def alive(evidence: Evidence) -> Iterator[str]:
    """Yield processes that ended without being killed, and a run that was stopped."""
    for fact in evidence.ended:
        yield f"{fact['victim']} ended by itself: {fact['status']}"
    if not evidence.over:
        yield "the run was stopped before its end"


def _pages(job: JobSeen) -> list[Fact]:
    return [event for event in job.events.values() if event["kind"] == "PageFinished"]


RULES: dict[str, Callable[[Evidence], Iterator[str]]] = {
    "every job was asked for, and every request id made one job": accepted,
    "every acknowledged job is there in the end, and completed": present,
    "every job has exactly one `finished`, and it is the last event": finished_once,
    "every page has exactly one result": page_once,
    "`finished` is what the page events add up to": fold,
    "every page has the answer that the model gave for it": right,
    "a watcher sees each durable event once, in order, whatever its calls went through": increasing,
    "every watcher that saw the end saw all durable events that any saw": complete,
    "all watchers of a job saw the same event under the same sequence": agreed,
    "no event tells of a state before one that its watcher has seen": ephemeral,
    "a page is classified again only where a call for it was in flight at a kill": paid_once,
    "there are no more repeated calls than there were calls in flight at the kills": bounded,
    "no call ended with an error of the server's own, nor with a job being unknown": sound,
    "every replica lists every job as completed": listed,
    "no process ended that was not killed, and the run came to its end": alive,
}
