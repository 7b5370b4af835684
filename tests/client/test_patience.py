"""How long the client waits before it takes up a broken stream, by a clock of the test's own."""

import grpc
import pytest

import docsort
from docsort._stream import Patience

LOST = docsort.APIConnectionError("lost", code=grpc.StatusCode.UNAVAILABLE)


class Clock:
    """Tell a time that only the test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        """Return the time."""
        return self.now


def test_delays_grow_to_five_seconds() -> None:
    """Each delay is drawn from a range twice the last, up to five seconds."""
    patience = Patience(600, clock=Clock(), draw=lambda: 1.0)
    delays = [patience.delay(LOST) for _ in range(8)]
    assert delays == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 5.0, 5.0]


def test_durable_event_resets_the_delays() -> None:
    """What cannot be lost any more starts the delays anew; other signs of life do not."""
    patience = Patience(600, clock=Clock(), draw=lambda: 1.0)
    patience.delay(LOST)
    patience.renew(durable=False)
    assert patience.delay(LOST) == 0.2
    patience.renew(durable=True)
    assert patience.delay(LOST) == 0.1


def test_time_runs_from_the_first_break() -> None:
    """The time to resume runs over all attempts, from the break and not from the last event."""
    clock = Clock()
    patience = Patience(60, clock=clock)
    clock.now += 1000
    patience.delay(LOST)
    clock.now += 59
    patience.delay(LOST)
    clock.now += 1
    with pytest.raises(docsort.APIConnectionError, match="60 s of trying to resume: lost"):
        patience.delay(LOST)


def test_any_event_renews_the_time() -> None:
    """Whatever comes after a break starts the time anew."""
    clock = Clock()
    patience = Patience(60, clock=clock)
    patience.delay(LOST)
    clock.now += 59
    patience.renew(durable=False)
    patience.delay(LOST)
    clock.now += 59
    assert patience.delay(LOST) >= 0


def test_server_names_the_delay() -> None:
    """The server's own time is the least that is waited."""
    busy = docsort.OverloadedError(
        "busy",
        reason=docsort.ErrorReason.OVERLOADED,
        code=grpc.StatusCode.UNAVAILABLE,
        retry_after=7.0,
    )
    assert Patience(60, clock=Clock(), draw=lambda: 1.0).delay(busy) == 7.0
    with pytest.raises(docsort.OverloadedError):
        Patience(5, clock=Clock()).delay(busy)


def test_final_errors_are_raised_at_once() -> None:
    """There is no patience for an error that will stay."""
    error = docsort.JobNotFoundError("gone", code=grpc.StatusCode.NOT_FOUND)
    with pytest.raises(docsort.JobNotFoundError):
        Patience(60).delay(error)
