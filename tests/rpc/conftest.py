"""One server with real parsers and a real engine for a whole module."""

from collections.abc import AsyncGenerator

import pytest_asyncio
from rpc_server import Calls, RealServer, connected

from docsort_server.app import serving
from docsort_server.settings import Settings


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real() -> AsyncGenerator[RealServer, None]:
    """Serve with small limits, so that crossing them takes small documents."""
    settings = Settings(
        listen="127.0.0.1:0",
        store="memory",
        parser_workers=1,
        engine_workers=1,
        max_pages=40,
        max_document_bytes=1 << 20,
        page_seconds=1.0,
        page_tries=1,
    )
    async with serving(settings) as app, connected(app.address) as channel:
        yield RealServer(app, Calls(channel))
