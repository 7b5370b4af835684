"""Files made from others by damage of the usual kinds, the same for the same seed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_FLIPS = (1, 2, 8, 64)
_NUMBERS = (b"0", b"-1", b"1", b"65536", b"2147483648", b"99999999999999999999")
_LARGEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Mutant:
    """A damaged file: which it is, what it was made from, how, and its content."""

    number: int
    parent: Path
    damage: str
    content: bytes


def mutants(parents: Sequence[Path], count: int, seed: int) -> Iterator[Mutant]:
    """Yield so many files; each depends on the seed and its number alone."""
    for number in range(count):
        chance = random.Random(f"{seed}/{number}")
        parent, other = chance.choice(parents), chance.choice(parents)
        content = parent.read_bytes()[:_LARGEST]
        damage = chance.choice(list(_DAMAGE))
        damaged = _DAMAGE[damage](content, other.read_bytes()[:_LARGEST], chance)
        yield Mutant(number, parent, damage, damaged)


def _flipped(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    changed = bytearray(content)
    for _ in range(chance.choice(_FLIPS)):
        if changed:
            changed[chance.randrange(len(changed))] ^= 1 << chance.randrange(8)
    return bytes(changed)


def _truncated(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _beheaded(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    return content[chance.randrange(min(len(content), 4096) + 1) :]


def _spliced(content: bytes, other: bytes, chance: random.Random) -> bytes:
    start, end = sorted(chance.randrange(len(other) + 1) for _ in range(2))
    place = chance.randrange(len(content) + 1)
    return content[:place] + other[start:end] + content[place:]


def _repeated(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    piece = content[start : start + chance.randrange(1, 2048)]
    return content[:start] + piece * chance.randrange(2, 40) + content[start:]


def _dropped(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    return content[:start] + content[start + chance.randrange(1, 4096) :]


def _renumbered(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    """Put another number in place of a digit or more: sizes, offsets and counts are the bait."""
    places = [index for index, byte in enumerate(content[:65_536]) if 48 <= byte <= 57]
    if not places:
        return _flipped(content, b"", chance)
    start = chance.choice(places)
    return content[:start] + chance.choice(_NUMBERS) + content[start + 1 :]


def _zeroed(content: bytes, _other: bytes, chance: random.Random) -> bytes:
    start = chance.randrange(len(content) + 1)
    length = chance.randrange(1, 1024)
    filler = chance.choice((b"\0", b"\xff", b"A"))
    return content[:start] + filler * length + content[start + length :]


_DAMAGE = {
    "bits flipped": _flipped,
    "cut off": _truncated,
    "beheaded": _beheaded,
    "spliced": _spliced,
    "repeated": _repeated,
    "dropped": _dropped,
    "renumbered": _renumbered,
    "overwritten": _zeroed,
}
