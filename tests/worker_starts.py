"""Count the worker processes that start."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.sandbox.process import WorkerProcess

if TYPE_CHECKING:
    import pytest

    from docsort_server.sandbox.limits import Limits


def counted_starts(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list that gets the name of every process that is started from here on."""
    starts: list[str] = []
    start = WorkerProcess.start

    async def counting(handler: str, limits: Limits, name: str) -> WorkerProcess:
        starts.append(name)
        return await start(handler, limits, name)

    monkeypatch.setattr(WorkerProcess, "start", counting)
    return starts
