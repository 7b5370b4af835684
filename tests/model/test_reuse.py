"""Which answers may be used again."""

from __future__ import annotations

import asyncio
from dataclasses import fields, replace
from typing import TYPE_CHECKING

import pytest
from model_parts import PAGE, PLAIN, backend, engine_at
from model_server import Act, Asked, error, fill, model_server

from docsort_server.codec import ProtoRecordCodec
from docsort_server.engine.model import Category, Outcome, PageVerdict, Question, Turn
from docsort_server.engine.openai.calibration import Calibration
from docsort_server.engine.openai.reuse import Reuse, key_of
from docsort_server.faults import Fault
from docsort_server.jobs.cache import CachedVerdicts
from docsort_server.jobs.store.memory.cache import MemoryAnswerCache

if TYPE_CHECKING:
    from collections.abc import Callable

BACKEND = backend()
VERDICT = PageVerdict(Outcome.MATCHED, (0.7, 0.2), no_match_score=0.1)
FIT = Calibration(id="a", backend="default", model="small", temperature=2.0, fitted_on=9, ece=0.1)


def cached() -> CachedVerdicts:
    """Return an empty cache in memory."""
    return CachedVerdicts(MemoryAnswerCache(1 << 20), ProtoRecordCodec(), 600.0)


def key(**changes: object) -> str:
    """Return a key, with something other than usual."""
    usual = {
        "tenant": "t",
        "backend": BACKEND,
        "question": PLAIN,
        "shown": "shown",
        "text": "text",
        "image": None,
    }
    return key_of(**{**usual, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "changes",
    [
        {"tenant": "u"},
        {"shown": "other"},
        {"text": "other"},
        {"image": b""},
        {"image": b"png"},
        {"backend": replace(BACKEND, model="large")},
        {"backend": replace(BACKEND, base_url="http://127.0.0.1:10/v1")},
        {"backend": replace(BACKEND, name="other")},
        {"backend": replace(BACKEND, votes=3)},
        {"backend": replace(BACKEND, calibration=FIT)},
        {"question": replace(PLAIN, evidence=False)},
        {"question": Question((*PLAIN.categories[:-1], Category("Contract", "signed")))},
        {"question": Question((*PLAIN.categories[:-1], Category("Contract", "", ("a",))))},
        {"question": Question(PLAIN.categories[::-1])},
    ],
)
def test_whatever_matters_is_in_the_key(changes: dict[str, object]) -> None:
    """Another question, page, model or tenant has another key, and equal ones the same."""
    assert key(**changes) != key()
    assert key(**changes) == key(**changes)


def test_a_key_that_is_secret_is_in_no_key() -> None:
    """Who pays with another key for the same model is given the same answers."""
    assert key(backend=replace(BACKEND, api_key="sk-other")) == key()


@pytest.mark.parametrize(
    "question",
    [
        replace(PLAIN, min_confidence=0.9),
        replace(PLAIN, min_margin=0.5),
        Question(tuple(replace(each, threshold=0.9) for each in PLAIN.categories)),
    ],
)
async def test_bounds_of_outcomes_are_in_no_key(question: Question) -> None:
    """An answer is not paid for again to be judged by other bounds: its outcome follows them."""
    assert key(question=question) == key()
    strict = replace(question, min_margin=1.0)
    async with model_server() as model, engine_at(model, cache=cached()) as engine:
        first = await engine.classify(PAGE, PLAIN)
        again = await engine.classify(PAGE, strict)
        assert len(model.asked) == 1
    assert (first.outcome, again.outcome) == (Outcome.MATCHED, Outcome.AMBIGUOUS)
    assert again.scores == first.scores


def test_a_question_is_in_the_key_with_all_of_its_fields() -> None:
    """A new field changes the key by itself, unless it bounds outcomes: here are those of today."""
    assert {each.name for each in fields(Question)} == {
        "categories",
        "min_confidence",
        "min_margin",
        "evidence",
    }


async def test_an_answer_comes_back_without_its_price() -> None:
    """It says that it was given before, and is the same in all else."""
    async with model_server() as model, engine_at(model, cache=cached()) as engine:
        first = await engine.classify(PAGE, PLAIN)
        again = await engine.classify(PAGE, PLAIN)
        assert len(model.asked) == 1
        await engine.classify(PAGE, PLAIN, Turn(cache=False))
        assert len(model.asked) == 2
        await engine.classify(PAGE, PLAIN, Turn(tenant="other"))
        assert len(model.asked) == 3
    assert (first.cached, again.cached) == (False, True)
    assert first.trace
    assert again.trace
    assert (first.trace.usage.model_calls, again.trace.usage.model_calls) == (1, 0)
    same = replace(again, cached=False, trace=replace(again.trace, usage=first.trace.usage))
    assert same == first


async def test_a_failure_is_not_kept() -> None:
    """The next page like it is asked about."""
    async with model_server() as model, engine_at(model, cache=cached(), max_tries=1) as engine:
        model.then(error(400, "no"))
        with pytest.raises(Fault):
            await engine.classify(PAGE, PLAIN)
        assert not (await engine.classify(PAGE, PLAIN)).cached


def slow(asked: Asked) -> Act:
    """Answer after a moment."""
    return Act(fill(asked).body, wait=0.05)


async def test_of_equal_pages_at_a_time_one_is_asked_about() -> None:
    """The others wait for it."""
    async with model_server(slow) as model, engine_at(model, cache=cached()) as engine:
        verdicts = await asyncio.gather(*(engine.classify(PAGE, PLAIN) for _ in range(5)))
        assert len(model.asked) == 1
    assert sorted(verdict.cached for verdict in verdicts) == [False, True, True, True, True]


@pytest.mark.parametrize("ending", ["failed", "cancelled"])
async def test_who_waited_in_vain_asks(ending: str) -> None:
    """Another's trouble, or leave, is not one's own."""
    reuse = Reuse(cached())
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def fails() -> PageVerdict:
        begun.set()
        await go_on.wait()
        raise RuntimeError

    first = asyncio.create_task(reuse.verdict("k", fails))
    await begun.wait()
    second = asyncio.create_task(reuse.verdict("k", answers(VERDICT)))
    await asyncio.sleep(0)
    if ending == "failed":
        go_on.set()
    else:
        first.cancel()
    assert await second == VERDICT
    with pytest.raises((RuntimeError, asyncio.CancelledError)):
        await first


def answers(verdict: PageVerdict) -> Callable[[], asyncio.Future[PageVerdict]]:
    """Return what answers at once."""

    def ask() -> asyncio.Future[PageVerdict]:
        future = asyncio.get_running_loop().create_future()
        future.set_result(verdict)
        return future

    return ask


async def test_what_cannot_be_read_is_asked_again() -> None:
    """A damaged entry is as good as none, and is replaced."""
    store = MemoryAnswerCache(1 << 20)
    await store.put("k", b"\xff\xff\xff", ttl=60.0)
    cache = CachedVerdicts(store, ProtoRecordCodec(), 60.0)
    reuse = Reuse(cache)
    assert await reuse.verdict("k", answers(VERDICT)) == VERDICT
    assert (await reuse.verdict("k", answers(VERDICT))).cached
