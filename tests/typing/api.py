"""Pins the public types of the client: only type checkers read this file."""

import io
from collections.abc import AsyncGenerator, Generator, Mapping
from datetime import datetime
from pathlib import Path
from typing import assert_never, assert_type

import grpc
import grpc.aio

import docsort
from docsort import formats, testing
from docsort.v1 import job_pb2


async def asyncio_client(client: docsort.AsyncClient) -> None:
    """Call the asyncio client in every way."""
    stream = client.stream(b"", ["a", docsort.Category("b"), {"name": "c", "criteria": ["d"]}])
    assert_type(stream, AsyncGenerator[docsort.Event, None])
    assert_type(await client.classify(Path("a.pdf"), ["a"]), docsort.ClassificationResult)
    await client.classify(io.BytesIO(), ["a"], pages="1-3", min_confidence=0.5, min_margin=0.1)
    await client.classify("a.pdf", ["a"], pages=[1, (3, 5)], deadline=9.5, engine="local")
    await client.classify("a.pdf", ["a"], evidence=False, segments=True, request_id="id")
    await client.classify("a.pdf", ["a"], confidence=0.5)  # type: ignore[call-arg]
    await client.classify(1, ["a"])  # type: ignore[arg-type]
    assert_type(client.watch("job", after_sequence=3), AsyncGenerator[docsort.Event, None])
    assert_type(await client.get_job("job"), docsort.Job)
    assert_type(await client.cancel_job("job"), docsort.Job)
    assert_type(await client.submit(b"", ["a"], labels={"b": "c"}, ttl=9), docsort.Submission)
    await client.submit(b"", ["a"], priority="urgent")  # type: ignore[arg-type]
    assert_type(await client.wait_job("job", timeout=1.5), docsort.Job)
    assert_type(client.list_jobs(["failed"], {"b": "c"}), AsyncGenerator[docsort.Job, None])
    assert_type(client.page_results("job"), AsyncGenerator[docsort.PageResult, None])
    feed = client.watch_jobs(["failed"], {"b": "c"}, resume_token="t", from_start=True)
    assert_type(feed, AsyncGenerator[docsort.JobChange, None])
    await client.delete_job("job")
    uploaded = await client.upload("a.pdf", ttl=60, progress=lambda sent, total: sent / total)
    assert_type(uploaded, docsort.UploadedDocument)
    await client.classify(uploaded, ["a"], progress=print)
    await client.submit(docsort.UploadedDocument("id"), ["a"])
    await client.upload(uploaded)  # type: ignore[arg-type]
    await client.delete_document(uploaded.document_id)
    assert_type(await client.estimate_job("a.pdf", ["a"], engine="local"), docsort.Estimate)
    samples = [docsort.Sample("text", category="a"), docsort.Sample(document=uploaded)]
    assert_type(await client.check_categories(["a"], samples), docsort.CategoriesCheck)


def blocking_client(client: docsort.Client) -> None:
    """Call the blocking client by the same names."""
    assert_type(client.stream(b"", ["a"], pages=range(1, 3)), Generator[docsort.Event, None, None])
    assert_type(client.classify("a.pdf", ["a"]), docsort.ClassificationResult)
    assert_type(client.watch("job", 3), Generator[docsort.Event, None, None])
    assert_type(client.get_job("job"), docsort.Job)
    assert_type(client.cancel_job("job"), docsort.Job)
    assert_type(client.submit(b"", ["a"], priority="high"), docsort.Submission)
    assert_type(client.wait_job("job"), docsort.Job)
    assert_type(client.list_jobs(), Generator[docsort.Job, None, None])
    assert_type(client.page_results("job"), Generator[docsort.PageResult, None, None])
    assert_type(client.watch_jobs(), Generator[docsort.JobChange, None, None])
    client.delete_job("job")
    uploaded = client.upload(io.BytesIO(), ttl=60, progress=print)
    assert_type(uploaded.expire_time, datetime | None)
    assert_type(client.classify(uploaded, ["a"], progress=print), docsort.ClassificationResult)
    client.delete_document(uploaded.document_id)
    assert_type(client.estimate_job(uploaded, ["a"], progress=print), docsort.Estimate)
    check = client.check_categories(["a", docsort.Category("b")])
    assert_type(check, docsort.CategoriesCheck)
    assert_type(check.findings[0].kind, docsort.FindingKind)
    assert_type(check.findings[0].severity, docsort.Severity)


def construction(channel: grpc.Channel, aio: grpc.aio.Channel) -> None:
    """Make clients from a target, timeouts, a limit, or a channel of the right stack."""
    timeouts = docsort.Timeouts(connect=1, call=2.5, idle=30, resume=60)
    docsort.Client()
    docsort.Client("host:1", timeouts=timeouts, max_message_bytes=1024, channel=channel)
    docsort.Client("host:1", upload_above=1024)
    docsort.AsyncClient("host:1", timeouts=timeouts, max_message_bytes=1024, channel=aio)
    docsort.Client("host:1", timeouts)  # type: ignore[call-arg]


def every_event(event: docsort.Event) -> str:
    """Match every class of event there is."""
    match event:
        case docsort.Accepted(job=job) | docsort.Finished(job=job):
            return assert_type(job, docsort.Job).job_id
        case docsort.Progress(progress=text, pages_total=total):
            assert_type(total, int | None)
            return text
        case docsort.PageFinished(page_result=page):
            return assert_type(page, docsort.PageResult).classification or ""
        case docsort.Provisional(classification=label):
            return label
        case _:
            assert_never(event)


def every_change(change: docsort.JobChange) -> str:
    """Match every kind of change there is."""
    assert_type(change.job, docsort.Job)
    assert_type(change.event_time, datetime | None)
    match change.kind:
        case docsort.ChangeKind.ACCEPTED | docsort.ChangeKind.FINISHED:
            return change.resume_token
        case docsort.ChangeKind.DELETED:
            return change.job.job_id


def results(job: docsort.Job) -> None:
    """Read what may be absent as optional, and what repeats as a tuple."""
    assert_type(job.status, docsort.JobStatus)
    assert_type(job.duration, float | None)
    assert_type(job.create_time, datetime | None)
    assert job.result is not None
    assert_type(job.result.page_results, tuple[docsort.PageResult, ...])
    assert_type(job.result.warnings, tuple[docsort.ResultWarning, ...])
    assert_type(job.result.page_results[0].criteria[0].verdict, docsort.Verdict)
    job.pages_done = 3  # type: ignore[misc]


def errors(error: docsort.DocsortError) -> None:
    """Read the same facts from every error."""
    assert_type(error.reason, docsort.ErrorReason)
    assert_type(error.code, grpc.StatusCode | None)
    assert_type(error.metadata, Mapping[str, str])
    assert_type(error.violations, tuple[docsort.FieldViolation, ...])
    assert_type(error.retry_after, float | None)
    assert_type(docsort.InternalError("").error_id, str)


def bodies(job: docsort.Job, message: job_pb2.Job) -> None:
    """Render the model and the message."""
    assert_type(formats.pages(job), dict[str, object])
    assert_type(formats.criteria(message), dict[str, object])
    assert_type(formats.submitted(job, quota_remaining=1), dict[str, object])


async def scripted() -> None:
    """Script events of either kind."""
    events = testing.job_events(["a", "b"], job_id="job")
    cut = testing.Cut(after=3, code=grpc.StatusCode.UNAVAILABLE, retry_after=0.5)
    changes = [docsort.JobChange(docsort.ChangeKind.DELETED, docsort.Job("job"))]
    script = [*events, job_pb2.JobEvent()]
    async with testing.Server(script, cuts=[cut], changes=changes) as server:
        assert_type(server.target, str)
        assert_type(server.documents, dict[str, bytes])
        assert_type(await server.received(job_pb2.Job), job_pb2.Job)
    estimate, check = docsort.Estimate(pages=3), docsort.CategoriesCheck()
    async with testing.Server(estimate=estimate, check=check) as server:
        assert_type(server.target, str)
