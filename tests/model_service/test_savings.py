"""Calls of a model that are not made: the embedded engine was sure, or the answer is decided."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest
from model_served import document, job_of, model_served
from model_server import Act, Asked, fill, model_server

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import job_pb2

if TYPE_CHECKING:
    from pathlib import Path

CASCADE = classification.ClassificationOptions(engine="cascade")
DECIDED = classification.ClassificationOptions(stop_when=classification.STOP_WHEN_DECIDED)


@pytest.mark.parametrize(("margin", "asked"), [(0.0, 0), (1.0, 4)])
async def test_the_margin_decides_who_answers(margin: float, asked: int) -> None:
    """At 0 the embedded engine answers all by itself, at 1 nothing."""
    async with (
        model_server() as model,
        model_served(model, cascade_margin=margin) as server,
    ):
        result = (await job_of(server.calls, document(4), CASCADE)).result
        assert len(model.asked) == asked
    assert result.provenance.engine == "cascade"
    assert result.usage.local_pages == 4 - asked
    assert result.usage.model_calls == asked
    engines = {page.engine for page in result.page_results}
    assert engines == ({"openai"} if asked else {"local"})


async def test_a_cascade_may_be_the_default_and_fall_back_on_itself() -> None:
    """Where its model is away the embedded engine's answers stand, and the result says so."""
    async with (
        model_server(lambda _: Act(status=401, body={"error": {"message": "no"}})) as model,
        model_served(model, engine="cascade", cascade_margin=1.0) as server,
    ):
        result = (await job_of(server.calls, document(3))).result
    assert Counter(page.engine for page in result.page_results) == {"local": 3}
    assert [each.code for each in result.warnings] == [classification.WARNING_CODE_FALLBACK_USED]


class Reluctant:
    """Fills so many answers, each after a moment; every later call is under way to the end."""

    def __init__(self, willing: int) -> None:
        self._left = willing

    def __call__(self, asked: Asked) -> Act:
        """Answer a call."""
        self._left -= 1
        return Act(fill(asked).body, wait=0.05 if self._left >= 0 else 30)


@pytest.mark.parametrize("store", ["memory", "jetstream"])
async def test_a_job_stops_when_its_answer_is_decided(store: str, tmp_path: Path) -> None:
    """More than half of its pages are enough; the others are told as left out for that."""
    folder = {"data": str(tmp_path)} if store == "jetstream" else {}
    async with (
        # As many as decide: the call after them is under way when that is noticed.
        model_server(Reluctant(10)) as model,
        model_served(model, store=store, openai_max_concurrency=1, **folder) as server,
    ):
        job = await job_of(server.calls, document(20), DECIDED)
        asked = len(model.asked)
    result = job.result
    done = len(result.page_results)
    assert job.status == job_pb2.JOB_STATUS_COMPLETED
    assert done == 10
    # The one that was under way, and none after that.
    assert asked == done + 1
    assert result.total_pages == 20
    assert result.classification == "Invoice"
    assert [each.code for each in result.warnings] == [classification.WARNING_CODE_STOPPED_EARLY]
    excluded = Counter(page.exclusion for page in result.aggregation.pages)
    assert excluded[classification.PAGE_EXCLUSION_STOPPED_EARLY] == 20 - done


async def test_a_job_that_is_not_decided_goes_to_its_end() -> None:
    """Without scores that lead, or without the option, every page is answered."""
    async with model_server() as model, model_served(model) as server:
        assert len((await job_of(server.calls, document(5))).result.page_results) == 5
        one = (await job_of(server.calls, document(1), DECIDED)).result
    assert not one.warnings
