"""A page that ends the whole server process, not only one of its workers."""

import asyncio
import sys
from pathlib import Path

import pytest
from pdf_files import pdf
from rpc_server import Calls, connected, request
from server_process import shared_nats, started

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2, job_pb2

COMMAND = (sys.executable, str(Path(__file__).parent.parent / "deadly_server.py"))
PAGES = ["an invoice"] * 6 + ["poison"] + ["an invoice"] * 5


@pytest.mark.timeout(120)
async def test_a_page_that_ends_servers_fails_and_its_neighbours_succeed(tmp_path: Path) -> None:
    """Started again each time, the server ends four times: twice together, twice counted alone."""
    deaths = 0
    async with (
        shared_nats(tmp_path / "shared") as nats,
        started(tmp_path / "front", nats=nats, store="jetstream", role="api") as front,
        connected(front.address) as channel,
    ):
        calls = Calls(channel)
        job_id = (await calls.submit(request(pdf(*PAGES)))).job_id
        finishing = asyncio.create_task(finished(calls, job_id))
        while not await outlived(tmp_path / f"worker-{deaths}", nats, finishing):
            deaths += 1
        job = await finishing
    assert deaths == 4
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    failed = [page for page in job.result.page_results if page.HasField("failure")]
    assert [page.page for page in failed] == [7]
    assert failed[0].failure.reason == error_reason_pb2.ERROR_REASON_PARSER_CRASHED
    assert not failed[0].classification
    assert job.result.processed_pages == len(PAGES) - 1
    codes = {warning.code for warning in job.result.warnings}
    assert codes == {classification.WARNING_CODE_PAGES_FAILED}


async def outlived(folder: Path, nats: str, finishing: asyncio.Task[job_pb2.Job]) -> bool:
    """Run a worker until it or the job ends; tell whether it was the job."""
    settings = {"store": "jetstream", "nats": nats, "role": "worker", "task_wait": 1}
    async with started(folder, "127.0.0.1:0", COMMAND, **settings) as server:
        ended = asyncio.create_task(server.process.wait())
        await asyncio.wait({ended, finishing}, return_when=asyncio.FIRST_COMPLETED)
        return finishing.done()


async def finished(calls: Calls, job_id: str) -> job_pb2.Job:
    """Return a job once it has finished."""
    while (job := await calls.wait(job_id)).status < job_pb2.JOB_STATUS_COMPLETED:
        pass
    return job
