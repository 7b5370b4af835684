"""Frames on the socket between the server and a worker: four bytes of length, then JSON.

JSON and never pickle: the worker parses hostile input, so nothing it sends may run code here.
"""

from __future__ import annotations

import json
import struct
from typing import Any

MAX_FRAME = 4 * 1024 * 1024
_LENGTH = struct.Struct("!I")
_encode_json = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


class FrameError(Exception):
    """A frame is too large, or is not a JSON object."""


def encode(message: dict[str, Any]) -> bytes:
    """Return the message as one frame; ASCII only, so lone surrogates survive.

    Raises FrameError above MAX_FRAME bytes.
    """
    body = _encode_json(message).encode("ascii")
    if len(body) > MAX_FRAME:
        raise FrameError(f"a frame of {len(body)} bytes exceeds {MAX_FRAME}")
    return _LENGTH.pack(len(body)) + body


class FrameBuffer:
    """Turns received bytes back into messages.

    Holds at most one frame and one read beyond it, as long as the owner takes frames before it
    feeds more.
    """

    __slots__ = ("_bytes",)

    def __init__(self) -> None:
        self._bytes = bytearray()

    def feed(self, received: bytes) -> None:
        """Append what the socket gave."""
        self._bytes += received

    def take(self) -> dict[str, Any] | None:
        """Return the next whole message, or None until more bytes came.

        Raises FrameError when the sender broke the protocol.
        """
        if len(self._bytes) < _LENGTH.size:
            return None
        (length,) = _LENGTH.unpack_from(self._bytes)
        if length > MAX_FRAME:
            raise FrameError(f"a frame of {length} bytes exceeds {MAX_FRAME}")
        end = _LENGTH.size + length
        if len(self._bytes) < end:
            return None
        body = self._bytes[_LENGTH.size : end]
        del self._bytes[:end]
        return _decode(body)


def _decode(body: bytearray) -> dict[str, Any]:
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise FrameError(f"a frame is no JSON: {type(error).__name__}") from None
    if not isinstance(message, dict):
        raise FrameError("a frame is no JSON object")
    return message
