"""What a job may use of models, and who answers in their place."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import TYPE_CHECKING

import grpc.aio
import pytest
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2
from model_served import document, job_of, model_served
from model_server import Act, Asked, answer, error, fill, model_server
from rpc_server import refusal, request

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2
from docsort_server.settings_backends import BackendSettings

if TYPE_CHECKING:
    from pathlib import Path

    from rpc_server import Calls

    from docsort.v1.job_pb2 import Job

LEAVE_OUT = classification.WHEN_SPENT_LEAVE_OUT
SPENT = error_reason_pb2.ERROR_REASON_BUDGET_SPENT
DOWN = error(503, "down")


def options(
    calls: int | None = None, seconds: float | None = None, when: int = 0
) -> classification.ClassificationOptions:
    """Return options with a budget."""
    time = None
    if seconds is not None:
        time = Duration()
        time.FromMilliseconds(round(seconds * 1000))
    budget = classification.Budget(
        max_model_calls=calls,
        max_time=time,
        when_spent=when,  # type: ignore[arg-type]
    )
    return classification.ClassificationOptions(budget=budget)


def engines_of(job: Job) -> Counter[str]:
    """Count the pages by the engine that answered."""
    return Counter(page.engine for page in job.result.page_results)


def warnings_of(job: Job) -> set[str]:
    """Return the names of the warnings."""
    codes = classification.WarningCode
    return {codes.Name(each.code).removeprefix("WARNING_CODE_") for each in job.result.warnings}


@pytest.mark.parametrize("store", ["memory", "jetstream"])
async def test_no_more_calls_are_made_than_the_budget_has(store: str, tmp_path: Path) -> None:
    """All of it is used; the embedded engine answers the rest, which pages and usage tell."""
    folder = {"data": str(tmp_path)} if store == "jetstream" else {}
    async with (
        model_server() as model,
        model_served(model, store=store, **folder) as server,
    ):
        job = await job_of(server.calls, document(12), options(calls=5))
        assert len(model.asked) == 5
    assert engines_of(job) == {"openai": 5, "local": 7}
    usage = job.result.usage
    assert (usage.pages, usage.model_calls, usage.local_pages) == (12, 5, 7)
    assert warnings_of(job) == {"BUDGET_SPENT"}
    reasons = Counter(page.fallback_reason for page in job.result.page_results)
    assert reasons[classification.FALLBACK_REASON_BUDGET_SPENT] == 7


async def test_repairs_and_votes_are_paid_for_too() -> None:
    """An answer of no use costs a call like any other."""
    useless = answer("no JSON at all")
    async with model_server() as model, model_served(model) as server:
        model.then(useless, useless)
        job = await job_of(server.calls, document(4), options(calls=4))
        assert len(model.asked) == 4
    assert job.result.usage.local_pages > 0
    async with model_server(plain) as model, model_served(model, openai_votes=3) as server:
        job = await job_of(server.calls, document(4), options(calls=7, when=LEAVE_OUT))
        assert len(model.asked) <= 7


def plain(asked: Asked) -> Act:
    """Answer without probabilities, whatever was asked for."""
    asked.body.pop("logprobs", None)
    return fill(asked)


async def test_what_is_left_out_says_so() -> None:
    """Such pages fail with their reason, do not vote, and are no failure of the service."""
    async with model_server() as model, model_served(model) as server:
        job = await job_of(server.calls, document(6), options(calls=2, when=LEAVE_OUT))
    failed = [page for page in job.result.page_results if page.HasField("failure")]
    assert [page.failure.reason for page in failed] == [SPENT] * 4
    assert all(not page.classification and not page.engine for page in failed)
    assert failed[0].failure.metadata["limit"] == "options.budget.max_model_calls"
    assert warnings_of(job) == {"BUDGET_SPENT"}
    excluded = Counter(page.exclusion for page in job.result.aggregation.pages)
    assert excluded[classification.PAGE_EXCLUSION_BUDGET_SPENT] == 4
    assert job.result.usage.pages == 2


async def test_a_time_that_is_over_ends_calls_under_way() -> None:
    """What hangs is closed at the end of the time, and answered without a model."""
    async with (
        model_server(lambda _: Act(wait=60.0)) as model,
        model_served(model, openai_timeout=50.0) as server,
    ):
        job = await job_of(server.calls, document(3), options(seconds=2.0))
        assert len(model.asked) == 3
        async with asyncio.timeout(5):
            while not all(asked.closed for asked in model.asked):  # noqa: ASYNC110 - seen elsewhere
                await asyncio.sleep(0.01)
    assert engines_of(job) == {"local": 3}
    assert warnings_of(job) == {"BUDGET_SPENT"}


async def test_the_next_engine_answers_while_one_is_away() -> None:
    """Pages are named after who answered; the one that is away is not asked for each of them."""
    async with model_server(error(401)) as away, model_server() as model:
        second = BackendSettings(base_url=model.url, model="large", api_key="k")
        changes = {"backends": {"second": second}, "openai_max_concurrency": 1}
        async with model_served(away, **changes) as server:
            asked = classification.ClassificationOptions(
                engine="openai", fallback_engines=["second", "local"]
            )
            job = await job_of(server.calls, document(12), asked)
            assert len(away.asked) == 1
            assert len(model.asked) == 12
    assert engines_of(job) == {"second": 12}
    assert warnings_of(job) == {"FALLBACK_USED"}
    reason = job.result.page_results[0].fallback_reason
    assert reason == classification.FALLBACK_REASON_MODEL_UNAVAILABLE


async def test_the_usual_fallback_is_a_setting() -> None:
    """It is for jobs that name no engines; others get what they named, and fail with it."""
    async with (
        model_server(DOWN) as away,
        model_served(away, fallback="local", openai_max_tries=1) as server,
    ):
        job = await job_of(server.calls, document(2))
        assert engines_of(job) == {"local": 2}
        named = classification.ClassificationOptions(engine="openai")
        job = await job_of(server.calls, document(2), named)
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_MODEL_UNAVAILABLE


@pytest.mark.parametrize(
    ("asked", "path"),
    [
        (options(calls=0), "options.budget.max_model_calls"),
        (options(seconds=-1), "options.budget.max_time"),
        (options(calls=1, when=9), "options.budget.when_spent"),
        (
            classification.ClassificationOptions(fallback_engines=["local", "oracle"]),
            "options.fallback_engines[1]",
        ),
        (
            classification.ClassificationOptions(fallback_engines=["local"] * 11),
            "options.fallback_engines",
        ),
        (classification.ClassificationOptions(stop_when=7), "options.stop_when"),  # type: ignore[arg-type]
    ],
)
async def test_what_cannot_be_is_refused_by_its_field(
    asked: classification.ClassificationOptions, path: str
) -> None:
    """Budgets without calls, engines that nobody has, and values that do not exist."""
    async with model_server() as model, model_served(model) as server:
        refused = await violation(server.calls, asked)
    assert refused == path


async def violation(calls: Calls, asked: classification.ClassificationOptions) -> str:
    """Return the path of the first field that is refused."""
    with pytest.raises(grpc.aio.AioRpcError) as caught:
        await calls.submit(request(document(1), options=asked))
    found = refusal(caught.value).details[error_details_pb2.BadRequest]
    assert isinstance(found, error_details_pb2.BadRequest)
    return found.field_violations[0].field
