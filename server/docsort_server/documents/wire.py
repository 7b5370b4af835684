"""Pages as frames between a worker and the server, which trusts no worker."""

from __future__ import annotations

import base64
import sys
from typing import TYPE_CHECKING, Any

from docsort_server.documents.model import TRAITS_CHARS, DocumentFacts, PageContent, UnreadPage
from docsort_server.documents.names import NAME_CHARS, file_name
from docsort_server.documents.ocr.model import Part, Reading
from docsort_server.faults import Failure, Reason
from docsort_server.sandbox.frames import MAX_FRAME

if TYPE_CHECKING:
    from collections.abc import Iterable

# Sentences about what was left out of a document, their length, and facts of a failure.
_NOTES, _NOTE_CHARS, _FACTS = 20, 500, 10


class WireError(Exception):
    """A frame does not have the form that was agreed."""


def page_frame(page: PageContent) -> dict[str, Any]:
    """Return the frame for a page."""
    return {name: getattr(page, name) for name in PageContent.__slots__}


def facts_frame(pages: int, reader: str, left_out: Iterable[str]) -> dict[str, Any]:
    """Return the frame for what opening a document tells."""
    return {"pages": pages, "reader": reader, "left_out": list(left_out)[:_NOTES]}


def unread_frame(number: int, failure: Failure, attachment: str = "") -> dict[str, Any]:
    """Return the frame for a page that cannot be read."""
    told = {"reason": failure.reason, "message": failure.message, "attachment": attachment}
    return {"number": number, **told, "metadata": dict(failure.metadata)}


def picture_frame(number: int, jpeg: bytes) -> dict[str, Any]:
    """Return the frame for a picture of a page."""
    return {"number": number, "jpeg": base64.b64encode(jpeg).decode()}


def picture_from(frame: dict[str, Any], number: int) -> bytes | UnreadPage:
    """Return the picture of page `number`. Raises WireError."""
    if frame.get("number") != number:
        raise WireError("another page than asked for")
    if "reason" in frame:
        return UnreadPage(number, _failure(frame))
    try:
        return base64.b64decode(_text(frame, "jpeg", MAX_FRAME), validate=True)
    except ValueError:
        raise WireError("the picture is not in base 64") from None


def reading_frame(number: int, reading: Reading) -> dict[str, Any]:
    """Return the frame for what was read off a page's picture, as valid Unicode."""
    told = {"part": reading.part, "turned": reading.turned, "blank": reading.blank}
    return {"number": number, "text": reading.text, "traits": reading.traits, **told}


def reading_from(frame: dict[str, Any], number: int, page_chars: int) -> Reading | UnreadPage:
    """Return what was read off the picture of page `number`. Raises WireError."""
    if frame.get("number") != number:
        raise WireError("another page than asked for")
    if "reason" in frame:
        return UnreadPage(number, _failure(frame))
    text, turned = _text(frame, "text", page_chars), frame.get("turned")
    if frame.get("part") not in list(Part) or turned not in (0, 90, 180, 270):
        raise WireError("no part of a page, or no angle")
    traits, blank = _text(frame, "traits", TRAITS_CHARS), frame.get("blank") is True
    return Reading(text, Part(frame["part"]), turned, blank=blank, traits=traits)


def facts_from(frame: dict[str, Any]) -> DocumentFacts:
    """Return what opening a document told. Raises WireError."""
    left_out = frame.get("left_out")
    if not isinstance(left_out, list) or len(left_out) > _NOTES:
        raise WireError("left_out is no short list")
    notes = tuple(_checked(note, "left_out", _NOTE_CHARS) for note in left_out)
    return DocumentFacts(_count(frame, "pages"), _text(frame, "reader", 100), notes)


def page_from(frame: dict[str, Any], number: int, page_chars: int) -> PageContent | UnreadPage:
    """Return the page that must be `number`. Raises WireError."""
    if frame.get("number") != number:
        raise WireError("another page than asked for")
    attachment = file_name(_text(frame, "attachment", NAME_CHARS))
    if "reason" in frame:
        return UnreadPage(number, _failure(frame), attachment)
    return PageContent(
        number=number,
        text=_text(frame, "text", page_chars),
        width=_measure(frame, "width"),
        height=_measure(frame, "height"),
        words=_count(frame, "words"),
        images=_count(frame, "images"),
        paths=_count(frame, "paths"),
        image_share=min(1.0, _measure(frame, "image_share")),
        max_font_size=_measure(frame, "max_font_size"),
        truncated=frame.get("truncated") is True,
        part=_count(frame, "part"),
        attachment=attachment,
        traits=_text(frame, "traits", TRAITS_CHARS),
        fields=_count(frame, "fields"),
    )


def _failure(frame: dict[str, Any]) -> Failure:
    try:
        reason = Reason(frame["reason"])
    except ValueError:
        raise WireError("an unknown reason") from None
    metadata = frame.get("metadata", {})
    if not isinstance(metadata, dict) or len(metadata) > _FACTS:
        raise WireError("metadata is no small object")
    facts = {_checked(key, "a key", 100): _checked(metadata[key], key, 200) for key in metadata}
    return Failure(reason, _text(frame, "message", 500), facts)


def _text(frame: dict[str, Any], key: str, limit: int) -> str:
    return _checked(frame.get(key), key, limit)


def _checked(value: object, key: str, limit: int) -> str:
    if not isinstance(value, str) or len(value) > limit:
        raise WireError(f"{key} is no text of at most {limit} characters")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise WireError(f"{key} is not valid Unicode") from None
    return value


def _count(frame: dict[str, Any], key: str) -> int:
    value = frame.get(key)
    if type(value) is not int or not 0 <= value < 2**31:
        raise WireError(f"{key} is no count")
    return value


def _measure(frame: dict[str, Any], key: str) -> float:
    value = frame.get(key)
    # A whole number may be larger than any float.
    if not isinstance(value, int | float) or not 0 <= value <= sys.float_info.max:
        raise WireError(f"{key} is no measure")
    return float(value)
