"""Reading mails as Outlook saves them (MSG), with python-oxmsg."""

from __future__ import annotations

import importlib  # few documents are locked
import io
from functools import partial
from typing import TYPE_CHECKING

import olefile
from oxmsg import Message
from oxmsg.attachment import Attachment
from oxmsg.storage import Storage, Stream

from docsort_server.documents.kinds import Kind
from docsort_server.documents.mail.letter import Attached, Enclosed, Letter, MailDocument
from docsort_server.documents.mapping import Mapping
from docsort_server.documents.sniff import unsupported
from docsort_server.documents.web import text_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from docsort_server.documents.mail.letter import Opener
    from docsort_server.documents.parsed import ParsedDocument
    from docsort_server.documents.terms import Terms

# How office programs keep a document that has a password.
_ENCRYPTED = "EncryptedPackage"
# A stream that every MSG has; older Word and Excel files come in the same container.
_PROPERTIES = "__properties_version1.0"
# Where an attachment keeps what is no file; its properties begin after 24 bytes, not after 32
# (MS-OXMSG, 2.2.2.1 and 2.4.1).
_EMBEDDED = "__substg1.0_3701000D"
_HEAD, _MORE_HEAD = 24, 8
# PidTagDisplayName: what a mail within a mail is called, which has no name of a file.
_DISPLAY_NAME = 0x3001


def open_outlook(mapping: Mapping, terms: Terms, opener: Opener) -> ParsedDocument:
    """Return a mail with its attachments, or the office document that is locked in a container.

    Raises the Fault UNSUPPORTED_DOCUMENT for what else comes in such a container, what
    `locked.unlocked` raises, and whatever the library raises for a damaged one.
    """
    content = mapping.copy()
    mapping.close()
    with olefile.OleFileIO(io.BytesIO(content)) as container:
        locked = container.exists(_ENCRYPTED)
        if not (locked or container.exists(_PROPERTIES)):
            raise unsupported()
        storage = None if locked else Storage.from_ole(container)
    if storage is None:
        module = importlib.import_module("docsort_server.documents.office.locked")
        return opener.open(Mapping.of(module.unlocked(content, terms.password)), terms)
    return MailDocument("python-oxmsg", _letter(storage), terms, opener)


def _letter(storage: Storage) -> Letter:
    message = Message(storage)
    text = message.body or ""
    if not text.strip() and message.html_body:
        text = text_of(message.html_body.encode())
    return Letter(tuple(_fields(message)), text, _attached(storage))


def _attached(storage: Storage) -> Iterator[Attached]:
    for each in storage.iter_attachment_storages():
        inner, file = next(filter(_is_mail, each.storages), None), Attachment(each)
        name = file.file_name or file.properties.str_prop_value(_DISPLAY_NAME) or ""
        if inner:
            yield Attached(name, Enclosed(Kind.OUTLOOK, partial(_letter, _as_root(inner))))
        else:
            yield Attached(name, file.file_bytes or b"")


def _is_mail(storage: Storage) -> bool:
    """Tell a mail from what else is embedded, such as a drawing of another program."""
    return storage.name == _EMBEDDED and any(each.name == _PROPERTIES for each in storage.streams)


def _as_root(storage: Storage) -> Storage:
    """Return a mail within a mail as one on its own, whose list of properties has a longer head."""
    streams = tuple(
        Stream(each.path, each.bytes_[:_HEAD] + bytes(_MORE_HEAD) + each.bytes_[_HEAD:])
        if each.name == _PROPERTIES
        else each
        for each in storage.streams
    )
    return Storage(storage.path, streams, storage.storages)


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    yield "From", message.sender or ""
    yield "To", "; ".join(each.name or each.email_address for each in message.recipients)
    if message.sent_date:
        yield "Date", message.sent_date.isoformat(" ", "minutes")
    yield "Subject", message.subject or ""
