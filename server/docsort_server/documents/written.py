"""Documents that are text to begin with: their pages are cut from it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.documents.parsed import PageError
from docsort_server.documents.text import fitted

if TYPE_CHECKING:
    from collections.abc import Container, Iterator, Sequence

    from docsort_server.documents.parsed import Picture

# Text that knows no pages is cut into as much as fits one when it is printed.
_LINES, _CHARACTERS = 64, 4_000
# A4 in points: what such a page would be printed on.
_WIDTH, _HEIGHT = 595.0, 842.0


class WrittenDocument:
    """The pages of a document as texts; `size` is theirs in points, width and height.

    Of pages with an index in `cut`, counted from 0, more is there than their text.
    """

    def __init__(
        self,
        reader: str,
        texts: Sequence[str],
        page_chars: int,
        size: tuple[float, float] = (_WIDTH, _HEIGHT),
        cut: Container[int] = (),
    ) -> None:
        self.reader = reader
        self._texts = texts
        self._page_chars = page_chars
        self._size = size
        self._cut = cut

    @property
    def pages(self) -> int:
        """How many pages there are."""
        return len(self._texts)

    def read(self, number: int) -> PageContent:
        """Return the page. Raises PageError where it is not there."""
        if not 1 <= number <= len(self._texts):
            raise PageError("the page is missing")
        text, truncated = fitted(self._texts[number - 1], self._page_chars)
        width, height = self._size
        return PageContent(
            number=number,
            text=text,
            width=width,
            height=height,
            words=len(text.split()),
            images=0,
            paths=0,
            image_share=0.0,
            truncated=truncated or number - 1 in self._cut,
        )

    def picture(self, number: int, pixels: int) -> Picture:
        """Raise PageError: there is nothing to be seen but the text."""
        raise PageError("a page of text is not drawn")

    def close(self) -> None:
        """Let go of the texts."""
        self._texts = ()


def paginated(text: str) -> list[str]:
    """Return the text in pages: at its form feeds, and where one would be longer than a page."""
    sheets = text.replace("\r\n", "\n").split("\f")
    return [page for sheet in sheets for page in _cut(sheet)] or [""]


def _cut(sheet: str) -> Iterator[str]:
    lines: list[str] = []
    room = _CHARACTERS
    for line in sheet.split("\n"):
        for piece in _pieces(line):
            if lines and (len(lines) >= _LINES or len(piece) > room):
                yield "\n".join(lines)
                lines, room = [], _CHARACTERS
            lines.append(piece)
            room -= len(piece) + 1
    if any(line.strip() for line in lines):
        yield "\n".join(lines)


def _pieces(line: str) -> Iterator[str]:
    """Yield a line, or the parts of one that alone is longer than a page."""
    for start in range(0, max(1, len(line)), _CHARACTERS):
        yield line[start : start + _CHARACTERS]
