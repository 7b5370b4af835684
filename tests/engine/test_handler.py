"""The worker's side: requests in, verdicts out."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

import pytest
from engine_pages import INVOICE, page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.local.handler import EngineHandler, factory, question_from
from docsort_server.engine.model import Category, Question
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import MOST, Kind
from docsort_server.engine.schema.plain import finding_from_plain, verdict_to_plain
from docsort_server.engine.schema.samples import SampleVerdict

_QUESTION = Question(
    (
        Category("Invoice", "A bill", ("shows a due date",), threshold=0.3, examples=("Pay!",)),
        Category("Letter"),
    )
)


def _send(handler: EngineHandler, request: dict[str, Any]) -> dict[str, Any]:
    over_the_wire = json.loads(json.dumps(request))
    (reply,) = handler.handle(over_the_wire, None)
    received: dict[str, Any] = json.loads(json.dumps(reply))
    return received


def _classify(key: str, question: dict[str, Any] | None = None) -> dict[str, Any]:
    return {"op": "classify", "key": key, "page": asdict(page(INVOICE)), "question": question}


def test_prepared_question_answers_pages() -> None:
    """A question sent ahead is known by its key; the answer equals that in process."""
    handler = factory()
    assert _send(handler, {"op": "question", "key": "k", **asdict(_QUESTION)}) == {"ready": True}
    reply = _send(handler, _classify("k"))
    verdict = classify_page(page(INVOICE), _QUESTION)
    assert reply["outcome"] == verdict.outcome
    assert reply["scores"] == list(verdict.scores)
    assert reply["no_match"] == verdict.no_match_score
    mark = verdict.criteria[0][0]
    assert reply["criteria"] == [[[mark.met, mark.confidence, mark.evidence]], []]


def test_unknown_key_asks_for_the_question() -> None:
    """A worker that does not know the question says so, and takes it with the page."""
    handler = factory()
    assert _send(handler, _classify("new")) == {"unknown_question": True}
    assert _send(handler, _classify("new", question=asdict(_QUESTION)))["outcome"] == "MATCHED"
    assert "scores" in _send(handler, _classify("new"))


def test_oldest_question_is_forgotten_first() -> None:
    """The cache is bounded; a question in use stays."""
    handler = factory()
    _send(handler, {"op": "question", "key": "used", **asdict(_QUESTION)})
    for number in range(70):
        _send(handler, {"op": "question", "key": str(number), **asdict(_QUESTION)})
        _send(handler, _classify("used"))
    assert _send(handler, _classify("0")) == {"unknown_question": True}
    assert "scores" in _send(handler, _classify("used"))


def test_unknown_operation_is_an_error() -> None:
    """Nothing is guessed."""
    with pytest.raises(ValueError, match="unknown operation 'guess'"):
        _send(factory(), {"op": "guess"})


def test_question_survives_the_wire() -> None:
    """A question read back from its plain form is equal."""
    assert question_from(json.loads(json.dumps(asdict(_QUESTION)))) == _QUESTION


def test_a_check_of_categories_comes_back_whole() -> None:
    """Findings and verdicts on samples survive the way there and back, and are bounded."""
    categories = (Category("Invoice", criteria=("is stamped",)), Category("Bill"))
    verdicts = [SampleVerdict(number, 0, 0, ((False,), ())) for number in range(3)]
    request = {
        "op": "check",
        "question": asdict(Question(categories)),
        "verdicts": [verdict_to_plain(each) for each in verdicts],
    }
    reply = _send(factory(), request)
    found = [finding_from_plain(each) for each in reply["findings"]]
    assert found == check(categories, verdicts)
    assert {each.kind for each in found} == {Kind.DUPLICATE_CATEGORIES, Kind.CRITERION_NEVER_MET}
    assert reply["omitted"] == 0
    many = tuple(
        Category(f"Paper {number}", criteria=("Looks nice",)) for number in range(MOST + 7)
    )
    reply = _send(factory(), {**request, "question": asdict(Question(many)), "verdicts": []})
    assert len(reply["findings"]) == MOST
    assert reply["omitted"] == len(check(many)) - MOST > 0
