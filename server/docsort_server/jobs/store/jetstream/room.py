"""Whether there is room for another job, apart from that for the ends of those accepted."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from docsort_server.jobs.store.jetstream.patience import full

if TYPE_CHECKING:
    from collections.abc import Callable

    from docsort_server.jobs.store.jetstream.api import JetStream
    from docsort_server.jobs.store.jetstream.names import Names

# The part of the events' space that new jobs may fill.
SHARE = 0.8
# Seconds for which an answer is good while less than this part of the space is filled. Beyond it
# every job is asked for: in a tenth of a second more of them can come than the rest has room for,
# and then none of them could end before some other is deleted.
_FRESH, _AMPLE = 0.1, 0.5


class Room:
    """Ask the engine how full the logs are, ten times a second at most while there is ample room.

    `disk_is_low` tells whether the disk is, where it can be seen from here: an engine that meets a
    full disk stops for good.
    """

    def __init__(
        self, jetstream: JetStream, names: Names, disk_is_low: Callable[[], bool] | None = None
    ) -> None:
        self._jetstream = jetstream
        self._names = names
        self._disk_is_low = disk_is_low
        self._asked = float("-inf")
        self._ample = self._full = False

    async def require(self) -> None:
        """Raise `Fault` OVERLOADED where a new job should not begin; `Away` and `Refused` too."""
        now = asyncio.get_running_loop().time()
        if not self._ample or now - self._asked >= _FRESH:
            filled = await self._look()
            self._ample, self._full = filled < _AMPLE, filled > SHARE
            self._asked = now
        if self._full:
            raise full()

    async def _look(self) -> float:
        """Return the part of the space that is filled; all of it where the disk is low."""
        if self._disk_is_low and self._disk_is_low():
            return 1.0
        info = await self._jetstream.call(f"STREAM.INFO.{self._names.events}")
        limit: int = info["config"]["max_bytes"]
        held: int = info["state"]["bytes"]
        return held / limit if limit > 0 else 0.0
