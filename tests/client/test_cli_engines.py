"""Engines, budgets and the early end on the command line."""

from pathlib import Path

from client_scripts import script
from command import Ended, ran

from docsort.testing import Server
from docsort.v1 import classification_service_pb2

EVENTS = script()


async def classified(server: Server, *arguments: str | Path) -> Ended:
    """Run `docsort classify` against a scripted server."""
    async with server:
        return await ran("classify", *arguments, "-c", "Invoice", server=server.target)


async def test_engines_and_budgets_are_sent(document: Path) -> None:
    """Who answers, who answers instead, and for how much."""
    server = Server(EVENTS)
    arguments = ["--engine", "cascade", "--fallback", "b", "--fallback", "local"]
    arguments += ["--max-model-calls", "5", "--max-seconds", "9", "--when-spent", "leave_out"]
    await classified(server, document, *arguments, "--stop-when", "decided")
    options = (await server.received(classification_service_pb2.ClassifyRequest)).options
    assert (options.engine, list(options.fallback_engines)) == ("cascade", ["b", "local"])
    assert (options.budget.max_model_calls, options.budget.max_time.seconds) == (5, 9)
    assert (options.budget.when_spent, options.stop_when) == (2, 1)


async def test_a_budget_needs_a_bound(document: Path) -> None:
    """What becomes of the rest means nothing without one, and neither do no calls."""
    ended = await classified(Server(EVENTS), document, "--when-spent", "local")
    assert ended.code == 2
    assert "--when-spent needs --max-model-calls or --max-seconds" in ended.err
    ended = await classified(Server(EVENTS), document, "--max-model-calls", "0")
    assert (ended.code, "not a number of calls: 0" in ended.err) == (2, True)
