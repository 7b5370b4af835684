"""Watch a document being classified, page by page. Needs a server: make serve."""

import asyncio

import docsort

CATEGORIES = ["Invoice", "Receipt", "Contract", "Bank statement", "Letter"]


async def main() -> None:
    """Print each page as it is done, then the answer."""
    async with docsort.AsyncClient("127.0.0.1:50051") as client:
        async for event in client.stream("build/sample-packet.pdf", CATEGORIES):
            match event:
                case docsort.PageFinished(page_result=page):
                    print(f"page {page.page}: {page.classification} ({page.outcome})")
                case docsort.Finished(job=job) if job.result:
                    print(f"{job.result.classification}, {job.result.outcome}")


asyncio.run(main())
