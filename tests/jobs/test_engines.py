"""Engines by name, some of which other replicas have."""

import pytest
from job_parts import FETCHER, ScriptedEngine, ScriptedReader, classify, running, submission, terms

from docsort_server.codec import ProtoRecordCodec
from docsort_server.faults import Fault, Reason
from docsort_server.jobs.assembly import assemble
from docsort_server.jobs.engines import Engines
from docsort_server.jobs.model import JobOptions, JobStatus
from docsort_server.jobs.store.memory import open_store

ENGINES = Engines({"scripted": ScriptedEngine()}, "scripted", {"elsewhere": 8})


def test_a_name_that_others_have_can_be_asked_for() -> None:
    """It passes the check and cannot be run here; one that nobody has passes neither."""
    for name in ("", "scripted", "elsewhere"):
        ENGINES.check(JobOptions(engine=name, fallback_engines=("scripted",)))
    assert (ENGINES.room(""), ENGINES.room("elsewhere")) == (None, 8)
    with pytest.raises(Fault, match=r"has: elsewhere, scripted\. A model is .* openai_model"):
        ENGINES.check(JobOptions(engine="oracle"))
    with pytest.raises(Fault, match="'elsewhere'; this server has: scripted"):
        ENGINES.get("elsewhere")


async def test_a_job_that_no_worker_can_run_says_why() -> None:
    """Its failure names the engine that is missing, not an error of the server's."""
    codec = ProtoRecordCodec()
    jobs = assemble(open_store(), codec, ScriptedReader(), FETCHER, ENGINES, terms())
    async with running(jobs):
        job = await classify(jobs, submission(2, options=JobOptions(engine="elsewhere")))
    assert job.status is JobStatus.FAILED
    assert job.finished is not None
    assert job.finished.failure is not None
    assert job.finished.failure.reason is Reason.INVALID_REQUEST
    assert "'elsewhere'" in job.finished.failure.message
