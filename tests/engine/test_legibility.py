"""Pages without anything to read, and pages that cannot be read."""

from __future__ import annotations

import pytest
from engine_pages import INVOICE, page

from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import Outcome


@pytest.mark.parametrize(
    ("text", "facts", "outcome"),
    [
        ("", {}, Outcome.BLANK),
        (" \n \t", {"paths": 2}, Outcome.BLANK),
        ("3", {}, Outcome.BLANK),
        ("- 3 -", {}, Outcome.BLANK),
        ("Page 12 of 14", {}, Outcome.BLANK),
        ("Seite 3 von 7", {"image_share": 0.4, "images": 1}, Outcome.UNREADABLE),
        ("iv", {}, Outcome.BLANK),
        ("第3頁", {}, Outcome.BLANK),
        ("ABC000123", {}, Outcome.BLANK),
        ("• •", {}, Outcome.BLANK),
        ("PAID", {}, None),
        ("Appendix B", {}, None),
        ("Annex 3\nPage 12 of 14", {}, None),
        ("領収", {}, None),
        ("PAID", {"paths": 900}, Outcome.UNREADABLE),
        ("This page intentionally left blank", {}, Outcome.BLANK),
        ("Diese Seite wurde absichtlich freigelassen", {}, Outcome.BLANK),
        ("", {"image_share": 0.97, "images": 1}, Outcome.UNREADABLE),
        ("Scanned by CamReader", {"image_share": 0.9, "images": 1}, Outcome.UNREADABLE),
        ("", {"paths": 900}, Outcome.UNREADABLE),
        ("\ue010\ue011\ue012 " * 40, {}, Outcome.UNREADABLE),
        ("inv\ufffd\ufffdce n\ufffdmb\ufffdr " * 5, {}, Outcome.UNREADABLE),
        (INVOICE, {}, None),
        (INVOICE, {"image_share": 1.0, "images": 1}, None),
        (INVOICE.replace("\n", "\n\uf0b7 "), {}, None),
        ("发票号码", {}, None),
    ],
)
def test_page_is_blank_unreadable_or_neither(
    text: str, facts: dict[str, float], outcome: Outcome | None
) -> None:
    """Text decides first; without text, what is drawn tells a scan from an empty page.

    A word alone is text, a page's number is none.
    """
    assert unread(page(text, **facts)) is outcome
