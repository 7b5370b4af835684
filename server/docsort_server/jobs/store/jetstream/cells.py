"""Small values that processes share, as keys of the bucket of summaries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.api import EXPECT
from docsort_server.jobs.store.jetstream.trouble import CONTENDED, WRONG_SEQUENCE, Refused

if TYPE_CHECKING:
    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names
    from docsort_server.jobs.store.jetstream.patience import Patience


class JetStreamCell:
    """A key whose value is replaced only where nobody else did so meanwhile."""

    def __init__(self, jetstream: JetStream, names: Names, patience: Patience, name: str) -> None:
        self._jetstream = jetstream
        self._stream = names.state
        self._subject = names.cell(name)
        self._patience = patience

    async def read(self) -> tuple[bytes, int]:
        """Return the value and its revision; empty and 0 where there is none."""
        stored = await self._patience.until_done(
            lambda _: self._jetstream.newest(self._stream, self._subject)
        )
        return (stored.body, stored.position) if stored else (b"", 0)

    async def write(self, body: bytes, revision: int) -> bool:
        """Replace the value of a revision; False where it has another one by now.

        Also where it is in doubt whether that came through: whoever reads again sees.
        """

        async def attempt(doubt: bool) -> bool:
            if doubt:
                return False
            try:
                await self._jetstream.publish(self._subject, body, {EXPECT: str(revision)})
            except Refused as refusal:
                if refusal.number not in (WRONG_SEQUENCE, CONTENDED):
                    raise
                return False
            return True

        return await self._patience.until_done(attempt)
