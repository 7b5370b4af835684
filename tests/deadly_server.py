"""A docsort server whose engine ends the whole process over a page that says "poison".

Run as a program with the settings of docsort-server in the environment and on the command line.
"""

import asyncio
import os
import sys

from docsort_server.app import serving
from docsort_server.documents.model import PageContent
from docsort_server.engine.model import NOBODY, EngineIdentity, Outcome, PageVerdict, Question, Turn
from docsort_server.settings_sources import load

POISON = "poison"


class DeadlyEngine:
    """Answer at once, or end the process as a fault in native code would."""

    identity = EngineIdentity("deadly", "deadly/1", "", "")
    span = 4

    async def classify(
        self, page: PageContent, question: Question, turn: Turn = NOBODY
    ) -> PageVerdict:
        """Answer for one page."""
        if POISON in page.text:
            os._exit(9)
        count = len(question.categories)
        return PageVerdict(
            Outcome.MATCHED,
            scores=tuple(1.0 if index == 0 else 0.0 for index in range(count)),
            criteria=tuple(() for _ in question.categories),
            no_match_score=0.0,
        )


async def main() -> None:
    """Serve until killed, by whomever."""
    arguments = dict(zip(sys.argv[1::2], sys.argv[2::2], strict=True))
    overrides = {name.removeprefix("--"): value for name, value in arguments.items()}
    async with serving(load(None, os.environ, overrides), {"local": DeadlyEngine()}):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main())
