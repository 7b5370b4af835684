"""Models where the work is divided, on disk, by processes of their own."""

from __future__ import annotations

from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import grpc
import pytest
from model_served import KEY, document, job_of
from model_server import model_server
from rpc_server import Calls, connected, refusal, request
from server_process import ran, shared_nats, started

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2

if TYPE_CHECKING:
    from pathlib import Path


async def test_an_api_knows_the_engines_of_its_workers(tmp_path: Path) -> None:
    """It takes a name that is configured and refuses others; the worker asks the model.

    The key is in nothing that either says.
    """
    file = tmp_path / "docsort.toml"
    unknown = classification.ClassificationOptions(engine="oracle")
    named = classification.ClassificationOptions(engine="vllm")
    async with (
        model_server() as model,
        shared_nats(tmp_path / "nats") as nats,
        AsyncExitStack() as stack,
    ):
        file.write_text(
            f'[backends.vllm]\nbase_url = "{model.url}"\nmodel = "qwen"\napi_key = "{KEY}"\n'
        )
        options = ("--config", str(file))
        common = {"store": "jetstream", "nats": nats, "log_level": "debug"}
        api = await stack.enter_async_context(
            started(tmp_path / "api", "127.0.0.1:0", options, role="api", **common)
        )
        calls = Calls(await stack.enter_async_context(connected(api.address)))
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await calls.submit(request(document(1), options=unknown))
        assert "this server has: cascade, local, vllm" in refusal(caught.value).text
        await stack.enter_async_context(
            started(tmp_path / "worker", "127.0.0.1:0", options, role="worker", **common)
        )
        job = await job_of(calls, document(2), named)
        words = ("status", "--data", str(tmp_path / "api"), "--config", str(file))
        code, told = await ran(*words, nats=nats)
        assert code == 0, told
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert job.result.provenance.engine == "vllm"
    assert job.result.usage.model_calls == 2
    logs = "".join((tmp_path / f"{name}.log").read_text() for name in ("api", "worker"))
    assert logs
    assert KEY not in logs + told + str(job)


async def test_a_key_in_the_environment_is_not_in_the_help() -> None:
    """`--help` lists the setting without any value, and a wrong one is told without the key."""
    code, text = await ran("--help", openai_api_key=KEY, openai_model="small")
    assert code == 0
    assert "openai_api_key" in text
    code, more = await ran("--engine", "oracle", openai_api_key=KEY, openai_model="small")
    assert code == 2
    assert KEY not in text + more


async def test_workers_keep_to_a_rate_together(tmp_path: Path) -> None:
    """Two of them ask no more often than one may: beyond the burst at the rate of the backend."""
    rate, pages = 10.0, 70
    asked = classification.ClassificationOptions(engine="openai", cache=False)
    async with (
        model_server() as model,
        shared_nats(tmp_path / "nats") as nats,
        AsyncExitStack() as stack,
    ):
        common = {
            "store": "jetstream",
            "nats": nats,
            "openai_base_url": model.url,
            "openai_model": "small",
            "openai_requests_per_minute": int(rate * 60),
        }
        servers = [
            await stack.enter_async_context(started(tmp_path / name, **common))
            for name in ("one", "two")
        ]
        calls = [
            Calls(await stack.enter_async_context(connected(server.address))) for server in servers
        ]
        submitted = [
            await each.submit(request(document(pages // 2), options=asked)) for each in calls
        ]
        for job in submitted:
            assert (await calls[0].wait(job.job_id, 30)).status == job_pb2.JOB_STATUS_COMPLETED
        times = sorted(each.came for each in model.asked)
    assert len(times) == pages
    # Five seconds' worth goes at once; the clock that both fill the bucket by is the same.
    assert times[-1] - times[0] >= (pages - 5 * rate) / rate - 0.5


async def test_the_log_has_no_line_for_every_call(tmp_path: Path) -> None:
    """A job has its line; what the library behind the calls says of each is left out."""
    async with model_server() as model:
        settings = {"openai_base_url": model.url, "openai_model": "small", "engine": "openai"}
        async with (
            started(tmp_path / "data", **settings) as server,
            connected(server.address) as channel,
        ):
            await job_of(Calls(channel), document(3))
    log = (tmp_path / "data.log").read_text()
    assert "COMPLETED" in log
    assert "chat/completions" not in log
