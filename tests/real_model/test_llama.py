"""The engine against a real model server: protocol and shape, not the model's opinions."""

from __future__ import annotations

import asyncio
import subprocess
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import aiohttp
import pytest
from engine_pages import INVOICE, LEASE, page
from model_parts import backend
from source_tree import ROOT

from docsort_server.engine.model import Category, ConfidenceSource, Outcome, Question
from docsort_server.engine.openai.engine import OpenAIEngine
from docsort_server.engine.openai.forecast import ModelForecaster
from docsort_server.engine.openai.ladder import Rung
from docsort_server.engine.openai.prompt import prompt_of

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator

    from docsort_server.engine.model import PageVerdict

pytestmark = pytest.mark.timeout(540)
QUESTION = Question(
    (
        Category("Invoice", "asks for payment of goods or services", ("states a total to pay",)),
        Category("Lease", "lets a home or an office", ("names a landlord",)),
    ),
    evidence=False,
)
# Prompts on a busy machine of two processors take their time.
PATIENT: dict[str, Any] = {"timeout": 240.0, "patience": 300.0, "max_concurrency": 2}


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Run the server and return its address."""
    command = [str(ROOT / ".venv-model/bin/python"), str(ROOT / "scripts/serve_model.py")]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.kill()


@asynccontextmanager
async def engine_at(address: str) -> AsyncGenerator[OpenAIEngine, None]:
    """Run an engine for the server, which wants no key."""
    engine = OpenAIEngine(backend(base_url=f"{address}/v1", api_key="", **PATIENT))
    try:
        yield engine
    finally:
        await engine.close()


def check(verdict: PageVerdict) -> None:
    """Hold what every answer with probabilities has."""
    assert verdict.outcome in (Outcome.MATCHED, Outcome.AMBIGUOUS, Outcome.NO_MATCH)
    assert verdict.confidence_source is ConfidenceSource.TOKEN_PROBABILITIES
    assert verdict.no_match_score is not None
    assert sum(verdict.scores) + verdict.no_match_score == pytest.approx(1.0)
    assert [len(row) for row in verdict.criteria] == [1, 1]
    marks = [mark for row in verdict.criteria for mark in row]
    assert all(mark.confidence is not None and 0.0 <= mark.confidence <= 1.0 for mark in marks)
    assert verdict.trace is not None
    assert verdict.trace.rung == Rung.SCHEMA_LOGPROBS.value
    assert verdict.trace.mass is not None
    assert 0.0 < verdict.trace.mass <= 1.0
    assert verdict.trace.usage.input_tokens > 100
    assert verdict.trace.usage.output_tokens >= 10


async def test_pages_are_classified_with_probabilities(address: str) -> None:
    """Two pages at once, strict schema and log probabilities on the first rung."""
    async with engine_at(address) as engine:
        pages = (engine.classify(page(text), QUESTION) for text in (INVOICE, LEASE))
        for verdict in await asyncio.gather(*pages):
            check(verdict)
        again = await engine.classify(page(INVOICE), QUESTION)
    check(again)
    assert again.trace is not None
    assert again.trace.usage.cached_tokens > len(prompt_of(QUESTION).system) // 10


async def test_forecasts_hold_what_a_real_tokenizer_counts(address: str) -> None:
    """Tokens in and out, as the server counts them, lie within the bounds told before."""
    forecaster = ModelForecaster(backend(), cached=False)
    async with engine_at(address) as engine:
        for text in (INVOICE, LEASE):
            told = forecaster.forecast(page(text), QUESTION)
            verdict = await engine.classify(page(text), QUESTION)
            assert verdict.trace is not None
            usage = verdict.trace.usage
            assert told.input_tokens.least <= usage.input_tokens <= told.input_tokens.most
            assert told.output_tokens.least <= usage.output_tokens <= told.output_tokens.most


async def test_codes_of_two_letters(address: str) -> None:
    """More than 26 options are told apart too, however the model cuts their codes."""
    many = tuple(Category(f"Kind {number}") for number in range(30))
    async with engine_at(address) as engine:
        verdict = await engine.classify(page(INVOICE), Question(many, evidence=False))
    assert len(verdict.scores) == 30
    assert verdict.no_match_score is not None
    assert sum(verdict.scores) + verdict.no_match_score == pytest.approx(1.0)


async def busy(address: str) -> int:
    """Return how many of the server's slots are at work."""
    async with aiohttp.ClientSession() as session, session.get(f"{address}/slots") as reply:
        return sum(slot["is_processing"] for slot in await reply.json())


async def until_busy(address: str, count: int) -> None:
    """Wait until so many slots are at work."""
    async with asyncio.timeout(120):
        while await busy(address) != count:  # noqa: ASYNC110 - the server tells nobody
            await asyncio.sleep(0.02)


async def test_cancelling_stops_the_model(address: str) -> None:
    """The server drops a page whose task was cancelled, and takes the next."""
    long = replace(page(INVOICE), text="\n".join(f"{line} {INVOICE}" for line in range(4)))
    async with engine_at(address) as engine:
        task = asyncio.create_task(engine.classify(long, QUESTION))
        await until_busy(address, 1)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await until_busy(address, 0)
        check(await engine.classify(page(LEASE), QUESTION))
