"""Questions whether slots are written, which many ask at a time."""

import asyncio
from collections.abc import Collection
from typing import cast

import pytest

from docsort_server.jobs.store.jetstream.api import JetStream, Stored
from docsort_server.jobs.store.jetstream.questions import MOST, Questions
from docsort_server.jobs.store.jetstream.trouble import Away


class Engine:
    """Answers from what is `written` once the answer is let through, and keeps what it was asked.

    Each question takes the next of `fails`, if there is any, for its answer.
    """

    replicated = False

    def __init__(self, *written: str) -> None:
        self.written = set(written)
        self.asked: list[set[str]] = []
        self.fails: list[Exception] = []
        self.arrived = asyncio.Event()
        self.answering = asyncio.Event()

    async def has_none(self, stream: str, subjects: Collection[str]) -> bool:
        """Answer as things stand when the question arrives."""
        self.asked.append(set(subjects))
        none = not self.written & set(subjects)
        self.arrived.set()
        await self.answering.wait()
        if self.fails:
            raise self.fails.pop(0)
        return none

    async def get(self, stream: str, subject: str) -> Stored | None:
        """Return a message that is written."""
        return Stored(subject, 1, 0.0, {}, b"") if subject in self.written else None


def asking(engine: Engine) -> Questions:
    """Return what asks this engine."""
    return Questions(cast("JetStream", engine), "EVENTS")


async def found(questions: Questions, *subjects: str) -> list[str]:
    """Return those of some subjects that are written."""
    return [stored.subject for stored in await questions.last(subjects)]


async def test_those_who_ask_meanwhile_share_the_next_question() -> None:
    """Pages that are ready while a question is on its way ask together, and once each."""
    engine = Engine()
    questions = asking(engine)
    first = asyncio.create_task(found(questions, "p.0"))
    await engine.arrived.wait()
    others = [asyncio.create_task(found(questions, f"p.{number}")) for number in range(1, 20)]
    await asyncio.sleep(0)
    engine.answering.set()
    assert await asyncio.gather(first, *others) == [[]] * 20
    assert engine.asked == [{"p.0"}, {f"p.{number}" for number in range(1, 20)}]


async def test_nobody_is_told_of_a_time_before_it_asked() -> None:
    """What was written while another's question was on its way is found by who asks after that."""
    engine = Engine()
    questions = asking(engine)
    early = asyncio.create_task(found(questions, "p.1"))
    await engine.arrived.wait()
    engine.written.add("p.1")
    late = asyncio.create_task(found(questions, "p.1", "p.2"))
    await asyncio.sleep(0)
    engine.answering.set()
    assert await early == []
    assert await late == ["p.1"]


async def test_what_one_asked_for_is_not_told_another() -> None:
    """Who shares a question with one whose slot is written hears of its own slots only."""
    engine = Engine("p.2")
    questions = asking(engine)
    first = asyncio.create_task(found(questions, "p.0"))
    await engine.arrived.wait()
    others = [asyncio.create_task(found(questions, f"p.{number}")) for number in (1, 2)]
    await asyncio.sleep(0)
    engine.answering.set()
    assert await asyncio.gather(first, *others) == [[], [], ["p.2"]]


@pytest.mark.parametrize("leaves", [True, False])
async def test_who_fails_or_leaves_takes_nobody_along(leaves: bool) -> None:
    """The others ask again themselves when whoever asked for all was cancelled or not answered."""
    engine = Engine("p.2")
    questions = asking(engine)
    first = asyncio.create_task(found(questions, "p.0"))
    await engine.arrived.wait()
    one, other = (asyncio.create_task(found(questions, each)) for each in ("p.1", "p.2"))
    await asyncio.sleep(0)
    engine.arrived.clear()
    engine.fails = [] if leaves else [Away("no answer"), Away("no answer")]
    if leaves:
        first.cancel()
        await engine.arrived.wait()
        one.cancel()
    engine.answering.set()
    raised = asyncio.CancelledError if leaves else Away
    for asker in (first, one):
        with pytest.raises(raised):
            await asker
    assert await other == ["p.2"]
    assert engine.asked[-1] == {"p.1", "p.2"}


async def test_a_question_stays_small() -> None:
    """The engine answers for so many subjects only, so more of them are asked for in turns."""
    engine = Engine()
    questions = asking(engine)
    engine.answering.set()
    many = [[f"p.{n}.{number}" for number in range(100)] for n in range(10)]
    await asyncio.gather(*(found(questions, *subjects) for subjects in many))
    assert set().union(*engine.asked) == {subject for each in many for subject in each}
    assert max(map(len, engine.asked)) <= MOST
