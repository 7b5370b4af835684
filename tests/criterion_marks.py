"""Verdicts of the embedded engine on one criterion, for tests."""

from __future__ import annotations

from engine_pages import page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, CriterionMark, Question


def mark(text: str, criterion: str) -> CriterionMark:
    """Return what the engine makes of a criterion on a page of this text."""
    question = Question((Category("X", criteria=(criterion,)), Category("Recipe")))
    return classify_page(page(text), question).criteria[0][0]
