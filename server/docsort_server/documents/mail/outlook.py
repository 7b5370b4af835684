"""Reading mails as Outlook saves them (MSG), with python-oxmsg."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import olefile
from oxmsg import Message

from docsort_server.documents.mail.letter import Letter, MailDocument
from docsort_server.documents.parsed import Refused
from docsort_server.documents.sniff import unsupported
from docsort_server.documents.web import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.mail.letter import Opener
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

# How office programs keep a document that has a password.
_ENCRYPTED = "EncryptedPackage"
# A stream that every MSG has; older Word and Excel files come in the same container.
_PROPERTIES = "__properties_version1.0"


def open_outlook(mapping: Mapping, terms: Terms, opener: Opener) -> MailDocument:
    """Return a mail with its attachments.

    Raises the Fault UNSUPPORTED_DOCUMENT for what else comes in such a container, and whatever the
    library raises for a damaged one.
    """
    content = mapping.copy()
    mapping.close()
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        if container.exists(_ENCRYPTED):
            raise Refused("an encrypted package", encrypted=True)
        if not container.exists(_PROPERTIES):
            raise unsupported()
    message = Message.load(io.BytesIO(content))
    text = message.body or ""
    if not text.strip() and message.html_body:
        text = text_of(message.html_body.encode())
    attached = [each.file_bytes or b"" for each in message.attachments]
    return MailDocument(
        "python-oxmsg", Letter(tuple(_fields(message)), text, attached), terms, opener
    )


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    yield "From", message.sender or ""
    yield "To", "; ".join(each.name or each.email_address for each in message.recipients)
    if message.sent_date:
        yield "Date", message.sent_date.isoformat(" ", "minutes")
    yield "Subject", message.subject or ""
