"""Seconds as protobuf has them."""

from hypothesis import given
from hypothesis import strategies as st

from docsort_server.convert.times import duration, seconds_of


@given(st.floats(-1e9, 1e9))
def test_a_duration_is_well_formed_and_the_same_to_the_microsecond(seconds: float) -> None:
    """Nanoseconds never reach a whole second and have the sign of the seconds."""
    message = duration(seconds)
    assert abs(message.nanos) < 1_000_000_000
    assert message.seconds * message.nanos >= 0
    assert abs(seconds_of(message) - seconds) <= 1e-6


def test_just_under_a_second() -> None:
    """What rounds up to a whole second is one."""
    message = duration(0.9999999)
    assert (message.seconds, message.nanos) == (1, 0)
