"""The protocols that a job store implements, and the values they exchange.

A store moves opaque bytes under names; it knows nothing of documents, pages or results. One
contract test suite runs on every implementation.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Callable, Collection
    from contextlib import AbstractAsyncContextManager

    from docsort_server.jobs.store.shared import AnswerCache, Cell

# The lanes of the queue, the most urgent first.
LANES = ("high", "normal", "background")
# The slot that is written when a job is purged: the end of its log.
GONE = "gone"


@dataclass(frozen=True, slots=True)
class JobKey:
    """A job within its tenant; both parts are lower-case letters, digits, `-` and `_`."""

    tenant: str
    job_id: str


@dataclass(frozen=True, slots=True)
class Record:
    """One slot of a job's log.

    `position` rises over the whole store, so within a job it is strictly increasing with gaps.
    `time` is seconds since the epoch. `pending` tells that more records of this job were
    waiting when this one was read.
    """

    position: int
    time: float
    slot: str
    body: bytes
    pending: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A record and the job that it is of; whether more are `pending` is not told here."""

    key: JobKey
    record: Record


@dataclass(frozen=True, slots=True)
class LogExtent:
    """Which log it is, and how far back and forth it reaches.

    `identity` is that of no other log, so a position means nothing under another one. Nothing that
    was written after `complete_after` was forgotten before its time; `last` is the last position.
    """

    identity: str
    complete_after: int
    last: int


# The kinds of tasks that are spans of pages.
SPANS = ("page", "model")


@dataclass(frozen=True, slots=True)
class Task:
    """A unit of work: a job (`kind` "job", empty span) or a span of its pages.

    Those have the kind "page", or "model" where their engine works elsewhere: tasks that wait for
    others are not to stand before those that wait for processes here.

    `lane` is "high", "normal" or "background"; consumers take higher lanes first.
    """

    kind: str
    lane: str
    key: JobKey
    span: str = ""


@dataclass(frozen=True, slots=True)
class IndexChange:
    """What last happened to a job's summary: it was written, or deleted (`body` is None).

    `position` rises over the whole index.
    """

    position: int
    key: JobKey
    body: bytes | None


class Delivery(Protocol):
    """A task in the hands of a consumer, who settles it with `ack` or `nak`."""

    @property
    def task(self) -> Task:
        """The task."""

    @property
    def attempt(self) -> int:
        """How often the task was delivered, this time included."""

    @property
    def held(self) -> bool:
        """Whether the task is surely nobody else's: False once it may have been given away."""

    async def ack(self) -> None:
        """Settle the task: it is done and gone."""

    async def nak(self) -> None:
        """Give the task back for another delivery."""

    async def in_progress(self) -> None:
        """Ask for more time; without a sign of life the task is delivered again."""


class JobLog(Protocol):
    """Append-only logs, one per job, made of slots that are written at most once."""

    async def append(self, key: JobKey, slot: str, body: bytes, *, ttl: float) -> int | None:
        """Write an empty slot and return its position; None when the slot is taken.

        The record is forgotten after `ttl` seconds.
        """

    async def append_after(
        self, key: JobKey, slot: str, body: bytes, *, last: int, ttl: float
    ) -> int | None:
        """Write an empty slot if `last` is the job's last position; None when it is not."""

    async def read(self, key: JobKey, slot: str) -> Record | None:
        """Return a slot's record; None while it is empty."""

    async def taken(self, key: JobKey, slots: Collection[str]) -> set[str]:
        """Return those of some slots that are written."""

    def tail(
        self, key: JobKey, *, after: int = 0, idle: float | None = None
    ) -> AsyncGenerator[Record | None, None]:
        """Yield the records after a position, then new ones as they come, for ever.

        Yields None whenever nothing came for `idle` seconds. Ends when the job is purged.
        """

    def feed(
        self,
        slots: frozenset[str],
        *,
        tenant: str | None = None,
        after: int | None = None,
        idle: float | None = None,
    ) -> AsyncGenerator[Written | None, None]:
        """Yield what is written in `slots` over all jobs, or a tenant's, in order, for ever.

        After a position, 0 for all that is left, or from now on. What has expired is left out.
        Yields None whenever nothing came for `idle` seconds. `slots` are names of one part: of
        `p.1` and its like there are too many. Raises `Fault` EVENTS_EXPIRED where something was
        forgotten before its time and before it was read.
        """

    async def extent(self) -> LogExtent:
        """Return which log this is and which positions it holds."""

    async def purge(self, key: JobKey, word: bytes = b"") -> None:
        """Forget a job's log; unknown jobs are ignored.

        Feeds find `word` in the slot `GONE`, for longer than any job is kept. A purge that broke
        off may be repeated: there is one record of it.
        """


class TaskQueue(Protocol):
    """Work to be done, each task delivered to one consumer at a time."""

    async def put(self, task: Task) -> bool:
        """Queue a task unless an equal one is unsettled; tell whether it was queued."""

    def consume(self, kind: str, *, credit: int) -> AsyncGenerator[Delivery, None]:
        """Yield tasks of a kind, at most `credit` of them unsettled at a time, for ever."""

    async def purge(self, key: JobKey) -> None:
        """Drop a job's queued page tasks."""


@dataclass(frozen=True, slots=True)
class StoredDocument:
    """A document that is kept: its bytes, and when it is forgotten in seconds since the epoch."""

    size: int
    expire_time: float


class DocumentStore(Protocol):
    """Documents by key. Equal keys mean equal content."""

    async def put(
        self, key: str | Callable[[], str], chunks: AsyncIterable[bytes], *, ttl: float
    ) -> StoredDocument:
        """Store a document for `ttl` seconds; one of that key that ends later is left as it is.

        A key that follows from the content is given as a function, which is asked once the
        chunks have come. Nothing is stored where it, or `chunks`, raises.
        """

    async def extend(self, key: str, *, ttl: float) -> StoredDocument | None:
        """Keep a document for `ttl` seconds from now, or as long as before if that is longer.

        None where there is none, or where that takes its bytes again.
        """

    async def facts(self, key: str) -> StoredDocument | None:
        """Tell of a document; None where there is none."""

    def get(self, key: str) -> AsyncGenerator[bytes, None]:
        """Yield a document's chunks. Raises KeyError for an unknown key, or once it is gone."""

    async def delete(self, key: str) -> bool:
        """Forget a document; tell whether there was one."""


class JobIndex(Protocol):
    """Small facts about jobs that may be lost: summaries, and leases that keep jobs alive."""

    async def put(self, key: JobKey, body: bytes, *, ttl: float, new: bool = False) -> None:
        """Write a job's summary over the one before; a `new` one only where there is none."""

    async def get(self, key: JobKey) -> bytes | None:
        """Return a job's summary; None when there is none."""

    async def delete(self, key: JobKey) -> None:
        """Forget a job's summary and lease."""

    def watch(self, tenant: str, *, after: int = 0) -> AsyncGenerator[IndexChange | None, None]:
        """Yield the last change of each job after a position, then new ones as they come, for ever.

        Yields None once, when it has caught up. Of several changes of a job that come faster than
        they are read, only the last one may be seen. A summary that expires makes no change.
        """

    async def hold(self, key: JobKey, *, ttl: float) -> None:
        """Set or renew the lease of a job for `ttl` seconds from now."""

    async def held(self, key: JobKey) -> bool:
        """Tell whether the lease of a job is running."""


def events_expired() -> Fault:
    """Return the fault for a feed that cannot go on where it was."""
    message = "What came after this token is not known any more; list the jobs and watch anew."
    return Fault(Reason.EVENTS_EXPIRED, message)


class StoreError(Exception):
    """A store cannot be opened; the text says why."""


@dataclass(frozen=True, slots=True)
class Store:
    """One implementation of them all, opened together; the `cache` only where it has any room.

    `cell` returns the shared value of a name. A `durable` store outlives the process. A store that
    can be away waits for its return, which suits work in the background; its `hurried` view raises
    `Fault` OVERLOADED instead, within seconds, for callers who wait for an answer. `answers` asks
    such a store whether it is there; `room_for` keeps room for a new job of so many bytes
    while its block writes that, or raises `Fault` OVERLOADED.
    """

    log: JobLog
    queue: TaskQueue
    documents: DocumentStore
    index: JobIndex
    cell: Callable[[str], Cell]
    cache: AnswerCache | None = None
    durable: bool = False
    hurried: Store | None = None
    answers: Callable[[], Awaitable[bool]] | None = None
    room_for: Callable[[int], AbstractAsyncContextManager[None]] | None = None
