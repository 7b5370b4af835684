"""How a backend is asked after it said, or showed, what it does not know."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from model_parts import PAGE, PLAIN, QUESTION, engine_at, fault_of
from model_server import Act, Asked, answer, error, fill, filled, model_server

from docsort_server.engine.model import Outcome
from docsort_server.engine.openai.ladder import PROBE_AGAIN, Ladder, Manner, Rung
from docsort_server.faults import Reason

if TYPE_CHECKING:
    from collections.abc import Callable

VALID = '{"category":"A","c1":true,"c2":false,"c3":true}'


def knows_not(*parameters: str) -> Callable[[Asked], Act]:
    """Refuse requests with any of these parameters as OpenAI does; fill the schema of others."""

    def act(asked: Asked) -> Act:
        for name in parameters:
            if name in asked.body:
                return error(400, f"Unsupported parameter: '{name}'.", param=name)
        return answer(VALID)(asked)

    return act


def strict_only(asked: Asked) -> Act:
    """Refuse every response format but the plain JSON object, in the words of another server."""
    kind = asked.body.get("response_format", {}).get("type")
    if kind == "json_schema":
        return error(422, "response_format.type: json_schema is not one of text, json_object")
    return error(400, "tool use is not enabled") if "tools" in asked.body else answer(VALID)(asked)


@pytest.mark.parametrize(
    ("script", "rung", "calls"),
    [
        (knows_not("logprobs"), Rung.SCHEMA, 2),
        (knows_not("top_logprobs"), Rung.SCHEMA, 2),
        (knows_not("response_format"), Rung.TOOL, 2),
        (strict_only, Rung.JSON_OBJECT, 3),
        (knows_not("response_format", "tools"), Rung.PLAIN, 4),
        (knows_not("temperature"), Rung.SCHEMA_LOGPROBS, 2),
        (knows_not("max_tokens"), Rung.SCHEMA_LOGPROBS, 2),
        (knows_not("temperature", "max_tokens", "logprobs"), Rung.SCHEMA, 4),
    ],
)
async def test_an_unknown_parameter_leads_down(
    script: Callable[[Asked], Act], rung: Rung, calls: int
) -> None:
    """The page is answered all the same, the rung is told, and the next page begins there."""
    async with model_server(script) as server, engine_at(server) as engine:
        first = await engine.classify(PAGE, QUESTION)
        assert len(server.asked) == calls
        second = await engine.classify(PAGE, QUESTION)
        assert len(server.asked) == calls + 1
        last = server.asked[-1]
    assert first.trace is not None
    assert second.trace is not None
    assert first.trace.rung == second.trace.rung == rung.value
    assert (first.confidence_source is None) == (rung is not Rung.SCHEMA_LOGPROBS)
    assert ("JSON schema:" in last.prompt) == rung.spelled


async def test_without_probabilities_there_is_a_label_and_no_confidence() -> None:
    """Nothing is made up: no scores, no source, no confidence of criteria; marks stay."""
    async with model_server(knows_not("logprobs")) as server, engine_at(server) as engine:
        verdict = await engine.classify(PAGE, QUESTION)
        server.then(answer('{"category":"D","c1":false,"c2":false,"c3":false}'))
        nothing = await engine.classify(PAGE, QUESTION)
    assert (verdict.outcome, verdict.label) == (Outcome.MATCHED, 0)
    assert (verdict.scores, verdict.no_match_score, verdict.confidence_source) == ((), None, None)
    marks = [mark for row in verdict.criteria for mark in row]
    assert [(mark.met, mark.confidence) for mark in marks] == [
        (True, None),
        (False, None),
        (True, None),
    ]
    assert (nothing.outcome, nothing.label) == (Outcome.NO_MATCH, None)


async def test_probabilities_that_are_silently_left_out() -> None:
    """A server that ignores the wish for them is not said to have given them the next time."""

    def silent(asked: Asked) -> Act:
        content = {"role": "assistant", "content": VALID}
        return Act({"choices": [{"message": content, "finish_reason": "stop"}]})

    async with model_server(silent) as server, engine_at(server) as engine:
        await engine.classify(PAGE, QUESTION)
        verdict = await engine.classify(PAGE, QUESTION)
        assert "logprobs" not in server.asked[-1].body
    assert verdict.trace is not None
    assert verdict.trace.rung == Rung.SCHEMA.value
    assert verdict.trace.model == "small"


async def test_a_server_that_ignores_the_schema_is_asked_in_words() -> None:
    """Two answers in a row that do not fit lead down a rung, without failing the page."""

    def heeds_words_only(asked: Asked) -> Act:
        spelled = "JSON schema:" in asked.prompt
        return answer(f"Sure!\n```json\n{VALID}\n```" if spelled else "An invoice.")(asked)

    async with model_server(heeds_words_only) as server, engine_at(server) as engine:
        verdict = await engine.classify(PAGE, QUESTION)
        calls = len(server.asked)
        again = await engine.classify(PAGE, QUESTION)
        assert len(server.asked) == calls + 1
    assert verdict.outcome is again.outcome is Outcome.MATCHED
    assert again.trace is not None
    assert again.trace.rung == Rung.JSON_OBJECT.value


@pytest.mark.parametrize("said", ["B", " b.", "invoice CREDIT", '{"category": "Invoice credit"}'])
async def test_plain_text_is_read_with_tolerance(said: str) -> None:
    """On the last rung a bare code or a name will do, if it is exactly one of them."""
    script = knows_not("response_format", "tools")
    async with model_server(script) as server, engine_at(server) as engine:
        await engine.classify(PAGE, PLAIN)
        server.then(answer(said))
        verdict = await engine.classify(PAGE, PLAIN)
    assert verdict.label == 1


async def test_pages_in_flight_lead_down_one_rung_together() -> None:
    """Many pages that meet the same unknown parameter at once are one lesson."""
    async with model_server(knows_not("logprobs")) as server, engine_at(server) as engine:
        verdicts = await asyncio.gather(*(engine.classify(PAGE, QUESTION) for _ in range(20)))
    assert {verdict.trace.rung for verdict in verdicts if verdict.trace} == {Rung.SCHEMA.value}


async def test_a_server_that_takes_no_form_at_all() -> None:
    """When there is no rung left, the page fails and says so."""
    script = error(400, "Unsupported parameter: 'stream_options' of response_format")
    async with model_server(script) as server, engine_at(server) as engine:
        fault = await fault_of(engine)
    assert fault.reason is Reason.MODEL_UNAVAILABLE
    assert "takes none of the forms" in fault.message


async def test_a_complaint_about_nothing_that_was_sent() -> None:
    """A refusal that names no parameter fails its page with the server's words, and no other."""
    async with model_server() as server, engine_at(server) as engine:
        server.then(error(400, "this prompt is unlucky"))
        fault = await fault_of(engine)
        assert "this prompt is unlucky" in fault.message
        assert (await engine.classify(PAGE, QUESTION)).outcome is Outcome.MATCHED


async def test_prefixes_among_names_do_no_harm() -> None:
    """Names that begin one another are told apart, for the model is given codes."""

    def choose_credit(asked: Asked) -> Act:
        assert "B = Invoice credit" in asked.prompt
        return answer(filled(asked.schema, category="B"), chances={"B": 0.8, "A": 0.1})(asked)

    async with model_server(choose_credit) as server, engine_at(server) as engine:
        verdict = await engine.classify(PAGE, PLAIN)
        assert server.asked[0].schema["properties"]["category"]["enum"] == ["A", "B", "C", "D"]
    assert verdict.scores[1] == pytest.approx(0.8)
    assert verdict.scores[0] == pytest.approx(0.1)


def test_it_is_probed_again_after_an_hour() -> None:
    """What was learned is forgotten, for servers are updated."""
    now = [0.0]
    ladder = Ladder(lambda: now[0])
    assert ladder.unsupported("logprobs", ladder.manner)
    now[0] = PROBE_AGAIN - 1.0
    assert ladder.manner.rung is Rung.SCHEMA
    assert ladder.unsupported("temperature", ladder.manner)
    now[0] = PROBE_AGAIN
    assert ladder.manner == Manner()


def test_a_valid_answer_between_two_others_leads_nowhere() -> None:
    """Only answers in a row count, and only those of the present rung."""
    ladder = Ladder()
    top = ladder.manner
    ladder.invalid(top)
    ladder.valid(top, logprobs=True)
    ladder.invalid(top)
    assert ladder.manner == top
    ladder.invalid(top)
    assert ladder.manner.rung is Rung.SCHEMA
    ladder.invalid(top)
    ladder.invalid(top)
    assert ladder.manner.rung is Rung.SCHEMA


async def test_the_default_script_fills_every_schema() -> None:
    """The server of these tests answers a question without criteria too."""
    async with model_server(fill) as server, engine_at(server) as engine:
        verdict = await engine.classify(PAGE, PLAIN)
    assert verdict.criteria == ((), (), ())
