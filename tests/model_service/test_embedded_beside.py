"""The embedded engine of a server that has a model as well."""

from __future__ import annotations

import pytest
from model_served import document, job_of, model_served
from model_server import model_server

from docsort.v1.classification_pb2 import ClassificationOptions


async def test_it_starts_with_the_first_job_that_asks_it() -> None:
    """Where jobs ask the model unless told otherwise, its processes are started when named."""
    async with model_server() as model, model_served(model) as server:
        job = await job_of(server.calls, document(1))
        assert job.result.provenance.engine == "openai"
        assert server.app.classifiers.pids == ()
        job = await job_of(server.calls, document(1), ClassificationOptions(engine="local"))
        assert job.result.provenance.engine == "local"
        assert len(server.app.classifiers.pids) == 1


@pytest.mark.parametrize("change", [{"engine": "cascade"}, {"fallback": "local"}])
async def test_it_is_there_where_any_job_may_ask_it(change: dict[str, str]) -> None:
    """The cascade asks it first and a fallback at any moment: neither waits for its start."""
    async with model_server() as model, model_served(model, **change) as server:
        assert len(server.app.classifiers.pids) == 1
