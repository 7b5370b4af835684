"""Documents of every kind through a whole server: scans, mails, selections, passwords."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from garbled_pdfs import garbled_pdf
from kinds import encoded, mail, scan, sheets, word
from model_served import model_served
from model_server import ModelServer, model_server
from pdf_files import pdf
from pdfs import encrypted
from rpc_server import Calls, RealServer, connected, events, request

from docsort.v1 import classification_pb2 as classification
from docsort.v1 import error_reason_pb2, job_pb2
from docsort_server.app import serving
from docsort_server.settings import Settings

if TYPE_CHECKING:
    from docsort.v1.classification_service_pb2 import ClassifyRequest

pytestmark = pytest.mark.asyncio(loop_scope="module")

INVOICE = """INVOICE
Invoice number: 2024-117
Bill to: Example Ltd
Amount due: 120.00 EUR
VAT 19 percent
Please pay within thirty days"""
LETTER = """Dear Ms Harrow,
thank you for your visit last week, and for the plans of the garden that you left with us.
We shall write to you again as soon as we have read them.
Yours sincerely
Ada Finch"""
OPTIONS = classification.ClassificationOptions
WARNING = classification.WARNING_CODE_CONTENT_LEFT_OUT


def said(code: int) -> int:
    """Return another letter's code, as a broken font does."""
    return code + 3


async def ended(calls: Calls, asked: ClassifyRequest) -> job_pb2.Job:
    """Return what becomes of a request."""
    return (await events(calls.classify(asked)))[-1].finished.job


def invoice_scan() -> bytes:
    """Return a picture of an invoice."""
    return encoded(scan(*INVOICE.splitlines()), "PNG")


def criteria(*texts: str) -> classification.Category:
    """Return a category with criteria."""
    found = classification.Category(name="Invoice")
    for text in texts:
        found.criteria.add(text=text)
    return found


async def test_a_scan_is_classified_by_what_is_read_off_it(real: RealServer) -> None:
    """Its page says that its text came by OCR."""
    job = await ended(real.calls, request(invoice_scan()))
    (page,) = job.result.page_results
    assert job.result.classification == "Invoice"
    assert page.outcome == classification.OUTCOME_MATCHED
    assert page.text_source == classification.TEXT_SOURCE_OCR
    assert list(job.result.warnings) == []


async def test_a_page_whose_fonts_say_other_letters_is_read_off_its_picture(
    real: RealServer,
) -> None:
    """Its picture tells what it is, and the page says that it was looked at."""
    job = await ended(real.calls, request(garbled_pdf([INVOICE, LETTER], said)))
    assert [each.classification for each in job.result.page_results] == ["Invoice", "Letter"]
    assert {each.text_source for each in job.result.page_results} == {
        classification.TEXT_SOURCE_OCR
    }


async def test_criteria_are_judged_on_all_of_a_scan(real: RealServer) -> None:
    """What meets one may stand at the foot of the page."""
    lines = (*INVOICE.splitlines(), *[""] * 12, "Please pay within thirty days")
    asked = request(
        encoded(scan(*lines), "JPEG"),
        [criteria("Please pay within thirty days"), "Contract"],
    )
    job = await ended(real.calls, asked)
    (page,) = job.result.page_results
    assert [each.verdict for each in page.criteria] == [classification.VERDICT_MET]
    assert "thirty" in page.criteria[0].evidence


async def test_a_blank_scan_is_blank(real: RealServer) -> None:
    """And does not vote."""
    job = await ended(real.calls, request(encoded(scan(), "PNG")))
    assert [page.outcome for page in job.result.page_results] == [classification.OUTCOME_BLANK]


async def test_a_mail_room_in_one_mail(real: RealServer) -> None:
    """Text, scan, office files and what is not read: each is a page or a warning."""
    content = mail(
        "Dear all, please find the papers attached. Kind regards, Ada",
        invoice_scan(),
        word(INVOICE),
        sheets(Bill=[["Invoice", "total due"], ["96.00", "EUR"]]),
        b"\x7fELF\x00program",
    )
    job = await ended(real.calls, request(content))
    sources = [page.text_source for page in job.result.page_results]
    text, ocr = classification.TEXT_SOURCE_TEXT_LAYER, classification.TEXT_SOURCE_OCR
    assert sources == [text, ocr, text, text]
    (warning,) = job.result.warnings
    assert warning.code == WARNING
    assert warning.message.startswith("1 attached: the content is of no kind that is read")


@pytest.mark.parametrize(
    ("ranges", "expected"),
    [
        ([(-1, -1)], [12]),
        ([(-3, -1), (1, 2)], [1, 2, 10, 11, 12]),
        ([(11, -1)], [11, 12]),
        ([(-40, 1)], [1]),
        ([(9, 3), (-2, -2)], None),
    ],
)
async def test_pages_are_counted_from_either_end(
    real: RealServer, ranges: list[tuple[int, int]], expected: list[int] | None
) -> None:
    """A selection may be of a document that as a whole has more pages than are read."""
    options = OPTIONS(pages=[classification.PageRange(first=a, last=b) for a, b in ranges])
    asked = request(pdf(*[INVOICE] * 12), options=options)
    if expected is None:
        with pytest.raises(Exception, match="first <= last"):
            await ended(real.calls, asked)
        return
    job = await ended(real.calls, asked)
    assert [page.page for page in job.result.page_results] == expected
    assert job.result.total_pages == 12


async def test_too_many_pages_name_the_limit(real: RealServer) -> None:
    """Without a selection nothing is cut in silence."""
    job = await ended(real.calls, request(pdf(*["x"] * 12)))
    assert job.failure.reason == error_reason_pb2.ERROR_REASON_TOO_MANY_PAGES
    assert dict(job.failure.metadata) == {"limit": "max_pages", "value": "10", "actual": "12"}


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", error_reason_pb2.ERROR_REASON_ENCRYPTED_DOCUMENT),
        ("wrong", error_reason_pb2.ERROR_REASON_WRONG_PASSWORD),
        ("secret-word", error_reason_pb2.ERROR_REASON_UNSPECIFIED),
    ],
)
async def test_a_password_opens_a_document(
    real: RealServer, password: str, reason: error_reason_pb2.ErrorReason.ValueType
) -> None:
    """With the reason where it is missing or another; it is told to nobody."""
    asked = request(encrypted(pdf(INVOICE), user="secret-word", owner="o"))
    asked.document.password = password
    job = await ended(real.calls, asked)
    assert job.failure.reason == reason
    assert "secret-word" not in str(job)


async def test_without_ocr_what_cannot_be_read_says_what_helps() -> None:
    """The page is unreadable, nothing was read of it, and the warning names the extra."""
    garbled = garbled_pdf([LETTER], said)
    settings = Settings(
        listen="127.0.0.1:0", store="memory", parser_workers=1, engine_workers=1, ocr="off"
    )
    async with serving(settings) as app, connected(app.address) as channel:
        jobs = [
            await ended(Calls(channel), request(content)) for content in (invoice_scan(), garbled)
        ]
    for job in jobs:
        (page,) = job.result.page_results
        assert page.outcome == job.result.outcome == classification.OUTCOME_UNREADABLE
        assert page.text_source == classification.TEXT_SOURCE_UNSPECIFIED
        (warning,) = job.result.warnings
        assert warning.code == classification.WARNING_CODE_PAGES_UNREADABLE
        assert "docsort[ocr]" in warning.message


async def test_a_model_that_sees_is_shown_the_picture() -> None:
    """No page is read off its picture for one that looks at it."""
    async with model_server() as model, model_served(model, ocr="rapidocr") as real:
        job = await ended(real.calls, request(invoice_scan()))
    (page,) = job.result.page_results
    assert page.text_source == classification.TEXT_SOURCE_IMAGE


async def test_a_model_that_does_not_see_is_given_the_text(
    real: RealServer, model: ModelServer
) -> None:
    """It is asked once, about all of the page."""
    job = await ended(real.calls, request(invoice_scan(), options=OPTIONS(engine="openai")))
    (page,) = job.result.page_results
    assert page.text_source == classification.TEXT_SOURCE_OCR
    (asked,) = model.asked
    assert "2024-117" in str(asked.body)
