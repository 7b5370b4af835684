"""Frames on the socket between the server and its workers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.sandbox.frames import MAX_FRAME, FrameBuffer, FrameError, encode


@given(
    messages=st.lists(
        st.dictionaries(st.text(), st.text() | st.integers() | st.none()), max_size=5
    ),
    cut=st.integers(min_value=1, max_value=50),
)
def test_messages_survive_any_cut(messages: list[dict[str, object]], cut: int) -> None:
    """However the bytes arrive, the messages come out whole and in order."""
    stream = b"".join(encode(message) for message in messages)
    buffer, received = FrameBuffer(), []
    for start in range(0, len(stream), cut):
        buffer.feed(stream[start : start + cut])
        while (message := buffer.take()) is not None:
            received.append(message)
    assert received == messages


def test_lone_surrogates_survive() -> None:
    """Half a surrogate pair, which UTF-8 cannot hold, does not break a frame."""
    buffer = FrameBuffer()
    buffer.feed(encode({"text": "\ud83d"}))
    assert buffer.take() == {"text": "\ud83d"}


def test_too_large_a_message_is_not_sent() -> None:
    """The sender refuses what the receiver would refuse."""
    with pytest.raises(FrameError, match=str(MAX_FRAME)):
        encode({"text": "x" * MAX_FRAME})


@pytest.mark.parametrize(
    "received",
    [
        (MAX_FRAME + 1).to_bytes(4, "big"),
        b"\x00\x00\x00\x02[]",
        b"\x00\x00\x00\x01{",
        b"\x00\x00\x00\x02\xff\xff",
        (200_000).to_bytes(4, "big") + b"[" * 200_000,
    ],
    ids=["length", "no object", "no JSON", "no UTF-8", "nesting"],
)
def test_a_hostile_frame_is_an_error(received: bytes) -> None:
    """Whatever a taken-over worker sends ends in a FrameError, before memory is spent on it."""
    buffer = FrameBuffer()
    buffer.feed(received)
    with pytest.raises(FrameError):
        buffer.take()
