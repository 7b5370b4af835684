"""Frames from a worker that may have been taken over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from docsort_server.documents.model import PageContent, UnreadPage
from docsort_server.documents.ocr.model import Reading
from docsort_server.documents.wire import (
    WireError,
    facts_from,
    page_frame,
    page_from,
    reading_from,
    unread_frame,
)
from docsort_server.faults import Failure, Reason

PAGE = PageContent(3, "text", 595.0, 842.0, 1, 2, 3, 0.5, 12.0, fields=4)


def test_pages_survive() -> None:
    """A page and a failure come out as they went in."""
    assert page_from(page_frame(PAGE), 3, 100) == PAGE
    attached = replace(PAGE, attachment="a.pdf")
    assert page_from(page_frame(attached), 3, 100) == attached
    failure = Failure(Reason.DOCUMENT_TOO_LARGE, "why", {"limit": "max_image_pixels"})
    assert page_from(unread_frame(3, failure), 3, 100) == UnreadPage(3, failure)
    lost = UnreadPage(3, failure, "a.pdf")
    assert page_from(unread_frame(3, failure, "a.pdf"), 3, 100) == lost


def test_a_name_from_a_worker_is_fit_to_be_shown() -> None:
    """Whoever took the worker over does not write on terminals."""
    page = page_from({**page_frame(PAGE), "attachment": "x/a\x1b[2J.pdf"}, 3, 100)
    assert page.attachment == "a [2J.pdf"


@pytest.mark.parametrize(
    "change",
    [
        {"number": 4},
        {"text": None},
        {"text": "x" * 101},
        {"text": "\ud800"},
        {"width": float("nan")},
        {"height": float("inf")},
        {"max_font_size": 10**400},
        {"words": -1},
        {"words": True},
        {"images": 2**40},
        {"paths": "many"},
        {"fields": -1},
        {"attachment": None},
        {"traits": None},
        {"traits": "x" * 1_001},
        {"attachment": "x" * 201},
        {"image_share": -0.1},
        {"reason": "NO_SUCH_REASON", "message": ""},
        {"reason": ["CORRUPT_DOCUMENT"], "message": ""},
        {"reason": "CORRUPT_DOCUMENT", "message": "x" * 501},
    ],
    ids=str,
)
def test_a_wrong_page_is_refused(change: dict[str, Any]) -> None:
    """Any field of a wrong kind or beyond its bounds is a WireError."""
    with pytest.raises(WireError):
        page_from({**page_frame(PAGE), **change}, 3, 100)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
    max_leaves=4,
)


@given(frame=st.dictionaries(st.sampled_from([*page_frame(PAGE), "reason", "pages"]), JSON))
def test_any_frame_is_read_or_refused(frame: dict[str, Any]) -> None:
    """No frame raises anything but WireError."""
    for read in (lambda: page_from(frame, 3, 100), lambda: facts_from(frame)):
        try:
            read()
        except WireError:
            continue


@pytest.mark.parametrize(
    "change",
    [{"turned": []}, {"turned": 45}, {"turned": None}, {"part": "HALF"}, {"text": "x" * 9}],
)
def test_a_wrong_reading_is_refused(change: dict[str, Any]) -> None:
    """Whatever a reader of scans tells is checked like a parser's."""
    frame = {"number": 1, "text": "a", "traits": "", "part": "TOP", "turned": 90, "blank": False}
    assert isinstance(reading_from(frame, 1, 8), Reading)
    with pytest.raises(WireError):
        reading_from({**frame, **change}, 1, 8)
