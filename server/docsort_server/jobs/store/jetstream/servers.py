"""Where the engine is."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Servers:
    """Where the engine is; addresses may hold passwords."""

    urls: Sequence[str] = field(repr=False)
    token: str | None = field(default=None, repr=False)

    @property
    def shown(self) -> str:
        """The addresses without what is secret."""
        return ",".join(map(shown, self.urls))


def shown(url: str) -> str:
    """Return an address without the name, password or token that may stand in it."""
    parts = urlsplit(url if "://" in url else f"nats://{url}")
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
