"""No page is paid for twice: across jobs, processes and restarts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from model_served import document, job_of, model_served
from model_server import model_server
from rpc_server import Calls, connected
from server_process import shared_nats, started

from docsort.v1 import classification_pb2 as classification

if TYPE_CHECKING:
    from pathlib import Path

OFF = classification.ClassificationOptions(cache=False)
STRICT = classification.ClassificationOptions(min_confidence=0.9)
ONE_CALL = classification.ClassificationOptions(budget=classification.Budget(max_model_calls=1))


@pytest.mark.parametrize("store", ["memory", "jetstream"])
async def test_a_document_is_paid_for_once(store: str, tmp_path: Path) -> None:
    """The second job has the first one's answers, says so, and charges no budget for them."""
    folder = {"data": str(tmp_path)} if store == "jetstream" else {}
    async with model_server() as model, model_served(model, store=store, **folder) as server:
        first = (await job_of(server.calls, document(3))).result
        again = (await job_of(server.calls, document(3))).result
        cheap = (await job_of(server.calls, document(4), ONE_CALL)).result
        assert len(model.asked) == 4
        await job_of(server.calls, document(3), OFF)
        await job_of(server.calls, document(3), STRICT)
        assert len(model.asked) == 7
    assert (first.usage.model_calls, first.usage.cached_pages) == (3, 0)
    assert (again.usage.model_calls, again.usage.cached_pages, again.usage.pages) == (0, 3, 3)
    assert (cheap.usage.model_calls, cheap.usage.cached_pages) == (1, 3)
    assert all(page.cached and page.usage.cached_pages == 1 for page in again.page_results)
    assert not any(page.cached for page in first.page_results)
    for page in (*first.page_results, *again.page_results):
        page.ClearField("cached")
        page.ClearField("usage")
    assert sorted(map(str, again.page_results)) == sorted(map(str, first.page_results))


async def test_a_cache_of_no_bytes_is_none() -> None:
    """Every page is asked about."""
    async with model_server() as model, model_served(model, cache_bytes=0) as server:
        for _ in range(2):
            await job_of(server.calls, document(2))
        assert len(model.asked) == 4


async def test_replicas_share_answers(tmp_path: Path) -> None:
    """What one process has paid for another one knows, also when the first has ended."""
    async with model_server() as model, shared_nats(tmp_path / "nats") as nats:
        settings = {
            "store": "jetstream",
            "nats": nats,
            "engine": "openai",
            "openai_base_url": model.url,
            "openai_model": "small",
        }
        for name in ("one", "two"):
            async with (
                started(tmp_path / name, **settings) as server,
                connected(server.address) as channel,
            ):
                result = (await job_of(Calls(channel), document(3))).result
        assert len(model.asked) == 3
    assert result.usage.cached_pages == 3
