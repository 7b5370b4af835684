"""The head of the type model: what the meaning of a page's words says of its type."""

from __future__ import annotations

import pytest
from engine_pages import page

from bench.engine_missing import lacking
from docsort_server.engine.local import evidence, lexicon, word_vectors
from docsort_server.engine.local.reading import read
from docsort_server.engine.local.type_head import REST, Head, TypeHead, weighed_meaning
from docsort_server.engine.local.weights import TypeWeights, load

_WARD = [
    "patient",
    "nurse",
    "surgery",
    "hospital",
    "fever",
    "physician",
    "symptoms",
    "treatment",
    "ward",
    "bed",
]
_COURT = [
    "judge",
    "court",
    "plaintiff",
    "ruling",
    "appeal",
    "testimony",
    "lawsuit",
    "verdict",
    "attorney",
]


def _towards(words: list[str], strength: float = 6.0) -> tuple[float, ...]:
    meaning = word_vectors.load().meaning(words)
    assert meaning
    return (0.0, *(strength * value for value in meaning))


HEAD = Head(
    {
        "medical_record": _towards(_WARD),
        "legal_filing": _towards(_COURT),
        REST: (0.0,) * (word_vectors.SIZE + 1),
    }
)
TYPES = {entry.id: number for number, entry in enumerate(lexicon.load().types)}
TOLD = "The surgeon saw him in the ward, and the nurses said that the fever was gone."


def _said(text: str, head: TypeHead | None = None) -> list[float]:
    return (head or TypeHead(HEAD, lexicon.load().types)).evidence(read(page(text)))


def test_words_near_those_of_a_class_speak_for_its_types() -> None:
    """None of the words that the class was fitted on needs to be on the page."""
    said = _said("The surgeon saw him, and the infirmary said that he was ill and in pain.")
    assert said[TYPES["medical_record"]] > 0.3 > said[TYPES["legal_filing"]]


def test_types_are_of_the_class_of_what_they_are_kinds_of() -> None:
    """The nearest that there is; all others are of the rest."""
    said = _said(TOLD)
    assert said[TYPES["lab_report"]] == said[TYPES["medical_record"]]
    assert said[TYPES["subpoena"]] == said[TYPES["legal_filing"]]
    assert said[TYPES["menu"]] == said[TYPES["recipe"]]
    assert len(set(said)) == 3


def test_a_class_that_the_lexicon_lacks_says_nothing() -> None:
    """Its types are gone, and the others share all chances among them."""
    kept = lacking(["medical_record"])
    said = _said(TOLD, TypeHead(HEAD, kept.types))
    assert len(said) == len(kept.types)
    assert len(set(said)) == 2
    assert sum(_said(TOLD, TypeHead(Head({REST: HEAD.classes[REST]}), kept.types))) == 0.0


def test_a_head_without_a_rest_says_nothing_of_it() -> None:
    """As one is that was fitted on documents which all have a class."""
    known = Head({name: row for name, row in HEAD.classes.items() if name != REST})
    said = _said(TOLD, TypeHead(known, lexicon.load().types))
    assert said[TYPES["menu"]] == 0.0
    assert said[TYPES["medical_record"]] > 0.0 > said[TYPES["legal_filing"]]


@pytest.mark.parametrize(
    "text", ["", "12 34 56", "zzxq wvvk qqpt", "Kiitos tilauksestasi, lähetämme pian"]
)
def test_words_that_are_not_known_say_nothing(text: str) -> None:
    """What the model makes of no words is no evidence."""
    assert set(_said(text)) == {0.0}
    assert weighed_meaning(read(page(text)).tokens) == (0.0,) * word_vectors.SIZE


def test_what_is_said_is_bounded() -> None:
    """A page that reads like nothing else may be the odd one."""
    sure = Head({**HEAD.classes, "medical_record": _towards(_WARD, 500.0)})
    said = _said(TOLD, TypeHead(sure, lexicon.load().types))
    assert max(said) == pytest.approx(1.1, abs=0.1)
    assert min(said) == -4.0


def test_what_speaks_for_the_rest_is_shared_by_its_types() -> None:
    """That a page is of none of the classes does not tell of which other type it is."""
    other = Head({**HEAD.classes, REST: _towards(_WARD), "medical_record": _towards(_COURT)})
    swapped = Head({**HEAD.classes, "legal_filing": HEAD.classes[REST], REST: _towards(_COURT)})
    rest = _said(TOLD, TypeHead(other, lexicon.load().types))[TYPES["menu"]]
    known = _said(TOLD, TypeHead(swapped, lexicon.load().types))[TYPES["medical_record"]]
    assert rest == pytest.approx(known / 2, rel=0.1)
    assert rest > 0.3


def test_it_is_added_to_the_strengths_of_types() -> None:
    """By its weight."""
    features = [(0.5, 0.0, 0.0, 0.0, 0.5), (0.0, 0.0, 1.0, 0.0, 0.0)]
    weights = TypeWeights((2.0, -1.0, 3.0, 1.0), 0.5)
    assert evidence.strengths(features, weights, (), [2.0, -4.0]) == [2.0, 1.0]
    assert evidence.strengths(features, weights) == [1.0, 3.0]


ILL = """The child has had a fever since Sunday and coughs at night. Her lungs are clear, the
throat is red. She was given drops and shall come again if she does not get well."""
CELLS = """We measured how quickly the cells divide at three temperatures. The effect was larger
than the model predicts, which suggests that the enzyme is not the only cause."""
KRANK = """Das Kind hat seit Sonntag Fieber und Husten. Die Lunge ist frei, der Hals ist rot, die
Behandlung mit Tropfen wurde begonnen, der Patient soll zur Kontrolle wieder kommen."""


@pytest.mark.parametrize(
    ("type_id", "text"),
    [("medical_record", ILL), ("scientific_paper", CELLS), ("medical_record", KRANK)],
)
def test_the_shipped_head_knows_classes_in_other_words(type_id: str, text: str) -> None:
    """In English, and in languages whose words have the vectors of English ones."""
    head = TypeHead(load().head, lexicon.load().types)
    said = head.evidence(read(page(text)))
    assert said[TYPES[type_id]] == max(said)
    assert said[TYPES[type_id]] > 1.0
