"""Office documents with a password."""

from __future__ import annotations

import contextlib
import io
from collections.abc import Callable
from typing import TYPE_CHECKING

import pytest
from kinds import mail, sheets, slides, word
from msoffcrypto.format.ooxml import OOXMLFile
from outlook_files import compound

from docsort_server.documents.document import Document
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.opening import open_document
from docsort_server.documents.pages import PageReader
from docsort_server.documents.terms import Terms
from docsort_server.faults import Fault, Reason
from docsort_server.sandbox.pool import WorkerPool

if TYPE_CHECKING:
    from outlook_files import Folder

ReaderOf = Callable[..., contextlib.AbstractAsyncContextManager[tuple[PageReader, WorkerPool]]]
RIGHT = Terms(password="open sesame")


def locked(content: bytes, password: str = "open sesame") -> bytes:
    """Return an office document with a password."""
    file = io.BytesIO()
    OOXMLFile(io.BytesIO(content)).encrypt(password, file)
    return file.getvalue()


def reason(content: bytes, terms: Terms) -> Reason:
    """Return why a document is not read."""
    with pytest.raises(Fault) as caught:
        open_document(Mapping.of(content), terms)
    return caught.value.reason


@pytest.mark.parametrize(
    "content",
    [word("secret words"), slides("secret words"), sheets(A=[["secret words"]])],
    ids=["DOCX", "PPTX", "XLSX"],
)
def test_a_password_opens_what_office_programs_lock(content: bytes) -> None:
    """Without one and with another the reasons differ; attachments are opened by it too."""
    file = locked(content)
    assert reason(file, Terms()) is Reason.ENCRYPTED_DOCUMENT
    assert reason(file, Terms(password="open barley")) is Reason.WRONG_PASSWORD
    assert "secret words" in open_document(Mapping.of(file), RIGHT).read(1).text
    assert "secret words" in open_document(Mapping.of(mail("x", file)), RIGHT).read(2).text


@pytest.mark.parametrize(
    ("version", "expected"),
    [(b"\3\0\3\0", Reason.ENCRYPTED_DOCUMENT), (b"\4\0\4\0", Reason.CORRUPT_DOCUMENT)],
    ids=["unknown", "damaged"],
)
def test_what_cannot_be_unlocked_is_told(version: bytes, expected: Reason) -> None:
    """An unknown way of encryption is still encryption; a damaged container is no document."""
    folder: Folder = {"EncryptedPackage": bytes(64), "EncryptionInfo": version + bytes(60)}
    assert reason(compound(folder), RIGHT) is expected


async def test_it_is_unlocked_within_the_walls(reader_of: ReaderOf) -> None:
    """The process that reads documents has all that it takes."""
    async with reader_of() as (reader, _):
        with Document(locked(word("secret words"))) as document:
            document.password = "open sesame"
            assert (await reader.open(document)).pages == 1
            (page,) = [page async for page in reader.pages(document, [1])]
    assert "secret words" in getattr(page, "text", "")
