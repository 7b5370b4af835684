"""Reading mails as they are sent (EML, MIME)."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import email.policy
import importlib  # HTML needs an extra
from typing import TYPE_CHECKING

from docsort_server.documents.mail.letter import Letter, MailDocument
from docsort_server.documents.plain import decoded
from docsort_server.faults import Fault, Reason

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from docsort_server.documents.mail.letter import Opener
    from docsort_server.documents.mapping import Mapping
    from docsort_server.documents.terms import Terms

_FIELDS = ("From", "To", "Cc", "Date", "Subject")
_FIELD_CHARS = 1_000
# How deep parts lie within parts, none of which is a mail of its own.
_DEPTH = 20
_ENCLOSED = "message/rfc822"
_SHOWN = ("text/plain", "text/html")
# A smaller picture that the text refers to is a logo or a smiley; a scan takes more.
_DECORATION = 32 * 1024


def open_mail(mapping: Mapping, terms: Terms, opener: Opener) -> MailDocument:
    """Return a mail with its attachments.

    Raises the Fault UNSUPPORTED_DOCUMENT for HTML alone where the extra for that is not installed.
    """
    content = mapping.copy()
    mapping.close()
    start = content.find(b"\n") + 1 if content.startswith(b"From ") else 0
    # The newer policy parses every field at once, and trips over damaged ones.
    message = email.message_from_bytes(content[start:], policy=email.policy.compat32)
    return MailDocument("mail", _letter(message), terms, opener)


def _letter(message: Message) -> Letter:
    sorted_ = _Sorted()
    for part in _leaves(message, _DEPTH):
        sorted_.add(part)
    return Letter(tuple(_fields(message)), sorted_.text(), sorted_.attached, sorted_.decoration)


class _Sorted:
    """The parts of a mail by what they are."""

    def __init__(self) -> None:
        self.attached: list[bytes] = []
        self.decoration = 0
        self._plain: list[str] = []
        self._html: list[bytes] = []

    def add(self, part: Message) -> None:
        kind = part.get_content_type()
        attached = part.get_content_disposition() == "attachment"
        if kind == _ENCLOSED:
            self.attached.append(_enclosed(part))
        elif kind in _SHOWN and not attached:
            self._show(part, kind)
        elif not attached and _is_decoration(part, kind):
            self.decoration += 1
        else:
            self.attached.append(_body(part))

    def text(self) -> str:
        """Return the text that a reader is shown: plain, or else that of the HTML."""
        plain = "\n\n".join(text for text in self._plain if text.strip())
        return plain or "\n\n".join(_html_text(page) for page in self._html)

    def _show(self, part: Message, kind: str) -> None:
        if kind == "text/plain":
            self._plain.append(_text(part))
        else:
            self._html.append(_body(part))


def _leaves(part: Message, depth: int) -> Iterator[Message]:
    """Yield the parts that are no mere containers."""
    if not part.is_multipart() or part.get_content_type() == _ENCLOSED:
        yield part
        return
    if not depth:
        return
    only = part.get_content_type() == "multipart/alternative"
    for inner in part.get_payload():
        # What else a text is offered as, such as a calendar entry, repeats it.
        if isinstance(inner, email.message.Message) and not (only and _is_repeated(inner)):
            yield from _leaves(inner, depth - 1)


def _is_repeated(part: Message) -> bool:
    return not part.is_multipart() and part.get_content_type() not in _SHOWN


def _is_decoration(part: Message, kind: str) -> bool:
    small = len(part.get_payload(decode=False)) < _DECORATION * 4 // 3
    return kind.startswith("image/") and part.get("Content-ID") is not None and small


def _enclosed(part: Message) -> bytes:
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    return inner.as_bytes() if isinstance(inner, email.message.Message) else _body(part)


def _body(part: Message) -> bytes:
    body = part.get_payload(decode=True)
    return body if isinstance(body, bytes) else b""


def _text(part: Message) -> str:
    body = _body(part)
    charset = part.get_content_charset()
    try:
        return body.decode(charset, "replace") if charset else decoded(body)
    except LookupError:  # a charset that nobody knows
        return decoded(body)


def _html_text(page: bytes) -> str:
    if not page.strip():
        return ""
    try:
        web = importlib.import_module("docsort_server.documents.web")
    except ImportError:
        text = "mails in HTML are read with the extra docsort[office], which is not installed"
        raise Fault(Reason.UNSUPPORTED_DOCUMENT, text) from None
    return str(web.text_of(page))


def _fields(message: Message) -> Iterator[tuple[str, str]]:
    for name in _FIELDS:
        value = message.get(name)
        if value is not None:
            yield name, _decoded_field(str(value))[:_FIELD_CHARS]


def _decoded_field(value: str) -> str:
    """Return a field's text as it is meant, or as it stands where that cannot be told."""
    try:
        parts = email.header.decode_header(value)
        return "".join(
            part.decode(charset or "ascii", "replace") if isinstance(part, bytes) else part
            for part, charset in parts
        )
    except (LookupError, ValueError, email.errors.HeaderParseError):
        return value
