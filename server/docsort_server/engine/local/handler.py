"""The embedded engine's side of the sandbox: requests in, verdicts out, as plain values."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from docsort_server.documents.model import PageContent
from docsort_server.engine.local.engine import default_engine
from docsort_server.engine.model import Category, Question, Terms
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import MOST
from docsort_server.engine.schema.plain import finding_to_plain, verdict_from_plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.engine.local.engine import Engine
    from docsort_server.engine.local.question import CompiledQuestion
    from docsort_server.engine.model import PageVerdict

_QUESTIONS = 64


class EngineHandler:
    """Answers `question`, `classify` and `check` requests; the last 64 questions stay prepared."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._questions: OrderedDict[str, CompiledQuestion] = OrderedDict()

    def handle(self, request: dict[str, Any], fd: int | None) -> Iterator[dict[str, Any]]:
        """Yield one reply. Raises ValueError for an unknown operation, KeyError for lost fields."""
        match request["op"]:
            case "question":
                self._learn(request["key"], request)
                yield {"ready": True}
            case "classify":
                yield self._classify(request)
            case "check":
                yield _checked(request)
            case other:
                raise ValueError(f"unknown operation {other!r}")

    def rest(self) -> None:
        """Keep the prepared questions: they are small, and the next job may ask them."""

    def _classify(self, request: dict[str, Any]) -> dict[str, Any]:
        key = request["key"]
        if request.get("question") is not None:
            self._learn(key, request["question"])
        question = self._questions.get(key)
        if question is None:
            return {"unknown_question": True}
        self._questions.move_to_end(key)
        return _reply(self._engine.classify(PageContent(**request["page"]), question))

    def _learn(self, key: str, data: dict[str, Any]) -> None:
        if key not in self._questions:
            self._questions[key] = self._engine.prepare(question_from(data))
        while len(self._questions) > _QUESTIONS:
            self._questions.popitem(last=False)


def question_from(data: dict[str, Any]) -> Question:
    """Build the question of a request. Raises KeyError when a category has no name."""
    return Question(
        categories=tuple(
            Category(
                each["name"],
                each.get("description", ""),
                tuple(each.get("criteria", ())),
                tuple(Terms(**terms) for terms in each.get("terms", ())),
                each.get("threshold"),
                tuple(each.get("examples", ())),
            )
            for each in data["categories"]
        ),
        min_confidence=data.get("min_confidence"),
        min_margin=data.get("min_margin"),
        evidence=data.get("evidence", True),
    )


def _checked(request: dict[str, Any]) -> dict[str, Any]:
    verdicts = [verdict_from_plain(each) for each in request["verdicts"]]
    found = check(question_from(request["question"]).categories, verdicts)
    return {
        "findings": [finding_to_plain(each) for each in found[:MOST]],
        "omitted": max(0, len(found) - MOST),
    }


def _reply(verdict: PageVerdict) -> dict[str, Any]:
    return {
        "outcome": verdict.outcome.value,
        "scores": verdict.scores,
        "no_match": verdict.no_match_score,
        "criteria": [
            [(mark.met, mark.confidence, mark.evidence) for mark in marks]
            for marks in verdict.criteria
        ],
        "unfamiliar": verdict.unfamiliar,
        "suggestion": asdict(verdict.suggestion) if verdict.suggestion else None,
    }


def factory() -> EngineHandler:
    """Make the handler with the data that ships with docsort."""
    return EngineHandler(default_engine())
