"""The store implementations that the contract suite runs on, each with a way to pass time."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from docsort_server.jobs.store.memory import open_store
from docsort_server.jobs.store.protocols import JobKey, Store, Task

# Seconds until an unsettled task is delivered again.
ACK_WAIT = 0.05


@dataclass(frozen=True, slots=True)
class StoreCase:
    """An empty store; `pass_time` returns once so many seconds have passed for it."""

    store: Store
    pass_time: Callable[[float], Awaitable[None]]


def memory() -> StoreCase:
    """Open the memory store on a clock that only the test moves."""
    now = [0.0]

    async def pass_time(seconds: float) -> None:
        now[0] += seconds

    return StoreCase(open_store(ACK_WAIT, lambda: now[0]), pass_time)


# Every implementation of the four protocols is listed here.
OPENERS: dict[str, Callable[[], StoreCase]] = {"memory": memory}


def key(name: str = "a", tenant: str = "default") -> JobKey:
    """Name a job."""
    return JobKey(tenant, name)


def page_task(span: str, *, lane: str = "normal", job: str = "a") -> Task:
    """Return a task for a span of pages."""
    return Task("page", lane, key(job), span)
