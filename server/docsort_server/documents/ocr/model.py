"""What is read off a picture, and who reads."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from docsort_server.documents.parsed import Picture


class Part(StrEnum):
    """Which part of a page is read: its top third, what lies below, or all of it."""

    TOP = "TOP"
    REST = "REST"
    WHOLE = "WHOLE"


@dataclass(frozen=True, slots=True)
class Recognised:
    """Text off a picture, with the mean confidence (0..1) of its letters.

    `sideways` tells that most lines ran up or down the picture.
    """

    text: str
    confidence: float
    sideways: bool = False

    @property
    def letters(self) -> int:
        """How many letters and digits there are."""
        return sum(map(str.isalnum, self.text))


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read of a page, and of which part of it.

    The picture was turned by `turned` degrees, clockwise, to be read. `blank` tells that there is
    nothing on it. `traits` are those of the page with it, as in `PageContent`.
    """

    text: str
    part: Part
    turned: int = 0
    blank: bool = False
    traits: str = ""


class Recogniser(Protocol):
    """A library that reads pictures."""

    def read(self, picture: Picture) -> Recognised:
        """Return the text of a picture whose lines run from left to right."""
        ...

    def angle(self, picture: Picture) -> int:
        """Return by how many degrees, clockwise, to turn a picture to have its lines upright."""
        ...
