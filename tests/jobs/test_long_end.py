"""The end of a long job, which takes its document apart."""

import threading
from typing import Any

import pytest
from job_parts import ScriptedEngine, ScriptedReader, build, classify, running, submission

from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.result import DocumentResult
from docsort_server.jobs.model import JobStatus


@pytest.mark.parametrize(("pages", "beside"), [(3, False), (150, True)])
async def test_a_long_document_is_taken_apart_beside_all_else(
    pages: int, beside: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Thousands of pages would hold up other jobs, watchers and calls for part of a second."""
    threads: list[threading.Thread] = []
    result = Aggregate.result

    def watched(self: Aggregate, **given: Any) -> DocumentResult:  # noqa: ANN401 - passed on
        threads.append(threading.current_thread())
        return result(self, **given)

    monkeypatch.setattr(Aggregate, "result", watched)
    async with running(build(ScriptedReader(), ScriptedEngine())) as jobs:
        job = await classify(jobs, submission(pages))
    assert job.brief.status is JobStatus.COMPLETED
    assert threads
    assert all((each is not threading.main_thread()) == beside for each in threads)
