"""Jobs in this process's memory: for tests, CI and throw-away use; nothing survives the process."""

from __future__ import annotations

from docsort_server.jobs.store.memory.documents import MemoryDocumentStore
from docsort_server.jobs.store.memory.index import MemoryJobIndex
from docsort_server.jobs.store.memory.log import MemoryJobLog
from docsort_server.jobs.store.memory.queue import MemoryTaskQueue
from docsort_server.jobs.store.protocols import Store

__all__ = ["MemoryDocumentStore", "MemoryJobIndex", "MemoryJobLog", "MemoryTaskQueue", "open_store"]


def open_store() -> Store:
    """Return an empty store."""
    return Store(MemoryJobLog(), MemoryTaskQueue(), MemoryDocumentStore(), MemoryJobIndex())
