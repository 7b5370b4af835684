"""Calls of models as those who run a server are told of them."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from model_parts import KEY, PAGE, PLAIN, backend
from model_server import Act, error, model_server

from docsort_server.engine.openai.engine import OpenAIEngine
from docsort_server.faults import Fault

if TYPE_CHECKING:
    import pytest
    from model_server import ModelServer

    from docsort_server.telemetry.genai import ModelCall


async def told(model: ModelServer, *, cancel: bool = False) -> list[ModelCall]:
    """Classify a page and return what was told of its calls."""
    calls: list[ModelCall] = []
    engine = OpenAIEngine(backend(model, max_tries=2), observer=calls.append, jitter=lambda: 0.0001)
    try:
        task = asyncio.create_task(engine.classify(PAGE, PLAIN))
        if cancel:
            await asyncio.sleep(0.2)
            task.cancel()
        await asyncio.wait([task])
        if not task.cancelled() and task.exception():
            assert isinstance(task.exception(), Fault)
    finally:
        await engine.close()
    return calls


async def test_a_call_has_the_names_of_the_conventions() -> None:
    """All that is known of it, and nothing of what was said."""
    async with model_server() as model:
        (call,) = await told(model)
        port = int(model.url.split(":")[2].split("/")[0])
    assert call.span_name == "chat small"
    assert call.attributes() == {
        "gen_ai.operation.name": "chat",
        "gen_ai.provider.name": "openai",
        "gen_ai.request.model": "small",
        "gen_ai.request.max_tokens": 32,
        "gen_ai.request.temperature": 0,
        "gen_ai.output.type": "json",
        "gen_ai.response.id": "x",
        "gen_ai.response.model": "small-2026-11",
        "gen_ai.response.finish_reasons": ("stop",),
        "gen_ai.usage.input_tokens": 150,
        "gen_ai.usage.output_tokens": 8,
        "gen_ai.usage.cache_read.input_tokens": 100,
        "server.address": "127.0.0.1",
        "server.port": port,
    }
    assert call.seconds > 0


async def test_every_try_is_told_with_its_kind_of_trouble() -> None:
    """A refusal, a failure and a key that is wrong are told apart."""
    async with model_server() as model:
        model.then(error(429), error(500), error(401))
        kinds = [call.attributes()["error.type"] for call in await told(model)]
    assert kinds == ["refused", "passing", "rejected"]


async def test_a_call_that_is_given_up_is_told() -> None:
    """Somebody left: nothing is known but that."""
    async with model_server(lambda _: Act(wait=60.0)) as model:
        (call,) = await told(model, cancel=True)
    assert call.error == "cancelled"
    assert "gen_ai.usage.input_tokens" not in call.attributes()


async def test_the_log_tells_of_calls_without_what_was_said(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """One line of debugging, in which neither key nor page stands."""
    caplog.set_level(logging.DEBUG, logger="docsort_server")
    async with model_server() as model:
        engine = OpenAIEngine(backend(model))
        await engine.classify(PAGE, PLAIN)
        await engine.close()
    (line,) = [r.getMessage() for r in caplog.records if r.name.endswith("genai")]
    assert "gen_ai.usage.input_tokens=150" in line
    assert KEY not in line
    assert PAGE.text.split("\n")[0] not in line


async def test_an_observer_that_fails_harms_no_page() -> None:
    """Its trouble is in the log."""

    def fails(call: ModelCall) -> None:
        raise RuntimeError(call.model)

    async with model_server() as model:
        engine = OpenAIEngine(backend(model), observer=fails)
        assert (await engine.classify(PAGE, PLAIN)).scores
        await engine.close()
