"""Mails as Outlook saves them, with what lies in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from outlook_files import compound, outlook
from pdfs import text_pdf

from docsort_server.documents.mapping import Mapping
from docsort_server.documents.opening import open_document
from docsort_server.documents.terms import Terms
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from outlook_files import Folder

PDF = text_pdf(["attached page"])


def read(folder: Folder, terms: Terms | None = None) -> tuple[list[str], Sequence[str]]:
    """Return each page's text in one line, the head left out, and what is no page."""
    document = open_document(Mapping.of(compound(folder)), terms or Terms())
    pages = [" ".join(document.read(number + 1).text.split()) for number in range(document.pages)]
    left_out: Sequence[str] = getattr(document, "left_out", ())
    document.close()
    return [page.rpartition("Subject: ")[2] for page in pages], left_out


def test_a_mail_and_its_files_are_pages() -> None:
    """First what was written, then each page of what is attached."""
    assert read(outlook("Bill", "the letter", PDF)) == (["Bill the letter", "attached page"], ())


def test_a_mail_within_a_mail_is_read_with_its_files() -> None:
    """It is no file, but a folder in the container; its pages come where it is attached."""
    inner = outlook("Inner", "the inner letter", PDF, embedded=True)
    pages, left_out = read(outlook("Outer", "the outer letter", inner, b"a note"))
    assert pages == ["Outer the outer letter", "Inner the inner letter", "attached page", "a note"]
    assert not left_out


def test_mails_lie_within_mails_to_a_depth() -> None:
    """What lies deeper is no page, and told; all mails together have so many attachments."""
    folder = outlook("3", "c", embedded=True)
    for name in ("2", "1"):
        folder = outlook(name, "x", folder, embedded=True)
    whole = outlook("0", "x", folder)
    pages, left_out = read(whole, Terms(max_nesting=2))
    assert pages == ["0 x", "1 x", "2 x"]
    assert left_out == ("1 attached: deeper than max_nesting, 2",)
    pages, left_out = read(whole, Terms(max_attachments=1))
    assert pages == ["0 x", "1 x"]
    assert left_out == ("1 attached: more than max_attachments, 1",)


def test_a_damaged_mail_within_a_mail_is_a_page_that_fails() -> None:
    """The others are read."""
    inner = outlook("Inner", "the inner letter", embedded=True)
    del inner["__substg1.0_1000001F"]
    document = open_document(Mapping.of(compound(outlook("A", "b", inner, PDF))), Terms())
    assert document.pages == 3
    with pytest.raises(Fault) as caught:
        document.read(2)
    assert caught.value.reason is Reason.CORRUPT_DOCUMENT
    assert document.read(3).text.strip() == "attached page"


def test_what_else_is_embedded_is_no_mail() -> None:
    """A drawing of another program is a folder too."""
    pages, left_out = read(outlook("A", "b", {"CONTENTS": bytes(100)}))
    assert pages == ["A b"]
    assert left_out == ("1 attached: empty",)


def test_pages_of_attachments_bear_their_names() -> None:
    """Of a file its name, of a mail what it is called; of what lies in it the innermost."""
    inner = outlook("Inner", "x", PDF, embedded=True, name="a.pdf")
    document = open_document(
        Mapping.of(compound(outlook("Outer", "x", inner, b"a note", name="Offer"))), Terms()
    )
    told = [document.read(number).attachment for number in (1, 2, 3, 4)]
    document.close()
    assert told == ["", "Offer", "a.pdf", "Offer"]
