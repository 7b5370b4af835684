"""Who may call when: the window, the turns, the hold, the rates and the circuit."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from eventually import eventually
from model_parts import PAGE, PLAIN, backend, engine_at
from model_server import HANG, Act, Asked, error, fill, model_server

from docsort_server.engine.model import Outcome, Turn
from docsort_server.engine.openai.allowance import LocalAllowance
from docsort_server.engine.openai.circuit import Circuit
from docsort_server.engine.openai.limiter import Limiter
from docsort_server.engine.openai.window import Window
from docsort_server.faults import Fault, Reason


def test_the_window_starts_at_its_maximum() -> None:
    """There is no slow start: a short document would pay for it."""
    assert Window(100).size == 100


def test_the_window_shrinks_once_for_calls_that_were_together() -> None:
    """Ten refusals of one round trip are one lesson; the next round trip is another."""
    window = Window(100)
    for _ in range(10):
        window.refused(started=1.0, now=2.0, in_flight=100)
    assert window.size == 70
    window.refused(started=2.5, now=3.0, in_flight=70)
    assert window.size == 49
    for step in range(50):
        window.refused(started=4.0 + step, now=4.5 + step, in_flight=5)
    assert window.size == 1


def test_a_refusal_now_and_then_is_no_limit() -> None:
    """Two of a hundred change nothing; where they become many the window shrinks."""
    window = Window(16)
    for call in range(400):
        if call % 50 == 0:
            window.refused(started=float(call), now=call + 0.1, in_flight=16)
        else:
            window.succeeded(started=float(call), now=call + 0.6, full=True, in_flight=16)
    assert window.size == 16
    for call in range(400, 410):
        window.refused(started=float(call), now=call + 0.1, in_flight=16)
    assert window.size < 12


def test_the_window_grows_by_one_in_a_round_trip_while_full() -> None:
    """It never grows while it is not full, and slowly near the size that was refused."""
    window = Window(100)
    for started in (1.0, 2.5):
        for _ in range(10):
            window.refused(started=started, now=started + 0.5, in_flight=24)
    size = window.size
    for _ in range(size):
        window.succeeded(started=3.0, now=3.2, full=False, in_flight=size)
    assert window.size == size
    for _ in range(size):
        window.succeeded(started=3.0, now=3.2, full=True, in_flight=size)
    assert size <= window.size <= size + 1


def test_the_window_cuts_latency_only_where_asked() -> None:
    """A local server queues where others refuse: answers twice as late count as refusals."""
    for cut, size in ((False, 10), (True, 7)):
        window = Window(10, cut_latency=cut)
        window.succeeded(started=0.0, now=0.1, full=True, in_flight=10)
        window.succeeded(started=1.0, now=1.5, full=True, in_flight=10)
        assert window.size == size


async def test_callers_take_turns() -> None:
    """A job with many pages does not hold up one that comes later with a few."""
    limiter = Limiter(Window(1))
    order: list[str] = []

    async def work(caller: str) -> None:
        async with limiter.slot(caller):
            order.append(caller)
            await asyncio.sleep(0)

    await asyncio.gather(*(work("big") for _ in range(6)), *(work("small") for _ in range(2)))
    assert order == ["big", "big", "small", "big", "small", "big", "big", "big"]
    assert limiter.in_flight == 0


async def test_who_gives_up_waiting_costs_nothing() -> None:
    """A cancelled waiter leaves its place, and a slot given to it at that moment comes back."""
    limiter = Limiter(Window(1))

    async def enter(caller: str) -> str:
        async with limiter.slot(caller):
            return caller

    async with limiter.slot("holder"):
        gone = asyncio.create_task(enter("gone"))
        next_one = asyncio.create_task(enter("next"))
        await asyncio.sleep(0)
        gone.cancel()
        await asyncio.sleep(0)
    assert await next_one == "next"
    late = None
    async with limiter.slot("holder"):
        late = asyncio.create_task(enter("late"))
        await asyncio.sleep(0)
    # The slot is given now, and the cancellation comes before the waiter runs.
    late.cancel()
    with pytest.raises(asyncio.CancelledError):
        await late
    assert limiter.in_flight == 0
    assert await enter("after") == "after"


async def test_retry_after_holds_everyone() -> None:
    """When one call is told to wait, no other is sent before that time is over."""
    async with model_server() as server, engine_at(server) as engine:
        server.then(error(429, headers={"Retry-After": "0.3"}))
        first = asyncio.create_task(engine.classify(PAGE, PLAIN, Turn("a")))
        await eventually(lambda: len(server.asked) == 1)
        await eventually(lambda: server.in_flight == 0)
        refused = asyncio.get_running_loop().time()
        others = [engine.classify(PAGE, PLAIN, Turn(name)) for name in "bcd"]
        verdicts = await asyncio.gather(first, *others)
        assert {verdict.outcome for verdict in verdicts} == {Outcome.MATCHED}
        assert min(asked.came for asked in server.asked[1:]) - refused > 0.2


async def test_no_more_calls_at_once_than_configured() -> None:
    """The window is the limit for all jobs together, and it is used in full."""
    slow = Act(wait=0.03)

    def act(asked: Asked) -> Act:
        return replace(fill(asked), wait=slow.wait)

    async with model_server(act) as server, engine_at(server, max_concurrency=4) as engine:
        pages = (engine.classify(PAGE, PLAIN, Turn(place % 3)) for place in range(16))
        await asyncio.gather(*pages)
        assert server.most_in_flight == 4


async def test_refusals_fail_no_page() -> None:
    """A backend that takes fewer at once than configured slows pages down and fails none."""
    async with model_server() as server:

        def narrow(asked: Asked) -> Act:
            if server.in_flight > 3:
                return error(429, "too many at once")
            return replace(fill(asked), wait=0.01)

        server.default = narrow
        async with engine_at(server, max_concurrency=40) as engine:
            verdicts = await asyncio.gather(*(engine.classify(PAGE, PLAIN) for _ in range(80)))
    assert {verdict.outcome for verdict in verdicts} == {Outcome.MATCHED}


async def test_requests_per_minute() -> None:
    """A burst of five seconds may go; then each has to wait its part of a minute."""
    now = [0.0]
    allowance = LocalAllowance(backend(requests_per_minute=60), lambda: now[0])
    assert [await allowance.take(10) for _ in range(5)] == [0.0] * 5
    assert await allowance.take(10) == pytest.approx(1.0)
    now[0] = 1.0
    assert await allowance.take(10) == 0.0
    assert await allowance.take(10) > 0.0


async def test_tokens_per_minute() -> None:
    """What was estimated is drawn and corrected by what was used; more than fits takes all."""
    now = [0.0]
    allowance = LocalAllowance(backend(tokens_per_minute=6_000), lambda: now[0])
    assert await allowance.take(400) == 0.0
    assert await allowance.take(200) == pytest.approx(1.0)
    await allowance.settle(400, 100)
    assert await allowance.take(200) == 0.0
    now[0] = 60.0
    assert await allowance.take(1_000_000) == 0.0
    assert await allowance.take(1) > 0.0


async def test_no_rates_no_waits() -> None:
    """Without rates everything may go."""
    allowance = LocalAllowance(backend())
    assert [await allowance.take(10**9) for _ in range(100)] == [0.0] * 100


def test_the_circuit_opens_and_lets_one_through_to_see() -> None:
    """Failures that last open it; then one call decides, and each new opening is longer."""
    now = [0.0]
    circuit = Circuit(lambda: now[0])
    for second in range(6):
        now[0] = float(second)
        circuit.check()
        circuit.failed("gone", {"backend": "x"})
    with pytest.raises(Fault) as caught:
        circuit.check()
    assert (caught.value.reason, caught.value.message) == (Reason.MODEL_UNAVAILABLE, "gone")
    assert caught.value.metadata == {"backend": "x"}
    assert caught.value.retry_after == pytest.approx(5.0)
    now[0] += 5.0
    circuit.check()
    with pytest.raises(Fault):
        circuit.check()
    circuit.abandoned()
    circuit.check()
    circuit.failed("still gone", {})
    with pytest.raises(Fault, match="still gone") as longer:
        circuit.check()
    assert longer.value.retry_after == pytest.approx(10.0)
    now[0] += 10.0
    circuit.check()
    circuit.succeeded()
    circuit.check()
    circuit.check()


def test_a_moment_of_failures_does_not_open_the_circuit() -> None:
    """A server that restarts fails many calls at once: their retries shall find it."""
    circuit = Circuit(lambda: 1.0)
    for _ in range(100):
        circuit.failed("restarting", {})
    circuit.check()


async def test_a_queue_of_pages_falls_with_the_circuit() -> None:
    """Pages that wait for their turn are told too, and do not ask one after the other."""
    async with model_server(Act(wait=HANG)) as server:
        async with engine_at(server, max_concurrency=1, timeout=1.0) as engine:
            server.then(replace(error(401), wait=0.05))
            pages = (engine.classify(PAGE, PLAIN, Turn(place)) for place in range(20))
            endings = await asyncio.gather(*pages, return_exceptions=True)
        assert len(server.asked) == 1
    assert {ending.reason for ending in endings if isinstance(ending, Fault)} == {
        Reason.MODEL_UNAVAILABLE
    }
