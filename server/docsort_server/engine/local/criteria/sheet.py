"""A page's lines as one text, folded and as they are, for the search for values."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from docsort_server.engine.local import text as t
from docsort_server.engine.local.criteria.columns import Columns

if TYPE_CHECKING:
    from docsort_server.engine.local.reading import Reading


_SPACES = re.compile(r"[^\S\n ]")


@dataclass(frozen=True, slots=True)
class Spot:
    """A value at columns of a line; equal `key` is the same value.

    Where `sure` is false it only looks like one: it counts near words that name it.
    """

    line: int
    start: int
    end: int
    key: str
    sure: bool = True


class Sheet:
    """Made for one page, and only where a criterion asks for values."""

    def __init__(self, reading: Reading) -> None:
        self._lines = reading.lines

    @cached_property
    def cased(self) -> str:
        """The lines as they are, with one kind of space."""
        return _SPACES.sub(" ", "\n".join(self._lines))

    @cached_property
    def folded(self) -> str:
        """The lines folded: as many, each of about the same length."""
        return t.fold(self.cased)

    @cached_property
    def folded_lines(self) -> list[str]:
        """The folded lines one by one."""
        return self.folded.split("\n")

    @cached_property
    def columns(self) -> Columns:
        """Which spaces stand between columns."""
        return Columns(tuple(self._lines))

    @cached_property
    def _folded_starts(self) -> list[int]:
        return _starts(self.folded)

    @cached_property
    def _cased_starts(self) -> list[int]:
        return _starts(self.cased)

    def spot(self, found: re.Match[str], *, sure: bool = True, cased: bool = False) -> Spot:
        """Return where a match in `folded` or `cased` stands."""
        starts = self._cased_starts if cased else self._folded_starts
        line = bisect_right(starts, found.start()) - 1
        return Spot(
            line,
            found.start() - starts[line],
            found.end() - starts[line],
            "".join(filter(str.isalnum, found[0])),
            sure,
        )


def _starts(text: str) -> list[int]:
    return list(accumulate((len(line) + 1 for line in text.split("\n")), initial=0))[:-1]
