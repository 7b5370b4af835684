"""What a page shows of where documents start and end: little, to be kept with its result."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag
from struct import unpack_from
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Look(IntFlag):
    """What stands at the top and at the bottom of a page.

    `TITLE` to `NUMBERED` are at the top of first pages, `CONTINUED` and `MID_SENTENCE` at the top
    of later ones; `CLOSING` and `TOTAL` are at the bottom of last pages, `GOES_ON` and `BROKEN_OFF`
    at that of earlier ones. Of a page that is `TOP_ONLY` the bottom was not read. `SCANNED` text
    was read off a picture. A `HEADLINE` is a line of capitals at the top. `ATTACHED` is the first
    page of an attachment. A `DIVIDER` announces what follows, as "Appendix B" alone on a page does.
    """

    TITLE = 1
    SALUTATION = 2
    DATE = 4
    CONTACT = 8
    NUMBERED = 16
    CONTINUED = 32
    MID_SENTENCE = 64
    CLOSING = 128
    TOTAL = 256
    GOES_ON = 512
    BROKEN_OFF = 1024
    TOP_ONLY = 2048
    SCANNED = 4096
    HEADLINE = 8192
    ATTACHED = 16384
    DIVIDER = 32768


NOTHING = Look(0)
# Stands for the languages that put no spaces between words.
UNSPACED = "zh"
# Bytes of a hash.
LINE, NAME, WORD = 4, 2, 2
_CODES = {2: "H", 4: "I"}


@dataclass(frozen=True, slots=True)
class PageTraits:
    """One page's traits; hashes stand for text, so that none of it can be read here.

    They are few bytes, since a job in progress holds those of all its pages.

    `number` and `total` are of "page 2 of 3", `loose` are numbers that may be the page's. `lines`
    are hashes of the first and last lines without their digits, `reference` and `form` those of
    the document's number and of the printed form's, 0 where it shows none. `names` are hashes of
    other numbers, `words` the smallest hashes of its words. `width` and `height` are points,
    `font` is the largest size of letters in points, 0 where nothing tells. `language` is an ISO
    639-1 code, `UNSPACED` or empty where nothing tells.
    """

    width: int = 0
    height: int = 0
    length: int = 0
    look: Look = NOTHING
    number: int | None = None
    total: int | None = None
    loose: tuple[int, ...] = ()
    lines: bytes = b""
    reference: int = 0
    form: int = 0
    names: bytes = b""
    words: bytes = b""
    language: str = ""
    font: int = 0


NO_TRAITS = PageTraits()


def packed(hashes: Iterable[int], size: int) -> bytes:
    """Return the low bytes of hashes one after the other, the most significant byte first."""
    mask = (1 << 8 * size) - 1
    return b"".join((each & mask).to_bytes(size, "big") for each in hashes)


def unpacked(hashes: bytes, size: int) -> tuple[int, ...]:
    """Return the hashes apart; `size` is that of `LINE`, `NAME` or `WORD`."""
    return unpack_from(f">{len(hashes) // size}{_CODES[size]}", hashes)
