"""What was seen, as lines of JSON that are appended and never changed."""

from __future__ import annotations

import hashlib
import json
import os
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Who writes which file; the checker reads these and nothing else.
CLIENTS, MODEL, KILLS = "clients.jsonl", "model.jsonl", "kills.jsonl"


class Record:
    """Append facts to a file, each with its `what` and the seconds since the epoch."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)

    def write(self, what: str, **facts: Any) -> None:  # noqa: ANN401 - whatever JSON holds
        """Append one fact. One write each: a process that is killed leaves whole lines."""
        line = json.dumps({"what": what, "time": time.time(), **facts})
        os.write(self._file, f"{line}\n".encode())

    def close(self) -> None:
        """Close the file."""
        os.close(self._file)


def read(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the facts of a file."""
    with path.open() as lines:
        for line in lines:
            yield json.loads(line)


def digest(value: object) -> str:
    """Return a short name for a value, equal for values that look equal."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]
