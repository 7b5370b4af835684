"""Jobs in this process's memory: for tests, CI and throw-away use; nothing survives the process."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from docsort_server.jobs.store.memory.cache import MemoryAnswerCache
from docsort_server.jobs.store.memory.cells import MemoryCells
from docsort_server.jobs.store.memory.documents import MAX_BYTES as MAX_DOCUMENT_BYTES
from docsort_server.jobs.store.memory.documents import MemoryDocumentStore
from docsort_server.jobs.store.memory.index import MemoryJobIndex
from docsort_server.jobs.store.memory.log import MAX_BYTES, RETENTION, MemoryJobLog
from docsort_server.jobs.store.memory.queue import MemoryTaskQueue
from docsort_server.jobs.store.protocols import Store

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["MemoryDocumentStore", "MemoryJobIndex", "MemoryJobLog", "MemoryTaskQueue", "open_store"]


def open_store(
    ack_wait: float = 10.0,
    clock: Callable[[], float] = time.monotonic,
    max_bytes: int = MAX_BYTES,
    retention: float = RETENTION,
    max_document_bytes: int = MAX_DOCUMENT_BYTES,
    cache_bytes: int = 0,
) -> Store:
    """Return an empty store; `clock` counts the seconds after which its contents expire.

    Above `max_bytes` of logs the oldest finished jobs are forgotten before their time; more
    documents than `max_document_bytes` are refused. Word of a deleted job is kept for `retention`
    seconds.
    """
    return Store(
        MemoryJobLog(clock, max_bytes, retention=retention),
        MemoryTaskQueue(ack_wait),
        MemoryDocumentStore(clock, max_document_bytes),
        MemoryJobIndex(clock),
        MemoryCells(),
        MemoryAnswerCache(cache_bytes, clock) if cache_bytes else None,
    )
