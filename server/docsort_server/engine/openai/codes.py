"""Short codes that stand for the options of a question."""

from __future__ import annotations

from itertools import product
from string import ascii_uppercase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def option_codes(count: int) -> tuple[str, ...]:
    """Return `count` codes: A to Z or, where these are too few, AA to ZZ and so on.

    All have one length, so none begins another. Where one did, as names do, a model that is held
    to a grammar could be led from the shorter to the longer against its own choice.
    """
    length = 1
    while len(ascii_uppercase) ** length < count:
        length += 1
    return tuple(code for code, _ in zip(_words(length), range(count), strict=False))


def _words(length: int) -> Iterator[str]:
    for letters in product(ascii_uppercase, repeat=length):
        yield "".join(letters)
