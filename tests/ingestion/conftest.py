"""One server that reads every kind, for a whole module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio
from rpc_server import Calls, RealServer, connected

from docsort_server.app import serving
from docsort_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real() -> AsyncGenerator[RealServer, None]:
    """Serve with one process of each sort."""
    settings = Settings(
        listen="127.0.0.1:0",
        store="memory",
        parser_workers=1,
        engine_workers=1,
        ocr="rapidocr",
        ocr_workers=1,
        max_pages=10,
    )
    async with serving(settings) as app, connected(app.address) as channel:
        yield RealServer(app, Calls(channel))
