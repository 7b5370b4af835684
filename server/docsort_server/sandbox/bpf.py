"""Filters of system calls, as programs for the kernel's packet filter.

A program sees one `struct seccomp_data`: the number of the call, the architecture, and the
arguments; see seccomp(2).
"""

from __future__ import annotations

import struct
from typing import NamedTuple

_LOAD, _JUMP_EQUAL, _JUMP_ABOVE, _JUMP_BITS, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16
_ALLOW, _ERROR = 0x7FFF_0000, 0x0005_0000


class Step(NamedTuple):
    """One instruction: its code, how many to skip where a test holds or does not, its value."""

    code: int
    holds: int
    fails: int
    value: int

    def packed(self) -> bytes:
        """Return it as the kernel reads it, a `struct sock_filter`."""
        return struct.pack("=HBBI", *self)


def load_number() -> list[Step]:
    """Take up the number of the call."""
    return [Step(_LOAD, 0, 0, _NUMBER)]


def only_on(architecture: int, error: int) -> list[Step]:
    """Refuse every call that is made as on another architecture, whose numbers mean others."""
    return [
        Step(_LOAD, 0, 0, _ARCHITECTURE),
        Step(_JUMP_EQUAL, 1, 0, architecture),
        refuse(error),
    ]


def refuse_from(number: int, error: int) -> list[Step]:
    """Refuse all calls with that number or a higher one."""
    return [Step(_JUMP_ABOVE, 0, 1, number), refuse(error)]


def refuse_call(number: int, error: int) -> list[Step]:
    """Refuse one call."""
    return [Step(_JUMP_EQUAL, 0, 1, number), refuse(error)]


def allow_with(number: int, argument: int, error: int) -> list[Step]:
    """Refuse a call unless its first argument is this."""
    return _tested(number, Step(_JUMP_EQUAL, 1, 0, argument), error)


def allow_with_bits(number: int, bits: int, error: int) -> list[Step]:
    """Refuse a call unless its first argument has any of these bits."""
    return _tested(number, Step(_JUMP_BITS, 1, 0, bits), error)


def allow() -> Step:
    """Let the call through."""
    return Step(_RETURN, 0, 0, _ALLOW)


def refuse(error: int) -> Step:
    """Let the call fail with an error number."""
    return Step(_RETURN, 0, 0, _ERROR | error)


def _tested(number: int, test: Step, error: int) -> list[Step]:
    # Both ways end here: the number is not needed any more once it was this one.
    steps = [Step(_LOAD, 0, 0, _FIRST_ARGUMENT), test, refuse(error), allow()]
    return [Step(_JUMP_EQUAL, 0, len(steps), number), *steps]
