"""Jobs whose model is wrong, dies, hangs or is busy."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING, Any

import pytest
from eventually import eventually
from model_served import KEY, document, job_of, model_served
from model_server import HANG, Act, Asked, answer, error, fill, filled, model_server
from rpc_server import events, next_of, request

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2, job_pb2

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIX = document(6)
LONG = document(60)
UNAVAILABLE = error_reason_pb2.ERROR_REASON_MODEL_UNAVAILABLE


def dying(answers: int, death: Act) -> Callable[[Asked], Act]:
    """Answer so many requests and then do nothing but this."""
    left = answers

    def act(asked: Asked) -> Act:
        nonlocal left
        left -= 1
        return fill(asked) if left >= 0 else death

    return act


def slow(seconds: float) -> Callable[[Asked], Act]:
    """Answer after a while."""

    def act(asked: Asked) -> Act:
        return Act(answer(filled(asked.schema))(asked).body, wait=seconds)

    return act


@pytest.mark.parametrize(
    ("reply", "setting", "words"),
    [
        (error(401, f"bad key {KEY}"), "api_key", "refused the key (status 401)"),
        (error(404, "no model", code="model_not_found"), "model", "has no model 'small'"),
        (error(404, "not here"), "base_url", "has no /chat/completions there"),
    ],
)
async def test_what_is_set_wrong_fails_the_job_at_once(
    reply: Act, setting: str, words: str
) -> None:
    """The failure says which setting to check, and the key is not in it."""
    async with model_server(reply) as model, model_served(model) as server:
        started = time.monotonic()
        job = await job_of(server.calls, SIX)
        took = time.monotonic() - started
        again = await job_of(server.calls, document(1))
    for each in (job, again):
        assert each.status == job_pb2.JOB_STATUS_FAILED
        assert each.failure.reason == UNAVAILABLE
        assert each.failure.metadata == {"backend": "openai", "setting": setting}
        assert words in each.error
        assert KEY not in str(each)
    assert took < 3.0
    assert len(model.asked) <= 6


async def test_nobody_at_the_address_fails_the_job() -> None:
    """After its tries a page fails, and with it the job; the sentence names the address."""
    async with model_server() as model:
        url = model.url
    async with model_served(model, openai_base_url=url, openai_max_tries=2) as server:
        started = time.monotonic()
        job = await job_of(server.calls, document(1))
    assert time.monotonic() - started < 5.0
    assert (job.status, job.failure.reason) == (job_pb2.JOB_STATUS_FAILED, UNAVAILABLE)
    assert f"{url} cannot be reached" in job.error


@pytest.mark.parametrize("death", [error(401), Act(reset=True)])
async def test_a_model_that_dies_leaves_what_is_finished(death: Act) -> None:
    """Finished pages stay, the others tell why they failed, and the job completes."""
    changes = {"openai_max_concurrency": 1, "openai_max_tries": 1}
    async with model_server(dying(2, death)) as model, model_served(model, **changes) as server:
        job = await job_of(server.calls, SIX)
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert (job.result.processed_pages, job.result.classification) == (2, "Invoice")
    failed = [page for page in job.result.page_results if not page.success]
    assert len(failed) == 4
    assert {page.failure.reason for page in failed} == {UNAVAILABLE}
    assert {page.failure.metadata["backend"] for page in failed} == {"openai"}
    codes = [warning.code for warning in job.result.warnings]
    assert codes == [classification.WARNING_CODE_PAGES_FAILED]


@pytest.mark.parametrize("store", ["memory", "jetstream"])
async def test_cancelling_a_job_closes_its_calls(tmp_path: Path, store: str) -> None:
    """The model sees it within a tenth of a second, and no other call follows."""
    changes = {"store": store, "data": str(tmp_path / "data")}
    async with model_server(Act(wait=HANG)) as model, model_served(model, **changes) as server:
        job_id = (await server.calls.submit(request(SIX))).job_id
        await eventually(lambda: len(model.asked) == 6)
        began = asyncio.get_running_loop().time()
        await server.calls.cancel(job_id)
        await eventually(lambda: all(each.closed for each in model.asked))
        assert max(each.closed or 0.0 for each in model.asked) - began < 0.1
        assert model.in_flight == 0
    assert len(model.asked) == 6


async def test_a_deadline_closes_calls_too() -> None:
    """The job ends with what it has, which here is nothing."""
    options = classification.ClassificationOptions()
    options.deadline.FromMilliseconds(700)
    async with model_server(Act(wait=HANG)) as model, model_served(model) as server:
        job = await job_of(server.calls, SIX, options)
        await eventually(lambda: all(each.closed for each in model.asked))
    assert job.status == job_pb2.JOB_STATUS_FAILED
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_DEADLINE


async def test_a_short_job_takes_turns_with_a_long_one() -> None:
    """It is done long before the other, which has queued all of its pages before it."""
    changes: dict[str, Any] = {"openai_max_concurrency": 4}
    async with model_server(slow(0.1)) as model, model_served(model, **changes) as server:
        watch = server.calls.classify(request(LONG))
        await next_of(watch, "page_result")
        before = len(model.asked)
        job = await job_of(server.calls, document(1))
        passed = len(model.asked) - before
        assert job.status == job_pb2.JOB_STATUS_COMPLETED
        found = await events(watch)
    assert found[-1].finished.job.result.processed_pages == 60
    assert passed <= 24


async def test_a_model_that_hangs_does_not_hold_up_the_embedded_engine() -> None:
    """However many pages wait for it: they are tasks of another kind."""
    local = classification.ClassificationOptions(engine="local")
    changes: dict[str, Any] = {"openai_max_concurrency": 1}
    async with model_server(Act(wait=HANG)) as model, model_served(model, **changes) as server:
        stuck = [(await server.calls.submit(request(LONG))).job_id for _ in range(8)]
        await eventually(lambda: model.in_flight == 1)
        job = await job_of(server.calls, SIX, local)
        assert job.status == job_pb2.JOB_STATUS_COMPLETED
        assert (await server.calls.get(stuck[0])).pages_done == 0


async def test_one_job_fills_the_window() -> None:
    """As many calls are on their way as the settings allow, and never more."""
    changes: dict[str, Any] = {"openai_max_concurrency": 12}
    async with model_server(slow(0.5)) as model, model_served(model, **changes) as server:
        await job_of(server.calls, LONG)
    assert model.most_in_flight == 12
