"""A docsort server whose engine is the fake model; all else is as in `docsort-server`.

    DOCSORT_...=... python bench/chaos/server.py --name NAME --model PORT

Settings come from the environment. It runs until it is killed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import logging
import os
from dataclasses import replace
from typing import TYPE_CHECKING

from docsort_server.app import serving
from docsort_server.engine.model import NOBODY, EngineIdentity, Outcome, PageVerdict, Turn
from docsort_server.settings_sources import load

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import Question

ENGINE = "fake"
# Seconds before a model that was not reached is asked again.
_PAUSE = 0.1


class FakeModelEngine:
    """A PageClassifier that asks a model over HTTP, and again for as long as it is not reached."""

    def __init__(self, port: int, process: str) -> None:
        self._port = port
        self._process = process

    @property
    def identity(self) -> EngineIdentity:
        """Name the engine."""
        return EngineIdentity(ENGINE, "fake/1", "", "")

    @property
    def span(self) -> int:
        """Tell that a task holds one page, as it should where a page costs money."""
        return 1

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page."""
        while True:
            try:
                scores = await self._ask(page.text)
            except (OSError, EOFError):
                await asyncio.sleep(_PAUSE)
            else:
                return PageVerdict(Outcome.MATCHED, tuple(scores), no_match_score=0.0)

    async def _ask(self, text: str) -> list[float]:
        body = json.dumps({"process": self._process, "text": text}).encode()
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        try:
            head = f"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {len(body)}\r\n\r\n"
            writer.write(head.encode() + body)
            answer = (await reader.read()).partition(b"\r\n\r\n")[2]
        finally:
            writer.close()
        if not answer:
            raise EOFError
        scores: list[float] = json.loads(answer)["scores"]
        return scores


async def serve(name: str, port: int) -> None:
    """Serve until any part of the work fails."""
    settings = replace(load(None, os.environ, {}), engine=ENGINE)
    engine = FakeModelEngine(port, name)
    async with serving(settings, {ENGINE: engine}) as app:
        await app.work


def main() -> None:
    """Parse the arguments and serve."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", required=True)
    parser.add_argument("--model", type=int, required=True)
    arguments = parser.parse_args()
    os.environ.setdefault("GRPC_VERBOSITY", "NONE")
    logging.basicConfig(
        level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s"
    )
    asyncio.run(serve(arguments.name, arguments.model))


if __name__ == "__main__":
    main()
