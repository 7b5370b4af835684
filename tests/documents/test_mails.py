"""Mails whose parts lie in each other: nothing of them is lost in silence."""

from __future__ import annotations

import base64
import quopri
from email.message import EmailMessage
from email.mime.application import MIMEApplication
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText
from typing import TYPE_CHECKING

import pytest
from pdfs import text_pdf

from docsort_server.documents.kinds import Kind, Sample, kind_of
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import Terms

if TYPE_CHECKING:
    from collections.abc import Sequence
    from email.message import Message

PDF = text_pdf(["attached page"])


def container(kind: str, *parts: Message) -> Message:
    """Return parts in a container."""
    made = MIMEMultipart(kind)
    for part in parts:
        made.attach(part)
    return made


def posted(message: Message) -> bytes:
    """Return a mail as it is sent."""
    message["From"], message["To"] = "a@example.com", "b@example.com"
    return message.as_bytes()


def read(content: bytes) -> tuple[list[str], Sequence[str]]:
    """Return each page's text in one line, and what was left out."""
    document = open_document(Mapping.of(content), Terms())
    pages = [" ".join(document.read(number + 1).text.split()) for number in range(document.pages)]
    left_out = getattr(document, "left_out", ())
    document.close()
    return pages, left_out


def file(disposition: str = "attachment") -> Message:
    """Return a PDF as a part."""
    part = MIMEApplication(PDF, "pdf")
    if disposition:
        part["Content-Disposition"] = f'{disposition}; filename="a.pdf"'
    return part


def test_a_plain_part_hides_no_other_text() -> None:
    """A list's footer is not the letter; a plain part stands for its own alternatives only."""
    pages, _ = read(
        posted(
            container(
                "mixed",
                container("alternative", MIMEText("chosen"), MIMEText("<p>hidden</p>", "html")),
                MIMEText("<p>the letter</p>", "html"),
                MIMEText("the footer"),
            )
        )
    )
    assert pages[0].endswith("chosen the letter the footer")


def test_plain_text_that_is_shown_inline_is_plain() -> None:
    """What it is shown as does not make it a page of HTML."""
    part = MIMEText("Dear <name>, hello")
    part["Content-Disposition"] = "inline"
    pages, _ = read(posted(container("mixed", part)))
    assert pages[0].endswith("Dear <name>, hello")


@pytest.mark.parametrize("disposition", ["attachment", "inline", ""])
def test_a_file_among_alternatives_is_a_page(disposition: str) -> None:
    """Some programs put what is attached there."""
    parts = (MIMEText("see"), MIMEText("<p>see</p>", "html"), file(disposition))
    pages, left_out = read(posted(container("alternative", *parts)))
    assert pages[1:] == ["attached page"]
    assert not left_out


def test_a_calendar_entry_among_alternatives_is_no_page() -> None:
    """It repeats what the text says."""
    pages, _ = read(
        posted(container("alternative", MIMEText("at ten"), MIMEText("BEGIN:VEVENT", "calendar")))
    )
    assert len(pages) == 1


def test_parts_that_lie_too_deep_are_told() -> None:
    """They are counted, whatever they hold."""
    part = file()
    for _ in range(25):
        part = container("mixed", part)
    pages, left_out = read(posted(part))
    assert len(pages) == 1
    assert "too deep within other parts" in left_out[0]


def test_a_mail_with_a_pdf_as_it_is_stays_a_mail() -> None:
    """An attachment that is not encoded is found by every search for a PDF."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.com", "b@example.com", "Bill"
    message.set_content("the letter")
    message.add_attachment(PDF, "application", "pdf", cte="8bit")
    content = bytes(message)
    assert PDF[:200] in content
    assert kind_of(Sample.of(content)) is Kind.MAIL
    pages, _ = read(content)
    assert pages[0].endswith("the letter")
    assert pages[1:] == ["attached page"]


@pytest.mark.parametrize("wrapping", ["base64", "quoted-printable", "Base64 ", "base64; x=y"])
def test_a_wrapped_mail_is_read_as_a_mail(wrapping: str) -> None:
    """Mails within mails must not be encoded (RFC 2046, 5.2.1), and some programs do it."""
    text = "the inner letter, with a line that is longer than any line may be once it is encoded"
    inner = posted(container("mixed", MIMEText(text), file()))
    encode = quopri.encodestring if wrapping.startswith("quoted") else base64.encodebytes
    head = (
        "From: a@example.com\nTo: b@example.com\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\n\nthe outer letter\n--x\n'
        f"Content-Type: message/rfc822\nContent-Transfer-Encoding: {wrapping}\n\n"
    )
    pages, left_out = read(head.encode() + encode(inner) + b"\n--x--\n")
    assert pages[0].endswith("the outer letter")
    assert pages[1].startswith("From: a@example.com")
    assert pages[1].endswith(text)
    assert pages[2:] == ["attached page"]
    assert not left_out


def test_attachments_that_cannot_be_opened_keep_no_memory() -> None:
    """Their mappings are closed, and each reading of their page fails afresh."""
    made = [MIMEApplication(b"%PDF-1.7 junk", "pdf") for _ in range(3)]
    document = open_document(Mapping.of(posted(container("mixed", *made))), Terms())
    depths = []
    for _ in range(3):
        with pytest.raises(Exception, match="no reader can open") as caught:
            document.read(2)
        depths.append(len(caught.traceback))
    assert depths[0] == depths[-1]


def test_pages_tell_at_which_page_their_attachment_starts() -> None:
    """Those of mails within mails as well."""
    inner = posted(container("mixed", MIMEText("inner"), file()))
    message = container("mixed", MIMEText("outer"), file(), MIMEApplication(inner, "octet-stream"))
    document = open_document(Mapping.of(posted(message)), Terms())
    assert [document.read(number).part for number in range(1, document.pages + 1)] == [1, 2, 3, 4]
