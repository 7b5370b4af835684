"""Watch a document being classified, page by page.

Needs a server, `make serve`, and the sample packet, which `make run` draws.
"""

import asyncio
import os
import sys

import docsort

SERVER = os.environ.get("DOCSORT_SERVER") or "127.0.0.1:50051"
CATEGORIES = ["Invoice", "Receipt", "Contract", "Bank statement", "Letter"]


async def main() -> None:
    """Print each page as it is done, then the answer."""
    async with docsort.AsyncClient(SERVER) as client:
        async for event in client.stream("build/sample-packet.pdf", CATEGORIES):
            match event:
                case docsort.PageFinished(page_result=page):
                    print(f"page {page.page}: {page.classification} ({page.outcome})")
                case docsort.Finished(job=job) if job.result:
                    print(f"{job.result.classification}, {job.result.outcome}")


try:
    asyncio.run(main())
except docsort.APIConnectionError as error:
    sys.exit(f"{error}\nStart a server with make serve, or name one in DOCSORT_SERVER.")
