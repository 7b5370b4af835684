"""From a signal to the end: the order in which the server lets go."""

from __future__ import annotations

import asyncio
import logging
import os
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docsort_server.app import App

log = logging.getLogger(__name__)

# Seconds that open streams have to take their last events.
STOP_GRACE = 5.0
# Seconds beyond its own limits after which a drain is taken to hang.
WATCHDOG_MARGIN = 15.0


class Lifecycle:
    """Wait for the signal to stop, then drain. A second signal ends the process at once.

    `shared` tells that other replicas go on with what this one gives back.
    """

    def __init__(self, *, delay: float, grace: float, shared: bool = False) -> None:
        self._delay = delay
        self._grace = grace
        self._shared = shared
        self._stopping = asyncio.Event()

    def listen(self) -> None:
        """Take SIGTERM and SIGINT as the signal to stop."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self._on_signal, number)

    def stop(self) -> None:
        """Stop as if a signal had come."""
        self._stopping.set()

    async def stopping(self) -> None:
        """Wait until the server is to stop."""
        await self._stopping.wait()

    async def drain(self, app: App) -> None:
        """Let go in the order that loses nothing: health, balancers, admission, jobs, calls."""
        limit = self._delay + self._grace + STOP_GRACE + WATCHDOG_MARGIN
        watchdog = asyncio.get_running_loop().call_later(limit, _dump_tasks)
        await app.health.enter_graceful_shutdown()
        log.info("not ready any more; serving on for %g s", self._delay)
        await asyncio.sleep(self._delay)
        app.jobs.admission.close()
        log.info("taking no more jobs; waiting up to %g s for what is in hand", self._grace)
        if self._shared:
            await app.jobs.runner.retire()
        try:
            async with asyncio.timeout(self._grace):
                await app.jobs.runner.idle()
        except TimeoutError:
            log.warning("the time is up; what is in hand is let go")
            await app.jobs.runner.abandon()
        app.jobs.feed.close()
        await app.server.stop(STOP_GRACE)
        watchdog.cancel()

    def _on_signal(self, number: signal.Signals) -> None:
        if self._stopping.is_set():
            log.warning("second signal: ending now")
            # Workers end by themselves when this process is gone.
            os._exit(128 + number)
        log.info("%s: shutting down", number.name)
        self._stopping.set()


def _dump_tasks() -> None:
    """Show what a hanging shutdown waits for."""
    log.error("the shutdown hangs; these tasks are running:")
    for task in asyncio.all_tasks():
        task.print_stack(file=sys.stderr)
