"""Criteria with terms, through the whole service: with a model and with the embedded engine."""

from __future__ import annotations

from typing import Any

import grpc.aio
import pytest
from google.rpc import error_details_pb2
from model_served import TEXT, model_served
from model_server import ModelServer, answer, filled, model_server
from pdf_files import pdf
from rpc_server import Calls, events, refusal

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import document_pb2, job_pb2
from docsort.v1.classification_service_pb2 import ClassifyRequest

Criterion = classification.Criterion
MET, NOT_MET = classification.VERDICT_MET, classification.VERDICT_NOT_MET
NUMBER = Criterion(text="has a number", pattern=r"no\. \d{5}", weight=3.0)
PAID = Criterion(text="is marked as paid", negative=True)
SIGNED = Criterion(text="is signed", required=True)


async def asked(calls: Calls, *criteria: classification.Criterion, engine: str = "") -> job_pb2.Job:
    """Classify an invoice of two pages with criteria for invoices."""
    request = ClassifyRequest(
        document=document_pb2.DocumentSource(content=pdf(TEXT, f"{TEXT}\npage 2")),
        categories=[
            classification.Category(name="Invoice", criteria=criteria),
            classification.Category(name="Contract"),
        ],
        options=classification.ClassificationOptions(engine=engine),
    )
    return (await events(calls.classify(request)))[-1].finished.job


def says(model: ModelServer, **values: object) -> None:
    """Let the model answer so."""
    model.default = lambda asked: answer(filled(asked.schema, **values))(asked)


async def test_a_pattern_is_not_the_models_business() -> None:
    """It is in neither prompt nor schema, and decides by the page's text, with its line."""
    async with model_server() as model, model_served(model) as server:
        result = (await asked(server.calls, NUMBER, PAID, SIGNED)).result
        assert len(model.asked) == 2
        for each in model.asked:
            assert "has a number" not in each.prompt
            assert "pattern" not in str(each.body)
            assert set(each.schema["properties"]) == {"category", "c1", "c2"} | {"q1", "q2"}
    page = result.page_results[0]
    assert [mark.verdict for mark in page.criteria] == [MET, NOT_MET, MET]
    assert page.criteria[0].evidence == "Invoice no. 00417"
    assert page.criteria[0].confidence == 1.0
    (invoice, contract) = result.response_confidence.categories
    assert invoice.confidence == pytest.approx(4 / 5)
    assert [each.confidence for each in invoice.criteria_confidence] == [MET, NOT_MET, MET]
    assert not contract.HasField("confidence")


async def test_patterns_alone_ask_nothing_but_the_category() -> None:
    """The schema has no criteria then."""
    async with model_server() as model, model_served(model) as server:
        await asked(server.calls, NUMBER)
        assert set(model.asked[0].schema["properties"]) == {"category"}


async def test_what_is_required_and_not_met_is_no_match() -> None:
    """The pages keep what they are; the document is of no category."""
    async with model_server() as model, model_served(model) as server:
        says(model, c1=False)
        result = (await asked(server.calls, SIGNED)).result
    assert result.outcome == classification.OUTCOME_NO_MATCH
    assert result.category_scores[0].score == 0.0
    total = sum(each.score for each in result.category_scores) + result.no_match_score
    assert total == pytest.approx(1.0)
    assert {page.outcome for page in result.page_results} == {classification.OUTCOME_MATCHED}


async def test_the_embedded_engine_means_the_same() -> None:
    """Patterns and what is unwanted are decided alike."""
    async with model_server() as model, model_served(model) as server:
        result = (await asked(server.calls, NUMBER, PAID, engine="local")).result
        assert not model.asked
    assert result.classification == "Invoice"
    assert [mark.verdict for mark in result.page_results[0].criteria] == [MET, MET]


@pytest.mark.parametrize(
    ("criterion", "path", "said"),
    [
        ({"pattern": "("}, "pattern", "must be a regular expression of RE2: missing ): ("),
        ({"pattern": "x" * 501}, "pattern", "must have at most 500 characters, has 501"),
        ({"weight": 0.0}, "weight", "must be above 0 and at most 100, is 0"),
        ({"weight": float("nan")}, "weight", "must be above 0 and at most 100, is nan"),
    ],
)
async def test_terms_that_cannot_be_are_refused(
    criterion: dict[str, Any], path: str, said: str
) -> None:
    """The field is named, and of a pattern what is wrong with it."""
    async with model_server() as model, model_served(model) as server:
        with pytest.raises(grpc.aio.AioRpcError) as caught:
            await asked(server.calls, Criterion(text="x", **criterion))
    found = refusal(caught.value).details[error_details_pb2.BadRequest]
    assert isinstance(found, error_details_pb2.BadRequest)
    (violation,) = found.field_violations
    assert violation.field == f"categories[0].criteria[0].{path}"
    assert violation.description == said


async def test_patterns_are_bounded_in_all() -> None:
    """However they are spread over the categories."""
    many = [Criterion(text=f"c{n}", pattern=f"p{n}") for n in range(50)]
    request = ClassifyRequest(
        document=document_pb2.DocumentSource(content=pdf(TEXT)),
        categories=[classification.Category(name=f"n{n}", criteria=many) for n in range(5)],
    )
    async with model_server() as model, model_served(model) as server:
        with pytest.raises(grpc.aio.AioRpcError, match="at most 200 criteria with a pattern"):
            await events(server.calls.classify(request))
