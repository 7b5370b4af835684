"""Papers about meetings: what agendas ask, what minutes tell and what statutes rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from engine_pages import page

from docsort_server.engine.local.engine import classify_page
from docsort_server.engine.model import Category, Outcome, Question

_PAGES = Path(__file__).with_name("meeting_pages")
_NINE = (
    *("Invoice", "Letter", "Contract", "Report", "Meeting minutes"),
    *("Agenda", "Receipt", "CV", "Form"),
)


def _named(kind: str) -> list[Path]:
    return sorted(_PAGES.glob(f"{kind}.txt"))


def _chosen(path: Path, *names: str) -> str:
    """Return the category that the page matches among these, or its outcome."""
    text = path.read_text(encoding="utf-8")
    verdict = classify_page(page(text), Question(tuple(map(Category, names))))
    if verdict.outcome is not Outcome.MATCHED:
        return verdict.outcome.name
    return names[verdict.scores.index(max(verdict.scores))]


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_agendas_and_minutes_are_told_apart(language: str) -> None:
    """Agendas ask to approve minutes and are none; minutes that list their agenda stay minutes."""
    for kind, name in (("agenda", "Agenda"), ("minutes", "Meeting minutes")):
        paths = _named(f"{kind}-*-{language}")
        assert paths
        for path in paths:
            assert _chosen(path, "Agenda", "Meeting minutes", "Letter") == name, path.stem
            assert _chosen(path, *_NINE) == name, path.stem


@pytest.mark.parametrize("path", _named("statutes-*"), ids=lambda path: path.stem)
def test_statutes_are_no_minutes(path: Path) -> None:
    """Though they say who votes at the general meeting and who signs its minutes."""
    for name in ("Satzung", "Articles of association", "Club statutes"):
        assert _chosen(path, name, "Meeting minutes", "Contract") == name
    verdict = classify_page(
        page(path.read_text(encoding="utf-8")), Question((Category("Passport"),))
    )
    assert verdict.suggestion is not None
    assert verdict.suggestion.type == "articles_of_association"
