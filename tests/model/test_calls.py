"""Every way in which a call to a backend can end, against a server that plays it."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from eventually import eventually
from model_parts import KEY, PAGE, QUESTION, backend, engine_at, fault_of
from model_server import HANG, Act, answer, completion, error, fill, model_server

from docsort_server.engine.model import ConfidenceSource, Outcome
from docsort_server.engine.openai.backend import Prices
from docsort_server.faults import Reason

PASSING = {
    "408": error(408),
    "429 without a time": error(429),
    "429 with a time": error(429, headers={"Retry-After": "0.01"}),
    "429 with milliseconds": error(429, headers={"retry-after-ms": "10"}),
    "429 with a date": error(429, headers={"Retry-After": "Wed, 01 Jan 2020 00:00:00 GMT"}),
    "500": error(500),
    "503": error(503, headers={"Retry-After": "0.01"}),
    "bad JSON": Act('{"choices": [{'),
    "text/plain": Act("Invoice", kind="text/plain"),
    "a list": Act([]),
    "an error with 200": Act({"error": {"message": "overloaded", "code": 502}}),
    "choices null": Act({"choices": None}),
    "choices empty": Act(completion()),
    "no message": Act(completion({"finish_reason": "stop"})),
    "truncated": Act(completion(), cut=True),
    "reset": Act(reset=True),
}
INVALID = {
    "no JSON": "I think it is an invoice",
    "not an object": "[1, 2]",
    "label outside the set": '{"category":"E","c1":true,"c2":true,"c3":true}',
    "a name for a code": '{"category":"Invoice","c1":true,"c2":true,"c3":true}',
    "criterion missing": '{"category":"A","c1":true,"c2":true}',
    "criterion no truth value": '{"category":"A","c1":true,"c2":1,"c3":true}',
}


async def test_a_schema_filled_with_probabilities() -> None:
    """A good answer gives scores, criteria, usage, cost, rung and the model as it named itself."""
    prices = Prices(input=2.0, cached_input=0.5, output=8.0)
    async with model_server() as server, engine_at(server, prices=prices) as engine:
        verdict = await engine.classify(PAGE, QUESTION)
    assert verdict.outcome is Outcome.MATCHED
    assert verdict.confidence_source is ConfidenceSource.TOKEN_PROBABILITIES
    assert verdict.no_match_score is not None
    assert sum(verdict.scores) + verdict.no_match_score == pytest.approx(1.0)
    assert verdict.scores[0] == pytest.approx(0.98)
    assert [len(row) for row in verdict.criteria] == [2, 0, 1]
    assert verdict.criteria[0][0].met
    assert verdict.criteria[0][0].confidence == pytest.approx(0.9)
    trace = verdict.trace
    assert trace is not None
    assert (trace.backend, trace.model) == ("default", "small-2026-11")
    assert trace.rung == "json_schema+logprobs"
    usage = trace.usage
    assert (usage.model_calls, usage.input_tokens, usage.output_tokens) == (1, 150, 8)
    assert usage.cached_tokens == 100
    assert usage.cost == pytest.approx((50 * 2.0 + 100 * 0.5 + 8 * 8.0) / 1e6)


@pytest.mark.parametrize("name", PASSING)
async def test_what_passes_is_tried_again(name: str) -> None:
    """A failure that may pass costs a second call and nothing else."""
    async with model_server() as server, engine_at(server) as engine:
        server.then(PASSING[name])
        verdict = await engine.classify(PAGE, QUESTION)
        assert verdict.outcome is Outcome.MATCHED
        assert len(server.asked) == 2
        first, second = server.asked
        assert first.body == second.body


async def test_tries_are_bounded() -> None:
    """A backend that goes on failing makes the page fail, saying how and when to come back."""
    async with model_server(error(500, "out of memory")) as server:
        async with engine_at(server, max_tries=3) as engine:
            fault = await fault_of(engine)
        assert len(server.asked) == 3
    assert fault.reason is Reason.MODEL_UNAVAILABLE
    assert "status 500: out of memory" in fault.message
    assert fault.retry_after
    assert fault.metadata == {"backend": "default"}


async def test_a_long_retry_after_is_not_waited_for() -> None:
    """When the backend asks for more time than a page has, the page fails at once."""
    act = error(429, headers={"Retry-After": "86400"})
    async with model_server() as server, engine_at(server, patience=30.0) as engine:
        server.then(act)
        fault = await fault_of(engine)
        other = await fault_of(engine)
        assert len(server.asked) == 1
    assert fault.reason is other.reason is Reason.MODEL_UNAVAILABLE
    # A day is more than any backend needs: an hour is believed.
    assert fault.retry_after == pytest.approx(3_600, abs=5)
    assert other.retry_after == pytest.approx(3_600, abs=5)


async def test_a_date_to_retry_after() -> None:
    """Retry-After may be a date; the time left until then counts."""
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=1_000), usegmt=True)
    act = error(429, headers={"Retry-After": date})
    async with model_server(act) as server, engine_at(server) as engine:
        fault = await fault_of(engine)
    assert fault.retry_after == pytest.approx(1_000, abs=10)


async def test_a_hang_ends_at_the_timeout() -> None:
    """A backend that does not answer in time is left and asked again."""
    async with model_server() as server, engine_at(server, timeout=0.3) as engine:
        server.then(Act(wait=HANG))
        verdict = await engine.classify(PAGE, QUESTION)
        assert verdict.outcome is Outcome.MATCHED
        assert len(server.asked) == 2
        await eventually(lambda: server.asked[0].closed is not None)


async def test_a_slow_answer_is_waited_for() -> None:
    """What comes within the timeout is taken, however late."""
    async with model_server(lambda asked: replace(fill(asked), wait=0.2)) as server:
        async with engine_at(server, timeout=5.0) as engine:
            assert (await engine.classify(PAGE, QUESTION)).outcome is Outcome.MATCHED
        assert len(server.asked) == 1


async def test_a_page_has_patience_for_so_long() -> None:
    """The patience bounds a page whatever a single call may take, and is named."""
    hang = Act(wait=HANG)
    async with model_server(hang) as server, engine_at(server, patience=0.2) as engine:
        fault = await fault_of(engine)
    assert fault.reason is Reason.MODEL_UNAVAILABLE
    assert "patience" in fault.message


async def test_cancelling_closes_the_call() -> None:
    """The backend sees its connection close within 100 ms, so it stops generating."""
    async with model_server(Act(wait=HANG)) as server, engine_at(server) as engine:
        task = asyncio.create_task(engine.classify(PAGE, QUESTION))
        await eventually(lambda: len(server.asked) == 1)
        cancelled = asyncio.get_running_loop().time()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await eventually(lambda: server.asked[0].closed is not None)
        assert server.asked[0].closed is not None
        assert server.asked[0].closed - cancelled < 0.1


@pytest.mark.parametrize("name", INVALID)
async def test_an_invalid_answer_is_repaired_once(name: str) -> None:
    """The model is shown its answer and what is wrong with it, and may answer again."""
    async with model_server() as server, engine_at(server) as engine:
        server.then(answer(INVALID[name]))
        verdict = await engine.classify(PAGE, QUESTION)
        assert verdict.outcome is Outcome.MATCHED
        assert verdict.trace is not None
        assert verdict.trace.usage.model_calls == 2
        said, complaint = server.asked[1].body["messages"][2:]
    assert said == {"role": "assistant", "content": INVALID[name]}
    assert complaint["content"].startswith("That was no valid answer: ")


async def test_no_label_is_made_up() -> None:
    """A model that never answers in form makes the page fail, on every rung."""
    async with model_server(answer("I'd rather not say")) as server:
        async with engine_at(server) as engine:
            fault = await fault_of(engine)
            calls = len(server.asked)
            await fault_of(engine)
        assert len(server.asked) - calls == 2
    assert fault.reason is Reason.MODEL_OUTPUT_INVALID
    assert "it is no JSON object" in fault.message
    assert fault.retry_after is None


@pytest.mark.parametrize(
    ("extra", "why"),
    [
        ({"finish_reason": "content_filter"}, "content filter"),
        ({"message": {"role": "assistant", "content": None, "refusal": "No."}}, "refused: 'No.'"),
    ],
)
async def test_a_refusal_is_final(extra: dict[str, Any], why: str) -> None:
    """What the model or its filter will not say is not asked for again."""
    async with model_server(answer("", **extra)) as server, engine_at(server) as engine:
        fault = await fault_of(engine)
        assert len(server.asked) == 1
    assert fault.reason is Reason.MODEL_OUTPUT_INVALID
    assert why in fault.message


async def test_a_cut_answer_gets_more_room() -> None:
    """A model that spends its tokens on thinking is given more, for all pages that follow."""
    async with model_server() as server, engine_at(server) as engine:
        server.then(answer('{"category"', finish_reason="length"))
        await engine.classify(PAGE, QUESTION)
        await engine.classify(PAGE, QUESTION)
        limits = [asked.body["max_tokens"] for asked in server.asked]
    assert limits[1] == limits[2] == 4 * limits[0]


@pytest.mark.parametrize(
    ("act", "setting", "words"),
    [
        (error(401, f"Incorrect API key: {KEY}"), "api_key", "refused the key (status 401)"),
        (error(404, "Not Found"), "base_url", "has no /chat/completions there"),
        (Act("<h1>404</h1>", status=404, kind="text/html"), "base_url", "status 404"),
        (error(404, "no such one", code="model_not_found"), "model", "has no model 'small'"),
        (error(404, 'model "small" not found, try pulling it'), "model", "has no model 'small'"),
        (error(402, f"pay up, {KEY}"), "api_key", "refused the key (status 402): pay up, ***"),
        (error(405, "use GET"), "base_url", "status 405: use GET"),
    ],
)
async def test_a_wrong_setting_is_named_at_once(act: Act, setting: str, words: str) -> None:
    """A wrong key, URL or model is no reason to retry; later pages do not even ask."""
    async with model_server(act) as server, engine_at(server) as engine:
        fault = await fault_of(engine)
        again = await fault_of(engine)
        assert len(server.asked) == 1
    assert fault.reason is again.reason is Reason.MODEL_UNAVAILABLE
    assert words in fault.message
    assert fault.message.endswith(f"Check the setting {setting} of the backend.")
    assert again.message == fault.message
    assert fault.metadata == again.metadata == {"backend": "default", "setting": setting}
    assert fault.retry_after is None
    assert again.retry_after is not None


async def test_a_text_too_long_fails_its_page_alone() -> None:
    """Where one page does not fit the model, the setting is named and the others go on."""
    act = error(400, "maximum context length is 512 tokens; reduce max_tokens")
    async with model_server() as server, engine_at(server) as engine:
        server.then(act)
        fault = await fault_of(engine)
        assert (await engine.classify(PAGE, QUESTION)).outcome is Outcome.MATCHED
    assert fault.metadata["setting"] == "text_chars"


async def test_nobody_at_the_address() -> None:
    """A server that cannot be reached is named by its address."""
    async with model_server() as server:
        url = server.url
    async with engine_at(server, max_tries=2) as engine:
        fault = await fault_of(engine)
    assert fault.reason is Reason.MODEL_UNAVAILABLE
    assert f"The model server at {url} cannot be reached" in fault.message


async def test_the_key_goes_to_the_backend_only(caplog: pytest.LogCaptureFixture) -> None:
    """The key is in the header of the request, and in no log and no representation."""
    caplog.set_level(logging.DEBUG)
    async with model_server() as server, engine_at(server) as engine:
        await engine.classify(PAGE, QUESTION)
        assert server.asked[0].headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in caplog.text
    assert KEY not in repr(backend())
