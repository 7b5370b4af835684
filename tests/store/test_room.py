"""How often the engine is asked whether it has room for another job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest

from docsort_server.faults import Fault
from docsort_server.jobs.store.jetstream.room import Room

if TYPE_CHECKING:
    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names


class Filling:
    """Stands for an engine whose logs hold so many bytes of 100."""

    events = "events"

    def __init__(self, held: int) -> None:
        self.held, self.asked = held, 0

    async def call(self, _: str) -> dict[str, Any]:
        """Tell of the stream."""
        self.asked += 1
        return {"config": {"max_bytes": 100}, "state": {"bytes": self.held}}


def room_of(engine: Filling) -> Room:
    """Return the room of an engine."""
    return Room(cast("JetStream", engine), cast("Names", engine))


async def test_jobs_in_quick_succession_ask_once_where_there_is_ample_room() -> None:
    """What was heard is good for a moment."""
    engine = Filling(10)
    room = room_of(engine)
    for _ in range(5):
        await room.require()
    assert engine.asked == 1


async def test_each_job_is_asked_for_once_half_is_filled() -> None:
    """Jobs that came within that moment would leave no room for the ends of all of them."""
    engine = Filling(60)
    room = room_of(engine)
    await room.require()
    engine.held = 81
    with pytest.raises(Fault):
        await room.require()
    engine.held = 60
    await room.require()
    assert engine.asked == 3
