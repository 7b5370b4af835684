"""How to reach an embedded server, written down for its user's other processes."""

from __future__ import annotations

import json
import os
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FILE = "endpoint.json"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """How to reach the server; it stays the same over the server's restarts."""

    url: str
    token: str = field(repr=False)
    capacity: int


@contextmanager
def told(folder: Path, endpoint: Endpoint) -> Iterator[None]:
    """Keep the endpoint in a file that only its owner can read, for as long as the block runs."""
    fresh = folder / f"{FILE}.new"
    # One that a killed process left may be open to more.
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(endpoint), file)
    fresh.rename(folder / FILE)
    try:
        yield
    finally:
        (folder / FILE).unlink(missing_ok=True)


def read_endpoint(folder: Path) -> Endpoint | None:
    """Return the endpoint of the server in a folder; None where none runs or it is another's."""
    try:
        return Endpoint(**json.loads((folder / FILE).read_text()))
    except (OSError, ValueError, TypeError):
        return None
