"""Health that follows the job store: a server whose engine is away for long serves nobody."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from grpc_health.v1.health_pb2 import HealthCheckResponse

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from grpc_health.v1.health import aio as health

log = logging.getLogger(__name__)

# Seconds between two looks at the store.
LOOK = 1.0


async def kept(
    servicer: health.HealthServicer,
    services: Sequence[str],
    answers: Callable[[], Awaitable[bool]],
    patience: float,
) -> None:
    """Tell for ever whether the server is ready: not while the store is away for `patience` s."""
    loop = asyncio.get_running_loop()
    heard, ready = loop.time(), True
    while True:
        if await answers():
            heard = loop.time()
        fit = loop.time() - heard <= patience
        if fit != ready:
            ready = fit
            await _tell(servicer, services, ready)
        await asyncio.sleep(LOOK)


async def _tell(servicer: health.HealthServicer, services: Sequence[str], ready: bool) -> None:
    log.warning("the job engine is %s", "back; ready again" if ready else "away; not ready")
    status = HealthCheckResponse.SERVING if ready else HealthCheckResponse.NOT_SERVING
    for name in ("", *services):
        # Once the shutdown has begun this has no effect.
        await servicer.set(name, status)
