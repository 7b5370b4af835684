"""What the head of the type model is made from: translated words, texts, and sources left out."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING

import pytest
from engine_pages import page

from docsort_server.engine.local import word_vectors
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.type_head import Head
from docsort_server.engine.local.word_vectors import nearness
from scripts.type_head import FOLDS, Seen, Told, crossed, fit, read_texts, spreads
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
    for head, left in crossed(pages, [odd], {}):
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


def _told(label: str, *inputs: float) -> Told:
    return Told(label, "source", 1.0, inputs)


def test_a_head_stays_near_to_the_one_before() -> None:
    """What the pages say nothing of is kept, classes that none is of and shorter rows as well."""
    before = Head({"letter": (0.0, 3.0), "menu": (-1.0, 2.0)})
    pages = [_told("letter", 0.0, 1.0), _told("invoice", 0.0, -1.0)] * 10
    head = fit(pages, {}, before)
    assert sorted(head.classes) == ["invoice", "letter", "menu"]
    assert head.classes["letter"][1] == 3.0
    assert head.classes["menu"][1] == 2.0
    assert head.classes["letter"][2] > 1.0 > -1.0 > head.classes["invoice"][2]
    assert fit(pages, {}).classes["letter"][1] == 0.0


def test_looks_of_the_head_before_are_found_by_their_names() -> None:
    """Pages of another order, or with one that is always the same, have their looks elsewhere."""
    spread = (0.0, 1.0)
    before = Head(
        {"letter": (0.0, 3.0, 1.0, 2.0, 4.0), "menu": (-1.0, 2.0, 5.0, 6.0, 7.0)},
        {"amounts": spread, "lines": spread, "paths": spread},
    )
    looks = {"paths": spread, "amounts": spread, "times": spread}
    pages = [_told("letter", 1.0, 0.0, 0.0, 0.0), _told("menu", -1.0, 0.0, 0.0, 0.0)] * 10
    head = fit(pages, looks, before)
    assert head.classes["letter"][2:] == (4.0, 1.0, 0.0)
    assert head.classes["menu"][2:] == (7.0, 5.0, 0.0)


def test_classes_weigh_the_same_however_many_pages_they_have() -> None:
    """Where inputs say nothing of either, a class of one page is as likely as one of nine."""
    pages = [_told("letter", 1.0)] * 9 + [_told("invoice", 1.0)]
    rows = fit(pages, {}).classes
    assert sum(rows["letter"]) == pytest.approx(sum(rows["invoice"]), abs=0.02)


def test_looks_spread_over_pages_that_have_them() -> None:
    """A scan tells nothing of type sizes, and what is always the same counts for nothing."""
    sizes = (9.0, 12.0, 0.0)
    pages = [
        Seen("letter", "source", 1.0, read(page("Kiitos", max_font_size=size, images=1)))
        for size in sizes
    ]
    found = spreads(pages)
    middle, spread = (math.log(10.0) + math.log(13.0)) / 2, math.log(13.0 / 10.0) / 2
    assert list(found) == ["font_size"]
    assert found["font_size"] == pytest.approx((middle, spread), abs=1e-4)


def test_looks_of_the_head_before_keep_their_units() -> None:
    """Its weights are in these; a fact that it lacks is measured on the pages at hand."""
    pages = [
        Seen("letter", "source", 1.0, read(page(text, max_font_size=9.0, fields=fields)))
        for text, fields in (("Kiitos", 0.0), ("Kiitos taas", 6.0))
    ]
    here = spreads(pages)
    found = spreads(pages, Head({}, {"words": (2.0, 0.5)}))
    assert (found["words"], found["fields"]) == ((2.0, 0.5), here["fields"])
    assert here["words"] != found["words"]
