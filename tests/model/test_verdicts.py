"""What becomes of pages, from the blank to the quoted."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from itertools import cycle
from typing import TYPE_CHECKING

import pytest
from engine_pages import page
from eventually import eventually
from hypothesis import example, given
from hypothesis import strategies as st
from model_parts import PAGE, PLAIN, QUESTION, engine_at
from model_server import Act, Asked, answer, error, filled, model_server

from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import ConfidenceSource, Outcome, Turn
from docsort_server.engine.openai.backend import Vision
from docsort_server.engine.openai.calibration import Calibration
from docsort_server.engine.openai.engine import plainly_legible
from docsort_server.faults import Fault

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent

SCAN = page("", images=1, image_share=0.9)
BROKEN = page("\ufffd" * 200)
PNG = b"\x89PNG and so on"
FIT = Calibration("fit-1", "default", "small", 2.0, 400, 0.02)


class Picture:
    """Draws every page as the same picture, or none."""

    def __init__(self, picture: bytes | None = PNG) -> None:
        self.picture = picture
        self.drawn = 0

    async def __call__(self) -> bytes | None:
        """Return the picture."""
        self.drawn += 1
        return self.picture


@given(
    st.text(st.characters(codec="ascii"), max_size=400),
    st.sampled_from(
        [
            "",
            "word " * 40,
            "intentionally left blank ",
            "x" * 119,
            "x" * 120,
            "wklv lv d zrug " * 10,
        ]
    ),
    st.floats(0.0, 1.0),
    st.sampled_from([0.0, 10.0]),
)
@example("", "wklv lv d zrug " * 10, 0.0, 10.0)
def test_the_short_cut_agrees_with_the_embedded_engine(
    text: str, more: str, image_share: float, size: float
) -> None:
    """What is plainly legible is never blank or unreadable for the engine that looks closely."""
    content = replace(page(text + more, image_share=image_share), max_font_size=size)
    if plainly_legible(content):
        assert unread(content) is None


async def test_a_blank_page_costs_no_call() -> None:
    """Nothing is on it, so nobody is asked."""
    async with model_server() as server, engine_at(server) as engine:
        verdict = await engine.classify(page(""), QUESTION, Turn(picture=Picture()))
        assert server.asked == []
    assert (verdict.outcome, verdict.scores, verdict.trace) == (Outcome.BLANK, (), None)


@pytest.mark.parametrize("picture", [None, Picture(None)])
@pytest.mark.parametrize("content", [SCAN, BROKEN])
async def test_a_page_without_text_or_image_is_unreadable(
    picture: Picture | None, content: PageContent
) -> None:
    """Without an image there is nothing to show, so nobody is asked."""
    async with model_server() as server, engine_at(server) as engine:
        verdict = await engine.classify(content, QUESTION, Turn(picture=picture))
        assert server.asked == []
    assert verdict.outcome is Outcome.UNREADABLE


@pytest.mark.parametrize(
    ("vision", "content", "shown"),
    [
        (Vision.AUTO, SCAN, True),
        (Vision.AUTO, BROKEN, True),
        (Vision.AUTO, PAGE, False),
        (Vision.ALWAYS, PAGE, True),
        (Vision.NEVER, PAGE, False),
    ],
)
async def test_when_the_image_is_sent(vision: Vision, content: PageContent, shown: bool) -> None:
    """Auto sends it where there is no usable text; text that is broken is then left out."""
    picture = Picture()
    async with model_server() as server, engine_at(server, vision=vision) as engine:
        verdict = await engine.classify(content, PLAIN, Turn(picture=picture))
        sent = server.asked[0].body["messages"][1]["content"]
    assert verdict.outcome is Outcome.MATCHED
    assert bool(picture.drawn) == shown
    assert verdict.seen == (shown and content is not PAGE)
    assert isinstance(sent, list) == shown
    assert "\ufffd" not in str(sent)
    if shown:
        assert (PAGE.text in sent[0]["text"]) == (content is PAGE)


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, "Invalid content type. image_url is only supported by certain models."),
        (500, "image input is not supported - hint: you may need to provide the mmproj"),
        (400, "qwen is not a multimodal model"),
        (422, "unknown variant `image_url`, expected `text`"),
        (400, "This model doesn't support images"),
    ],
)
@pytest.mark.parametrize("vision", [Vision.AUTO, Vision.ALWAYS])
async def test_a_backend_without_eyes_is_shown_no_more_pictures(
    status: int, said: str, vision: Vision
) -> None:
    """Scans are unreadable then, pages with text are asked by that, and it is not asked again."""
    turn = Turn(picture=Picture())
    async with model_server() as server, engine_at(server, vision=vision) as engine:
        server.then(error(status, said))
        assert (await engine.classify(SCAN, PLAIN, turn)).outcome is Outcome.UNREADABLE
        assert len(server.asked) == 1
        assert (await engine.classify(SCAN, PLAIN, turn)).outcome is Outcome.UNREADABLE
        assert (await engine.classify(PAGE, PLAIN, turn)).outcome is Outcome.MATCHED
        assert len(server.asked) == 2
        assert isinstance(server.asked[1].body["messages"][1]["content"], str)


async def test_a_picture_that_is_too_large_makes_no_backend_blind() -> None:
    """The page fails; the next one is shown."""
    turn = Turn(picture=Picture())
    async with model_server() as server, engine_at(server) as engine:
        server.then(error(400, "The image exceeds 5 MB: at most 8000 pixels"))
        with pytest.raises(Fault):
            await engine.classify(SCAN, PLAIN, turn)
        assert (await engine.classify(SCAN, PLAIN, turn)).seen


async def test_scans_are_never_sent_where_vision_is_off() -> None:
    """With `never`, a scan stays unreadable although it could be rendered."""
    async with model_server() as server:
        async with engine_at(server, vision=Vision.NEVER) as engine:
            verdict = await engine.classify(SCAN, PLAIN, Turn(picture=Picture()))
        assert server.asked == []
    assert verdict.outcome is Outcome.UNREADABLE


async def test_none_of_these_is_an_answer() -> None:
    """The last code is the belief that no category fits, and decides the outcome."""

    def none(asked: Asked) -> Act:
        return answer(filled(asked.schema, category="D"), chances={"D": 0.7, "A": 0.3})(asked)

    async with model_server(none) as server, engine_at(server) as engine:
        verdict = await engine.classify(PAGE, PLAIN)
    assert verdict.outcome is Outcome.NO_MATCH
    assert verdict.no_match_score == pytest.approx(0.7, abs=0.01)
    assert verdict.raw_result == "D"


async def test_quotes_that_are_not_on_the_page_are_dropped() -> None:
    """A quote is kept where it stands on the page, whatever its spacing and case."""
    quotes = {"q1": "  total DUE\n130.80 ", "q2": "Sold by Acme Corporation", "q3": "Total due"}

    def quoting(asked: Asked) -> Act:
        return answer(filled(asked.schema, c3=False, **quotes))(asked)

    question = replace(QUESTION, evidence=True)
    async with model_server(quoting) as server, engine_at(server) as engine:
        verdict = await engine.classify(PAGE, question)
    marks = [mark for row in verdict.criteria for mark in row]
    assert [mark.evidence for mark in marks] == ["total DUE 130.80", "", ""]


async def test_no_quotes_are_asked_for_in_vain() -> None:
    """Without evidence the schema has no place for quotes, which cost tokens."""
    async with model_server() as server, engine_at(server) as engine:
        await engine.classify(PAGE, QUESTION)
        assert list(server.asked[0].schema["properties"]) == ["category", "c1", "c2", "c3"]


async def test_a_calibration_softens_and_is_named() -> None:
    """The temperature of the fit applies to the scores, and its id is told with them."""
    async with model_server() as server:
        async with engine_at(server) as engine:
            plain = await engine.classify(PAGE, PLAIN)
        async with engine_at(server, calibration=FIT) as engine:
            fitted = await engine.classify(PAGE, PLAIN)
    assert plain.trace is not None
    assert fitted.trace is not None
    assert (plain.trace.calibration, fitted.trace.calibration) == (None, "fit-1")
    assert fitted.scores[0] < plain.scores[0]


async def test_votes_replace_missing_probabilities() -> None:
    """Several samples are drawn at once, and their shares are the scores."""
    said = cycle(['{"category":"A"}', '{"category":"A"}', '{"category":"B"}', '{"category":"D"}'])

    def vary(asked: Asked) -> Act:
        if "logprobs" in asked.body:
            return error(400, "no logprobs", param="logprobs")
        return answer(next(said))(asked)

    async with model_server(vary) as server, engine_at(server, votes=4) as engine:
        verdict = await engine.classify(PAGE, PLAIN)
        temperatures = [asked.body["temperature"] for asked in server.asked[1:]]
    assert verdict.confidence_source is ConfidenceSource.VOTED
    assert verdict.scores == (0.5, 0.25, 0.0)
    assert verdict.no_match_score == 0.25
    assert temperatures == [0, 0.7, 0.7, 0.7]
    assert verdict.trace is not None
    assert verdict.trace.usage.model_calls == 4


async def test_a_vote_that_fails_is_one_less() -> None:
    """The page has an answer by then: it is not lost to a vote that is invalid or refused."""

    def plain(asked: Asked) -> Act:
        if "logprobs" in asked.body:
            return error(400, "no logprobs", param="logprobs")
        return answer('{"category":"B","c1":true,"c2":false,"c3":true}')(asked)

    async with model_server(plain) as server, engine_at(server, votes=4) as engine:
        server.then(plain, plain, answer("no"), error(413, "too big"))
        verdict = await engine.classify(PAGE, QUESTION)
    assert verdict.confidence_source is ConfidenceSource.VOTED
    assert verdict.scores == (0.0, 1.0, 0.0)
    assert [mark.confidence for row in verdict.criteria for mark in row] == [1.0, 1.0, 1.0]


async def test_a_deadline_ends_the_page() -> None:
    """After the caller's deadline nothing is waited for."""
    async with model_server(Act(wait=3_600.0)) as server, engine_at(server) as engine:
        now = asyncio.get_running_loop().time()
        task = asyncio.create_task(engine.classify(PAGE, PLAIN, Turn(deadline=now + 0.3)))
        took = await eventually(task.done)
        assert isinstance(task.exception(), Exception)
        assert took < 2.0
        assert engine.span == 1
        assert (engine.identity.engine, engine.identity.model) == ("default", "small")
