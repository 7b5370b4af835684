"""A budget outlives the servers that pay out of it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from eventually import eventually
from model_served import document
from model_server import Act, Asked, fill, model_server
from rpc_server import Calls, connected, request
from server_process import started

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2

if TYPE_CHECKING:
    from pathlib import Path

BUDGET = 10
PAGES = 16
OPTIONS = classification.ClassificationOptions(
    engine="openai", budget=classification.Budget(max_model_calls=BUDGET)
)


def slow(asked: Asked) -> Act:
    """Answer after a moment."""
    return Act(fill(asked).body, wait=0.1)


async def test_a_kill_lets_nobody_pay_more(tmp_path: Path) -> None:
    """The server that is started again goes on with the count, and every page has a result."""
    async with model_server(slow) as model:
        settings = {
            "store": "jetstream",
            "openai_base_url": model.url,
            "openai_model": "small",
            "openai_max_concurrency": 2,
        }
        async with started(tmp_path / "data", **settings) as server:
            async with connected(server.address) as channel:
                submitted = await Calls(channel).submit(request(document(PAGES), options=OPTIONS))
                await eventually(lambda: len(model.asked) >= 4, 20)
            await server.end(signal.SIGKILL)
        async with (
            started(tmp_path / "data", **settings) as server,
            connected(server.address) as channel,
        ):
            job = await Calls(channel).wait(submitted.job_id, 60)
        assert len(model.asked) <= BUDGET
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    pages = job.result.page_results
    assert [page.page for page in pages] == list(range(1, PAGES + 1))
    assert {page.engine for page in pages} == {"openai", "local"}
    paid = sum(page.engine == "openai" for page in pages)
    # What was under way at the kill is paid and lost; all else is used.
    assert BUDGET - 2 <= paid <= BUDGET
