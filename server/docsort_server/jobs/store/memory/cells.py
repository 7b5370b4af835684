"""Small values that processes share, of which there is one here."""

from __future__ import annotations


class MemoryCell:
    """A value with the count of its changes."""

    def __init__(self) -> None:
        self._body = b""
        self._revision = 0

    async def read(self) -> tuple[bytes, int]:
        """Return the value and its revision; empty and 0 where there is none."""
        return self._body, self._revision

    async def write(self, body: bytes, revision: int) -> bool:
        """Replace the value of a revision; False where it has another one by now."""
        if revision != self._revision:
            return False
        self._body, self._revision = body, revision + 1
        return True


class MemoryCells:
    """Cells by name."""

    def __init__(self) -> None:
        self._cells: dict[str, MemoryCell] = {}

    def __call__(self, name: str) -> MemoryCell:
        """Return the cell of a name."""
        return self._cells.setdefault(name, MemoryCell())
