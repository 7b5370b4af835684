"""What the head of the type model is made from: translated words, texts, and sources left out."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from docsort_server.engine.local import word_vectors
from docsort_server.engine.local.word_vectors import nearness
from scripts.type_head import FOLDS, Told, crossed, read_texts
from scripts.word_vectors import TRANSLATIONS, translated

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("english", "words"),
    [
        ("invoice", "rechnung facture factura fattura factuur fatura"),
        ("employee", "arbeitnehmer salarié empleado dipendente werknemer funcionário"),
    ],
)
def test_translated_words_mean_what_the_english_ones_do(english: str, words: str) -> None:
    """The shipped vectors hold them, in each of six languages."""
    vectors = word_vectors.load()
    for word in words.replace("é", "e").replace("á", "a").split():
        assert nearness(vectors.meaning([word]), vectors.meaning([english])) > 0.6, word


def test_the_shipped_vectors_hold_all_translations() -> None:
    """Adding them anew changes nothing: what was edited was written."""
    words = word_vectors.WORDS.read_text(encoding="ascii").split()
    assert len(list(TRANSLATIONS.glob("*.txt"))) == 6
    again, _ = translated(words, word_vectors.TABLE.read_bytes())
    assert sorted(again) == sorted(words)


def test_heads_are_fitted_without_the_sources_that_they_are_tried_on() -> None:
    """Every page is tried once, by a head that saw neither its source nor texts of it."""
    pages = [
        Told(label, f"source {n}", 1.0, (0.1 * n, float(label == "letter")))
        for n in range(2 * FOLDS)
        for label in ("letter", "invoice")
    ]
    odd = Told("menu", "source 3", 1.0, (9.0, 9.0))
    tried = []
    for head, left in crossed(pages, [odd]):
        sources = {page.group for page in left}
        assert ("menu" in head.classes) == ("source 3" not in sources)
        tried += left
    assert sorted(map(id, tried)) == sorted(map(id, pages))


def test_a_source_of_many_texts_has_a_bounded_say(tmp_path: Path) -> None:
    """Of each class twelve documents of a source count, and of each document two pages."""
    text = {"class": "letter", "source": "one", "pages": ["dear sir"] * 5}
    lines = [json.dumps(text)] * 20 + [json.dumps(text | {"source": "other"})]
    (tmp_path / "texts.jsonl").write_text("\n".join(lines))
    pages = read_texts(tmp_path / "texts.jsonl")
    assert [page.group for page in pages].count("one") == 24
    assert [(page.group, page.weight) for page in pages[-2:]] == [("other", 0.5), ("other", 0.25)]
