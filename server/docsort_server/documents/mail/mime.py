"""Reading mails as they are sent (EML, MIME)."""

from __future__ import annotations

import email
import email.errors
import email.header
import email.message
import email.policy
import importlib  # HTML needs an extra
from typing import TYPE_CHECKING, Any

from docsort_server.documents.mail.letter import Attached, Letter, MailDocument
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
# In these a mail is wrapped for its transport, as it must not be and yet is.
_WRAPPED = ("base64", "quoted-printable")
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
    message = email.message_from_bytes(content[start:], _Part, policy=email.policy.compat32)
    return MailDocument("mail", _letter(message), terms, opener)


def _letter(message: Message) -> Letter:
    parts = _Parts()
    parts.take(message, _DEPTH)
    return Letter(
        tuple(_fields(message)),
        "\n\n".join(text for text in parts.texts if text.strip()),
        parts.attached,
        parts.decoration,
        parts.deep,
    )


class _Part(email.message.Message):
    """A part as the parser makes it, which takes what is within a mail for a mail by its type."""

    def get(self, name: str, failobj: object = None) -> Any:  # noqa: ANN401 - as in the class above
        """Return a field; of the encoding the name alone, as which no other spelling is known."""
        value = super().get(name, failobj)
        if value is None or name.lower() != "content-transfer-encoding":
            return value
        return str(value).split(";")[0].strip()

    def get_content_maintype(self) -> str:
        """Return the first half of the type, except that a wrapped mail is a file."""
        kind: str = super().get_content_maintype()
        wrapped = str(self.get("Content-Transfer-Encoding", "")).lower() in _WRAPPED
        return "application" if wrapped and kind == "message" else kind


class _Parts:
    """The parts of a mail by what they are; `deep` counts those too deep to be looked at."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.attached: list[Attached] = []
        self.decoration = 0
        self.deep = 0

    def take(self, part: Message, depth: int, *, shown: bool = True) -> None:
        """Add a part and those in it; its text only where it is `shown`."""
        kind = part.get_content_type()
        if not part.is_multipart() or kind == _ENCLOSED:
            self._add(part, kind, shown=shown)
        elif not depth:
            self.deep += 1
        elif kind == "multipart/alternative":
            self._choose(_inner(part), depth, shown=shown)
        else:
            for inner in _inner(part):
                self.take(inner, depth - 1, shown=shown)

    def _choose(self, offered: list[Message], depth: int, *, shown: bool) -> None:
        """Add one of several forms of the same text: the plain one, if there is something in it."""
        has_plain = any(_is_plain(part) and _text(part).strip() for part in offered)
        for part in offered:
            if not _is_repeated(part):
                self.take(part, depth - 1, shown=shown and _is_plain(part) is has_plain)

    def _add(self, part: Message, kind: str, *, shown: bool) -> None:
        attached = part.get_content_disposition() == "attachment"
        if kind == _ENCLOSED:
            self.attached.append(Attached(_name(part), _enclosed(part)))
        elif kind in _SHOWN and not attached:
            if shown:
                self.texts.append(_text(part) if _is_plain(part) else _html_text(_body(part)))
        elif not attached and _is_decoration(part, kind):
            self.decoration += 1
        else:
            self.attached.append(Attached(_name(part), _body(part)))


def _inner(part: Message) -> list[Message]:
    return [each for each in part.get_payload() if isinstance(each, email.message.Message)]


def _is_plain(part: Message) -> bool:
    attached = part.get_content_disposition() == "attachment"
    return part.get_content_type() == "text/plain" and not attached


def _is_repeated(part: Message) -> bool:
    """Tell whether a part is a text in a further form, such as a calendar entry, and no file."""
    named = part.get_content_disposition() or part.get_filename()
    kind = part.get_content_type()
    return kind.startswith("text/") and kind not in _SHOWN and not named


def _is_decoration(part: Message, kind: str) -> bool:
    small = len(part.get_payload(decode=False)) < _DECORATION * 4 // 3
    return kind.startswith("image/") and part.get("Content-ID") is not None and small


def _name(part: Message) -> str:
    """Return the name that a part has, encoded in whichever of the ways that are in use."""
    try:
        return _decoded_field(part.get_filename() or "")
    except (AttributeError, LookupError, TypeError, ValueError):
        return ""  # nothing that a damaged field says is worth the attachment


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
