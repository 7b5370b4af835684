"""Lines of text as they lie on a page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# Left, top, right and bottom, in pixels.
Box = tuple[float, float, float, float]

# Two boxes are on one line when their middles are no further apart than this share of the height.
_SAME_LINE = 0.6


class Line(NamedTuple):
    """A piece of text in its box; `score` (0..1) is how sure its reader is."""

    box: Box
    text: str
    score: float

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.box[1] + self.box[3]) / 2

    @property
    def height(self) -> float:
        """From top to bottom."""
        return self.box[3] - self.box[1]


def rows(lines: Iterable[Line]) -> str:
    """Return the text from top to bottom; what stands side by side shares a line, spaced."""
    ordered = sorted(lines, key=lambda line: line.middle)
    return "\n".join(
        "  ".join(line.text for line in sorted(row, key=lambda line: line.box[0]))
        for row in _grouped(ordered)
    )


def _grouped(lines: Iterable[Line]) -> Iterator[list[Line]]:
    row: list[Line] = []
    for line in lines:
        if row and line.middle - row[0].middle > _SAME_LINE * max(line.height, row[0].height):
            yield row
            row = []
        row.append(line)
    if row:
        yield row
