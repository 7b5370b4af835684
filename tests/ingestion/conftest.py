"""One server that reads every kind, and a model that it can ask, for a whole module."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest_asyncio
from model_server import ModelServer, model_server
from rpc_server import Calls, RealServer, connected

from docsort_server.app import serving
from docsort_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def model() -> AsyncGenerator[ModelServer, None]:
    """Play a model that does not see."""
    async with model_server() as playing:
        yield playing


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def real(model: ModelServer) -> AsyncGenerator[RealServer, None]:
    """Serve with one process of each sort, and the model as another engine."""
    settings = Settings(
        listen="127.0.0.1:0",
        store="memory",
        parser_workers=1,
        engine_workers=1,
        ocr="rapidocr",
        ocr_workers=1,
        max_pages=10,
        openai_base_url=model.url,
        openai_api_key="k",
        openai_model="small",
        openai_vision="never",
    )
    async with serving(settings) as app, connected(app.address) as channel:
        yield RealServer(app, Calls(channel))
