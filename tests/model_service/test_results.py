"""What a model's answers become in the results of a job."""

from __future__ import annotations

import grpc
import pytest
from model_served import KEY, document, job_of, model_served
from model_server import Act, Asked, answer, completion, filled, model_server
from rpc_server import refusal, request

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2

DOCUMENT = document(3)
LIKELY = classification.CONFIDENCE_SOURCE_TOKEN_PROBABILITIES


def silent(asked: Asked) -> Act:
    """Answer with the first option and no probabilities, whatever was asked for."""
    text = answer(filled(asked.schema))(asked).body
    assert isinstance(text, dict)
    choice = {**text["choices"][0]}
    choice.pop("logprobs", None)
    return Act(completion(choice))


def none_fits(asked: Asked) -> Act:
    """Answer that none of the categories fits, without probabilities."""
    last = asked.schema["properties"]["category"]["enum"][-1]
    text = answer(filled(asked.schema, category=last))(asked).body
    assert isinstance(text, dict)
    choice = {**text["choices"][0]}
    choice.pop("logprobs", None)
    return Act(completion(choice))


async def test_a_document_is_classified_by_the_model() -> None:
    """Labels, confidences, usage and provenance are the model's, for pages and document."""
    async with model_server() as model, model_served(model) as server:
        job = await job_of(server.calls, DOCUMENT)
    result = job.result
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert (result.classification, result.outcome) == ("Invoice", classification.OUTCOME_MATCHED)
    assert result.confidence_source == LIKELY
    assert 0.9 < result.confidence < 1.0
    for page in result.page_results:
        assert (page.classification, page.confidence_source) == ("Invoice", LIKELY)
        assert (page.engine, page.rung) == ("openai", "json_schema+logprobs")
        assert page.usage == classification.Usage(
            pages=1, model_calls=1, input_tokens=150, output_tokens=8, cached_tokens=100
        )
    assert result.usage == classification.Usage(
        pages=3, model_calls=3, input_tokens=450, output_tokens=24, cached_tokens=300
    )
    found = result.provenance
    assert (found.engine, found.model, found.answered_model) == ("openai", "small", "small-2026-11")
    assert (found.rung, found.prompt_version, found.weights_digest) == (
        "json_schema+logprobs",
        "p1",
        "",
    )
    assert {each.headers["authorization"] for each in model.asked} == {f"Bearer {KEY}"}


async def test_prices_make_a_cost() -> None:
    """Cached input is charged as its own price says."""
    prices = {"openai_price_input": 2.0, "openai_price_cached": 1.0, "openai_price_output": 10.0}
    async with model_server() as model, model_served(model, **prices) as server:
        result = (await job_of(server.calls, DOCUMENT)).result
    assert result.page_results[0].usage.cost == pytest.approx((50 * 2 + 100 * 1 + 8 * 10) / 1e6)
    assert result.usage.cost == pytest.approx(3 * result.page_results[0].usage.cost)


async def test_a_model_without_probabilities_gives_labels_alone() -> None:
    """No number is made up: scores and confidence are unset, for the document too."""
    async with model_server(silent) as model, model_served(model) as server:
        result = (await job_of(server.calls, DOCUMENT)).result
    both: list[classification.ClassificationResult | classification.PageResult] = [
        result,
        *result.page_results,
    ]
    for each in both:
        assert each.classification == "Invoice"
        assert each.outcome == classification.OUTCOME_MATCHED
        assert not each.HasField("confidence")
        assert not each.HasField("no_match_score")
        assert not each.category_scores
        assert each.confidence_source == classification.CONFIDENCE_SOURCE_UNSPECIFIED
    assert [each.classification for each in result.segments] == ["Invoice"]


async def test_none_of_these_is_an_answer() -> None:
    """Without probabilities there is no nearest category to name."""
    async with model_server(none_fits) as model, model_served(model) as server:
        job = await job_of(server.calls, DOCUMENT)
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert job.result.outcome == classification.OUTCOME_NO_MATCH
    assert not job.result.HasField("classification")
    assert job.result.processed_pages == 3


async def test_votes_are_confidences() -> None:
    """Where the server's settings ask for votes, a model without probabilities has scores."""
    async with model_server(silent) as model, model_served(model, openai_votes=3) as server:
        result = (await job_of(server.calls, DOCUMENT)).result
    assert result.confidence_source == classification.CONFIDENCE_SOURCE_VOTED
    assert result.confidence == 1.0
    assert result.usage.model_calls == 9


async def test_a_request_chooses_its_engine() -> None:
    """The embedded engine is there beside the model, and an unknown name is refused."""
    local = classification.ClassificationOptions(engine="local")
    unknown = classification.ClassificationOptions(engine="oracle")
    async with model_server() as model, model_served(model) as server:
        result = (await job_of(server.calls, DOCUMENT, local)).result
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await server.calls.submit(request(DOCUMENT, options=unknown))
        assert not model.asked
    assert result.provenance.engine == "local"
    assert result.confidence_source == classification.CONFIDENCE_SOURCE_LOCAL_MODEL
    assert (result.usage.model_calls, result.provenance.rung) == (0, "")
    assert refusal(caught.value).code is grpc.StatusCode.INVALID_ARGUMENT
    assert "'oracle'; this server has: cascade, local, openai" in refusal(caught.value).text
