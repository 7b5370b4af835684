"""Streams cut at any event go on without loss or repeat."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st
from job_parts import Gate, ScriptedEngine
from rpc_server import Call, Watch, durable, events, kind_of, next_of, request, served

from docsort.v1 import job_pb2


async def test_watching_again_at_every_sequence_yields_the_rest() -> None:
    """For each sequence up to the last, the durable events after it and nothing else."""
    async with served() as server:
        both = await asyncio.gather(*(events(server.calls.classify(request(9))) for _ in range(2)))
        whole = durable(both[0])
        for after in range(whole[-1].sequence + 2):
            rest = await events(server.calls.watch(whole[0].job_id, after))
            assert rest == [event for event in whole if event.sequence > after]


cuts = st.lists(st.tuples(st.integers(1, 8), st.integers(0, 3)), min_size=1, max_size=6)


@settings(max_examples=25, deadline=None)
@given(cuts)
def test_cut_anywhere_and_any_number_of_times_while_it_runs(cuts: list[tuple[int, int]]) -> None:
    """Each cut loses the connection after some events while pages go on: the sum is the job."""
    asyncio.run(cut_and_resume(cuts))


async def cut_and_resume(cuts: list[tuple[int, int]]) -> None:
    """Read a job in pieces and compare with a stream that was never cut."""
    gate = Gate()
    let = 0
    async with served(ScriptedEngine(gate)) as server:
        call: Call | Watch = server.calls.classify(request(8))
        seen = await piece(call, 1)
        job_id = seen[0].job_id
        for length, pages in cuts:
            gate.let(pages)
            let = min(8, let + pages)
            call = server.calls.watch(job_id, seen[-1].sequence)
            seen += await piece(call, min(length, let + 1 - len(seen)))
        gate.open()
        seen += durable(await events(server.calls.watch(job_id, seen[-1].sequence)))
        assert seen == await events(server.calls.watch(job_id))


async def piece(call: Call | Watch, length: int) -> list[job_pb2.JobEvent]:
    """Read so many durable events, then drop the call."""
    found: list[job_pb2.JobEvent] = []
    if length:
        async for response in call:
            found += durable([response.event])
            if len(found) == length:
                break
    call.cancel()
    return found


async def test_many_watchers_see_the_same() -> None:
    """Watchers who join at different times agree on every durable event."""
    gate = Gate()
    async with served(ScriptedEngine(gate)) as server:
        call = server.calls.classify(request(10))
        accepted = await next_of(call, "accepted")
        watching = []
        for _ in range(10):
            watching.append(asyncio.ensure_future(events(server.calls.watch(accepted.job_id))))
            gate.let(1)
            await next_of(call, "page_result")
        streams = [durable(await each) for each in watching]
    assert all(stream == streams[0] for stream in streams)
    assert kind_of(streams[0][-1]) == "finished"


async def test_a_sequence_from_the_future_yields_the_end_only_as_live() -> None:
    """After a sequence that never was, the call ends with the job and repeats nothing."""
    async with served() as server:
        found = await events(server.calls.classify(request(2)))
        assert await events(server.calls.watch(found[0].job_id, 4_000_000_000)) == []


async def test_no_event_goes_back_before_the_sequence_asked_after() -> None:
    """Neither progress nor heartbeats do, where a replica's log lags behind what was seen."""
    gate = Gate()
    async with served(ScriptedEngine(gate), heartbeat=0.05) as server:
        accepted = await next_of(server.calls.classify(request(3)), "accepted")
        ahead = 1_000
        call = server.calls.watch(accepted.job_id, ahead)
        beat = await next_of(call, "heartbeat")
        gate.open()
        found = [beat, *await events(call)]
    assert {(kind_of(event), event.sequence) for event in found} == {("heartbeat", ahead)}


async def test_a_known_request_attaches_and_replays() -> None:
    """Classify with the same request id yields the same job from its first event."""
    request_id = "6ba7b810-9dad-41d1-80b4-00c04fd430c8"
    async with served() as server:
        first = await events(server.calls.classify(request(3, request_id=request_id)))
        again = await events(server.calls.classify(request(3, request_id=request_id)))
        assert len(server.engine.seen) == 3
    assert again == durable(first)
