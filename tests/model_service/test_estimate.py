"""What a job would take of a model, held against the job that follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from model_served import document, job_of, model_served
from model_server import model_server
from pdf_files import pdf
from rpc_server import request

from docsort.v1 import classification_pb2 as classification

if TYPE_CHECKING:
    from docsort.v1.job_service_pb2 import CountRange, EstimateJobResponse

Options = classification.ClassificationOptions
Budget = classification.Budget


def bounds(count: CountRange) -> tuple[int, int]:
    """Return the least and the most."""
    return count.least, count.most


async def estimate(
    options: Options | None = None, content: bytes = b"", **changes: object
) -> EstimateJobResponse:
    """Estimate a document, by default of four pages; `changes` are settings."""
    async with model_server() as model, model_served(model, **changes) as server:
        told = await server.calls.estimate(request(content or document(4), options=options))
        assert model.asked == []
    return told


async def test_bounds_hold_for_the_job_that_follows() -> None:
    """Every page is one call; tokens are a range (`make test-model` holds it to a tokenizer)."""
    async with model_server() as model, model_served(model) as server:
        told = await server.calls.estimate(request(document(4)))
        assert model.asked == []
        usage = (await job_of(server.calls, document(4))).result.usage
    assert (told.engine, told.pages, told.pages_read) == ("openai", 4, 4)
    assert bounds(told.model_calls) == (4, 4) == (usage.model_calls, usage.model_calls)
    assert 0 < told.input_tokens.least < told.input_tokens.most
    assert 0 < told.output_tokens.least < told.output_tokens.most


async def test_a_cascade_may_need_no_model_at_all() -> None:
    """The least is nothing, and a note says why."""
    told = await estimate(Options(engine="cascade"))
    assert bounds(told.model_calls) == (0, 4)
    assert told.input_tokens.least == 0 < told.input_tokens.most
    assert any("embedded engine leaves" in note for note in told.notes)


async def test_votes_are_the_most() -> None:
    """Whether a model votes shows with its first answer."""
    told = await estimate(openai_votes=3)
    assert bounds(told.model_calls) == (4, 12)


async def test_a_budget_bounds_the_calls_and_their_tokens() -> None:
    """Pages beyond it are told of, with what becomes of them."""
    whole = await estimate()
    cut = await estimate(Options(budget=Budget(max_model_calls=1)))
    assert bounds(cut.model_calls) == (1, 1)
    assert cut.input_tokens.most == pytest.approx(whole.input_tokens.most / 4, rel=0.01)
    assert any("answered by the embedded engine" in note for note in cut.notes)


async def test_prices_give_a_cost() -> None:
    """The most is the most tokens at their price."""
    told = await estimate(openai_price_input=1.0, openai_price_output=2.0)
    most = (told.input_tokens.most + 2 * told.output_tokens.most) / 1e6
    assert told.cost.most == pytest.approx(most, rel=0.01)
    assert 0 < told.cost.least < told.cost.most


async def test_a_long_document_is_read_in_part() -> None:
    """Some pages stand for all, evenly spread; a blank one lowers the mean."""
    told = await estimate(content=document(9), estimate_pages=3)
    assert (told.pages, told.pages_read) == (9, 3)
    assert bounds(told.model_calls) == (9, 9)
    assert told.notes[0].startswith("3 of 9 pages were read for this")


async def test_a_blank_page_takes_no_call() -> None:
    """As in a job, nobody is asked about it."""
    told = await estimate(content=pdf("", ""))
    assert bounds(told.model_calls) == (0, 0)


async def test_a_job_that_may_stop_early_takes_at_least_a_page() -> None:
    """How soon it is decided is not known before."""
    told = await estimate(Options(stop_when=classification.STOP_WHEN_DECIDED))
    assert bounds(told.model_calls) == (1, 4)
