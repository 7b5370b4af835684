"""Engines that a caller brings instead of the embedded one."""

from job_parts import ScriptedEngine
from pdf_files import pdf
from rpc_server import Calls, connected, events, request

from docsort_server.app import serving
from docsort_server.settings import Settings


async def test_another_engine_takes_the_place_of_the_embedded_one() -> None:
    """Jobs are classified by it, and no process of the embedded engine is started."""
    engine = ScriptedEngine()
    settings = Settings(listen="127.0.0.1:0", store="memory", parser_workers=1, engine="scripted")
    async with (
        serving(settings, {"scripted": engine}) as app,
        connected(app.address) as channel,
    ):
        found = await events(Calls(channel).classify(request(pdf("an invoice", "a letter"))))
        assert app.classifiers.pids == ()
    assert found[-1].finished.job.result.provenance.engine == "scripted"
    assert sorted(engine.seen) == [1, 2]
