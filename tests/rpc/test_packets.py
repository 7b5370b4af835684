"""Packets through a real server: documents of one class are told apart, one document is not."""

import pytest
from pdf_files import pdf
from rpc_server import RealServer, events, request

from docsort.v1 import classification_pb2 as classification

pytestmark = pytest.mark.asyncio(loop_scope="module")

BEAMS = "\n".join(f"{n} oak beams, planed and delivered {n * 3}.50" for n in range(1, 20))
ROOFS = "\n".join(f"{n} hours of roof repair by masons {n * 7}.25" for n in range(1, 20))


def invoice(seller: str, number: int, items: str) -> list[str]:
    """Return the two pages of an invoice."""
    return [
        f"{seller}\nINVOICE\nInvoice no. {number}\nDate: 3 May 2024\n{items}\nPage 1 of 2",
        f"{seller}\nInvoice no. {number}\n{items}\nAmount due: 812.50 EUR\nPage 2 of 2",
    ]


async def segments(real: RealServer, *pages: str) -> list[tuple[int, int]]:
    """Return the first and the last page of each document found."""
    found = await events(real.calls.classify(request(pdf(*pages))))
    result = found[-1].finished.job.result
    assert {page.classification for page in result.page_results} == {"Invoice"}
    assert result.segments[0].boundary_reason == classification.BOUNDARY_REASON_DOCUMENT_START
    return [(each.first_page, each.last_page) for each in result.segments]


async def test_two_invoices_are_two_documents(real: RealServer) -> None:
    """Each starts its pages' numbers again; their category is the same."""
    first, second = invoice("Acme Timber", 7731, BEAMS), invoice("Holt Roofing", 9002, ROOFS)
    assert await segments(real, *first, *second) == [(1, 2), (3, 4)]


async def test_one_invoice_is_one_document(real: RealServer) -> None:
    """Its second page goes on with the number, the items and the count of the first."""
    assert await segments(real, *invoice("Acme Timber", 7731, BEAMS)) == [(1, 2)]
