"""Kinds of common documents that look like others, on made-up pages: a bill of a mobile phone.

Each page of `kind_pages` is named after its type, what it is and its language.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_pages import page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, Question

_PAGES = sorted(Path(__file__).with_name("kind_pages").glob("*.txt"))
_NAMES = {
    "application_form": "Application form",
    "bank_statement": "Bank statement",
    "brochure": "Brochure",
    "contract": "Contract",
    "financial_report": "Financial report",
    "invoice": "Invoice",
    "legal_filing": "Legal filing",
    "letter": "Letter",
    "medical_record": "Medical record",
    "meeting_minutes": "Meeting minutes",
    "news_magazine": "News magazine",
    "presentation": "Presentation",
    "receipt": "Receipt",
    "report": "Report",
    "resume": "Resume",
    "scientific_paper": "Scientific paper",
    "tax_form": "Tax form",
    "technical_manual": "Technical manual",
    "utility_bill": "Utility bill",
}
_COMMON = Question(tuple(map(Category, _NAMES.values())))


@pytest.mark.parametrize("path", _PAGES, ids=lambda path: path.stem)
def test_a_kind_goes_to_its_type(path: Path) -> None:
    """Beside all types that it may be taken for."""
    verdict = classify_page(page(path.read_text(encoding="utf-8")), _COMMON)
    best = verdict.scores.index(max(verdict.scores))
    type_id, _, _ = path.stem.partition("-")
    assert (verdict.outcome, list(_NAMES)[best]) == (Outcome.MATCHED, type_id)
