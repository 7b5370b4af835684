"""Servers of both roles on a cluster of three nats-servers that keep a copy each."""

import asyncio
import json
from pathlib import Path

from nats_cluster import TOKEN, cluster
from pdf_files import pdf
from rpc_server import Calls, connected, durable, events, next_of, request
from server_process import ran, started

from docsort.v1 import job_pb2


async def test_a_job_outlives_the_leader_of_its_log(tmp_path: Path) -> None:
    """The server that leads the logs is killed under a running job: nothing is lost or doubled.

    Before that the status names the leaders; afterwards it names another.
    """
    async with cluster(tmp_path) as nats:
        settings = {"store": "jetstream", "nats": nats.urls, "nats_replicas": 3}
        async with (
            started(tmp_path / "api", role="api", **settings) as api,
            started(tmp_path / "worker", role="worker", **settings),
            connected(api.address) as channel,
        ):
            call = Calls(channel).classify(request(pdf(*["many words " * 50] * 300)), timeout=90)
            await next_of(call, "page_result")
            leader = await leader_of("DOCSORT_EVENTS", api.data, nats.urls)
            await nats.members[leader].kill()
            found = durable(await events(call))
            assert await leader_of("DOCSORT_EVENTS", api.data, nats.urls) != leader
    assert found[-1].finished.job.status == job_pb2.JOB_STATUS_COMPLETED
    assert found[-1].finished.job.pages_done == 300
    assert len({each.sequence for each in found}) == len(found) == 299 + 1


async def leader_of(stream: str, data: Path, urls: str) -> str:
    """Return the server that leads a stream, once there is one, as the status command tells it."""
    async with asyncio.timeout(30):
        while True:
            _, text = await ran("status", "--data", str(data), "--format", "json", nats=urls)
            assert TOKEN not in text
            for each in json.loads(text)["engine"]["streams"]:
                if each["name"] == stream and each["leader"]:
                    assert each["replicas"] == 3
                    return str(each["leader"])
