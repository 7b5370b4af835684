"""How jobs are let into the room that is left, and how often the engine is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from docsort_server.faults import Fault
from docsort_server.jobs.store.jetstream.names import Names
from docsort_server.jobs.store.jetstream.room import ENOUGH, Room

if TYPE_CHECKING:
    from collections.abc import Mapping

    from docsort_server.jobs.store.jetstream.api import JetStream

# Bytes of the logs.
LIMIT = 100 * ENOUGH


class Filling:
    """Stands for an engine whose logs hold so many bytes of `LIMIT`."""

    def __init__(self, held: int) -> None:
        self.held, self.running, self.asked = held, 0, 0
        self.promises: list[str] = []

    async def call(self, name: str, _: Mapping[str, object]) -> dict[str, Any]:
        """Tell of a stream."""
        if name.endswith("TASKS"):
            return {"total": self.running}
        self.asked += 1
        state = {"bytes": self.held, "subjects": dict.fromkeys(self.promises, 1)}
        return {"config": {"max_bytes": LIMIT}, "state": state}

    async def publish(self, subject: str, _: bytes, headers: Mapping[str, str]) -> int:
        """Keep a promise, which ends by itself."""
        assert headers["Nats-TTL"]
        self.promises.append(subject)
        return len(self.promises)

    async def purge(self, _: str, subject: str) -> None:
        """Forget a promise."""
        self.promises.remove(subject)


def room_of(engine: Filling, *, alone: bool = False) -> Room:
    """Return the room of an engine."""
    return Room(cast("JetStream", engine), Names(), alone=alone)


@pytest.mark.parametrize("alone", [True, False])
async def test_jobs_in_quick_succession_ask_once_where_there_is_ample_room(*, alone: bool) -> None:
    """What was heard is good for a moment, and nobody else is told."""
    engine = Filling(0)
    room = room_of(engine, alone=alone)
    await room.require()
    await room.promise(-ENOUGH // 2)
    await room.promise(-ENOUGH // 2)
    assert engine.asked == 1
    assert not engine.promises


async def test_an_engine_of_ones_own_is_asked_no_more_often_when_it_fills() -> None:
    """What was let in since it was asked counts, so no two get the same bytes."""
    engine = Filling(70 * ENOUGH)
    room = room_of(engine, alone=True)
    for _ in range(5):
        await room.promise(ENOUGH)
    with pytest.raises(Fault) as caught:
        await room.promise(0)
    assert caught.value.metadata == {"limit": "store_bytes"}
    assert engine.asked == 1
    assert not engine.promises


async def test_what_others_promised_is_theirs() -> None:
    """Beyond half of the room a server says what it lets in, and sees what others let in."""
    engine = Filling(60 * ENOUGH)
    one, other = room_of(engine), room_of(engine)
    promise = await one.promise(14 * ENOUGH)
    with pytest.raises(Fault):
        await other.promise(14 * ENOUGH)
    assert engine.promises == [promise.subject]
    small = await other.promise(2 * ENOUGH)
    await one.settle(promise)
    await other.settle(small)
    assert not engine.promises
    assert (await room_of(engine).promise(14 * ENOUGH)).subject


@pytest.mark.parametrize("alone", [True, False])
async def test_each_running_job_has_room_for_its_end(*, alone: bool) -> None:
    """Those that were let in long ago are known by their tasks."""
    engine = Filling(10 * ENOUGH)
    engine.running = 68
    room = room_of(engine, alone=alone)
    await room.promise(0)
    with pytest.raises(Fault):
        await room.promise(2 * ENOUGH)
    # Uploads need none of it.
    await room.require()
    assert len(engine.promises) == (not alone)
