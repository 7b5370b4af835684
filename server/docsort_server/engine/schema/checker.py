"""The check as the server sees it: categories go to a process of the embedded engine."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from typing import TYPE_CHECKING

from docsort_server.engine.schema.findings import Report
from docsort_server.engine.schema.plain import finding_from_plain, verdict_to_plain

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.classifier import Pool
    from docsort_server.engine.model import Question
    from docsort_server.engine.schema.samples import SampleVerdict


class Checker:
    """Check one set of categories after the other, so that pages of jobs have the other processes.

    A set may take `seconds` of wall time.
    """

    def __init__(self, pool: Pool, *, seconds: float) -> None:
        self._pool = pool
        self._seconds = seconds
        self._turn = asyncio.Lock()

    async def check(self, question: Question, verdicts: Sequence[SampleVerdict]) -> Report:
        """Return what is found. Raises WorkerError when the process dies or is late."""
        request = {
            "op": "check",
            "question": asdict(question),
            "verdicts": [verdict_to_plain(each) for each in verdicts],
        }
        async with self._turn, self._pool.lease() as worker:
            reply = await worker.call(request, seconds=self._seconds)
        return Report(tuple(map(finding_from_plain, reply["findings"])), reply["omitted"])
