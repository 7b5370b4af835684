"""Pages as frames between a worker and the server, which trusts no worker."""

from __future__ import annotations

import base64
import sys
from typing import Any

from docsort_server.documents.model import DocumentFacts, PageContent, UnreadPage
from docsort_server.faults import Failure, Reason
from docsort_server.sandbox.frames import MAX_FRAME


class WireError(Exception):
    """A frame does not have the form that was agreed."""


def page_frame(page: PageContent) -> dict[str, Any]:
    """Return the frame for a page."""
    return {name: getattr(page, name) for name in PageContent.__slots__}


def unread_frame(number: int, reason: Reason, message: str) -> dict[str, Any]:
    """Return the frame for a page that cannot be read."""
    return {"number": number, "reason": reason, "message": message}


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


def facts_from(frame: dict[str, Any]) -> DocumentFacts:
    """Return what opening a document told. Raises WireError."""
    return DocumentFacts(pages=_count(frame, "pages"), reader=_text(frame, "reader", 100))


def page_from(frame: dict[str, Any], number: int, page_chars: int) -> PageContent | UnreadPage:
    """Return the page that must be `number`. Raises WireError."""
    if frame.get("number") != number:
        raise WireError("another page than asked for")
    if "reason" in frame:
        return UnreadPage(number, _failure(frame))
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
    )


def _failure(frame: dict[str, Any]) -> Failure:
    try:
        reason = Reason(frame["reason"])
    except ValueError:
        raise WireError("an unknown reason") from None
    return Failure(reason, _text(frame, "message", 500))


def _text(frame: dict[str, Any], key: str, limit: int) -> str:
    value = frame.get(key)
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
