"""What becomes of finished jobs while nothing runs: kept for their time, then gone."""

import signal
import sys
from pathlib import Path

import grpc
import later
import pytest
from google.protobuf.duration_pb2 import Duration
from pdf_files import pdf
from rpc_server import Calls, connected, durable, events, refusal, request
from server_process import started

from docsort.v1.classification_service_pb2 import ClassifyRequest

STORE = {"store": "jetstream", "sync": "2m"}
HOUR = 3600
DAY = 24 * HOUR


def kept_for(hours: int) -> ClassifyRequest:
    """Return a request for a job that is kept for so long."""
    message = request(pdf("an invoice", "a contract", "a letter"))
    message.options.ttl.CopyFrom(Duration(seconds=hours * HOUR))
    return message


async def test_a_job_of_yesterday_is_as_it_was(tmp_path: Path) -> None:
    """After a day and a new start of everything it is listed, read and replayed without change."""
    async with started(tmp_path / "data", **STORE) as server, connected(server.address) as channel:
        calls = Calls(channel)
        replay = durable(await events(calls.classify(kept_for(48))))
        job = replay[-1].finished.job
        read, pages = await calls.get(job.job_id), await calls.pages(job.job_id)
        brief = (await events(calls.classify(kept_for(1))))[-1].finished.job
        listed = {each.job_id: each for each in (await calls.list()).jobs}
        assert listed.keys() == {job.job_id, brief.job_id}
        assert await server.end(signal.SIGTERM) == 0
    command = (sys.executable, later.__file__, str(DAY))
    async with (
        started(tmp_path / "data", "127.0.0.1:0", command, **STORE) as server,
        connected(server.address) as channel,
    ):
        calls = Calls(channel)
        assert list((await calls.list()).jobs) == [listed[job.job_id]]
        assert await calls.get(job.job_id) == read == job
        assert durable(await events(calls.watch(job.job_id))) == replay
        assert await calls.pages(job.job_id) == pages
        assert [page.page for page in pages.page_results] == [1, 2, 3]
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await calls.get(brief.job_id)
        assert refusal(caught.value).info.reason == "JOB_NOT_FOUND"
