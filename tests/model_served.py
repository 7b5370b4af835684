"""A complete server whose default engine is a model on the loopback."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

from pdf_files import pdf
from rpc_server import Calls, RealServer, connected, events, request

from docsort_server.app import serving
from docsort_server.settings import Settings

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from model_server import ModelServer

    from docsort.v1 import classification_pb2, job_pb2

TEXT = """Invoice no. 00417
Bill to: Harrow and Finch, for goods that were delivered in March
Desk lamp 2 40.00 80.00
Total due: 96.00 EUR, please pay within thirty days"""
KEY = "sk-very-secret"


@asynccontextmanager
async def model_served(
    model: ModelServer,
    **changes: Any,  # noqa: ANN401 - settings of any type
) -> AsyncGenerator[RealServer, None]:
    """Serve with jobs in memory; `changes` are settings."""
    values = {
        "listen": "127.0.0.1:0",
        "store": "memory",
        "parser_workers": 1,
        "engine_workers": 1,
        # Its processes take seconds to start.
        "ocr": "off",
        "engine": "openai",
        "openai_base_url": model.url,
        "openai_api_key": KEY,
        "openai_model": "small",
        **changes,
    }
    async with serving(Settings(**values)) as app, connected(app.address) as channel:
        yield RealServer(app, Calls(channel))


def document(pages: int) -> bytes:
    """Return a document whose pages hold enough text to be asked about."""
    return pdf(*(f"{TEXT}\npage {number}" for number in range(pages)))


async def job_of(
    calls: Calls, content: bytes, options: classification_pb2.ClassificationOptions | None = None
) -> job_pb2.Job:
    """Classify a document to its end."""
    return (await events(calls.classify(request(content, options=options))))[-1].finished.job
