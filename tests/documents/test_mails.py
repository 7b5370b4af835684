"""Mails whose parts lie in each other: nothing of them is lost in silence."""

from __future__ import annotations

import base64
import contextlib
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
from docsort_server.documents.parsed import Attaching
from docsort_server.documents.terms import Terms
from docsort_server.faults import Fault

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


def names(content: bytes) -> list[str]:
    """Return the name of the attached file that each page is of."""
    document = open_document(Mapping.of(content), Terms())
    try:
        assert isinstance(document, Attaching)
        told = [document.attachment(number + 1) for number in range(document.pages)]
        for number, name in enumerate(told, 1):
            with contextlib.suppress(Fault):
                assert document.read(number).attachment == name
        return told
    finally:
        document.close()


def named(name: str, content: bytes = PDF) -> Message:
    """Return a file with a name."""
    part = MIMEApplication(content, "pdf")
    part.add_header("Content-Disposition", "attachment", filename=name)
    return part


def test_pages_of_attachments_bear_their_names() -> None:
    """The letter has none, nor has an attachment without one; a page that fails has its own."""
    bare = MIMEApplication(PDF, "pdf")
    del bare["Content-Disposition"]
    mail = container(
        "mixed", MIMEText("letter"), named("a.pdf"), named("b.pdf", b"%PDF-1.4 broken"), bare
    )
    assert names(posted(mail)) == ["", "a.pdf", "b.pdf", ""]


def test_names_are_read_however_they_are_encoded() -> None:
    """As the standard has it, and as mail programs have it."""
    standard = named("R\u00e9sum\u00e9.pdf")
    usual = MIMEApplication(PDF, "pdf")
    usual["Content-Disposition"] = 'attachment; filename="=?utf-8?q?R=C3=A9sum=C3=A9=2Epdf?="'
    damaged = MIMEApplication(PDF, "pdf")
    damaged["Content-Disposition"] = "attachment; filename*=nothing'x%ff%00.pdf"
    _, first, second, _ = names(posted(container("mixed", MIMEText("x"), standard, usual, damaged)))
    assert first == second == "R\u00e9sum\u00e9.pdf"


def test_pages_in_a_mail_within_a_mail_bear_the_innermost_name() -> None:
    """Its letter has the name under which it is attached; so has a file in it without one."""
    inner = container("mixed", MIMEText("inner"), named("a.pdf"), MIMEApplication(PDF, "pdf"))
    outer = container("mixed", MIMEText("outer"), named("old.eml", posted(inner)))
    assert names(posted(outer)) == ["", "old.eml", "a.pdf", "old.eml"]
