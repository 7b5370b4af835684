"""The head of the type model: what the meaning of a page's words says of its type."""

from __future__ import annotations

import pytest
from engine_pages import page

from bench.engine_missing import lacking
from docsort_server.engine.local import evidence, lexicon, word_vectors
from docsort_server.engine.local.layout import facts
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


NOTHING = (0.0,) * word_vectors.SIZE


def _towards(words: list[str], strength: float = 6.0) -> tuple[float, ...]:
    meaning = word_vectors.load().meaning(words)
    assert meaning
    return (0.0, *(strength * value for value in meaning), *NOTHING)


HEAD = Head(
    {
        "medical_record": _towards(_WARD),
        "legal_filing": _towards(_COURT),
        REST: (0.0, *NOTHING, *NOTHING),
    }
)
TYPES = {entry.id: number for number, entry in enumerate(lexicon.load().types)}
TOLD = "The surgeon saw him in the ward, and the nurses said that the fever was gone."


def _said(text: str, head: TypeHead | None = None) -> list[float]:
    reading = read(page(text))
    return (head or TypeHead(HEAD, lexicon.load().types)).evidence(reading, facts(reading))


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


def test_the_opening_of_a_page_counts_by_itself() -> None:
    """A page that begins with the court and goes on in the ward has two meanings."""
    ward, court = (_towards(words)[1 : word_vectors.SIZE + 1] for words in (_WARD, _COURT))
    opening = Head(
        {
            "medical_record": (0.0, *NOTHING, *ward),
            "legal_filing": (0.0, *NOTHING, *court),
        }
    )
    text = " ".join(_COURT * 5 + _WARD * 20)
    assert _said(text)[TYPES["medical_record"]] > _said(text)[TYPES["legal_filing"]]
    said = _said(text, TypeHead(opening, lexicon.load().types))
    assert said[TYPES["legal_filing"]] > 0.3 > said[TYPES["medical_record"]]


LOOKS = {"amounts": (0.0, 1.0), "image_share": (0.2, 0.1), "landscape": (0.5, 0.5)}
LOOKING = Head(
    {
        "invoice": (0.0, *NOTHING, *NOTHING, 10.0, 0.0, 0.0),
        "presentation": (0.0, *NOTHING, *NOTHING, 0.0, 0.0, 10.0),
    },
    LOOKS,
)


PROSE = "the nurse saw the patient in the hospital"


def test_looks_count_beside_words_that_say_something() -> None:
    """Not where they say nothing: they may be noise that was read off a picture."""
    head = TypeHead(LOOKING, lexicon.load().types)
    said = _said(f"{PROSE} 12.00 34.50 99.10 7.25", head)
    assert said[TYPES["invoice"]] > 0.3 > said[TYPES["presentation"]]
    assert set(_said("zzxq wvvk qqpt 12.00 34.50 99.10 7.25", head)) == {0.0}


def test_scans_and_texts_have_no_print_that_counts() -> None:
    """Their facts of it are as good as the mean, that of their form as well."""
    shown = page(PROSE, image_share=0.9, max_font_size=12.0)
    scan = page(PROSE, image_share=0.9, max_font_size=0.0)
    rows = [LOOKING.inputs(read(each), facts(read(each)))[-3:] for each in (shown, scan)]
    amounts, image, landscape = rows[0]
    assert amounts == 0.0
    # Of a look no more than three spreads count.
    assert image == pytest.approx(0.9)
    assert landscape == pytest.approx(-0.3)
    assert rows[1] == (0.0, 0.0, 0.0)


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
LIGHT = """We measured how light is scattered by thin films at three temperatures. The effect was
larger than the model predicts, which suggests that the surface is not the only cause. Earlier
studies saw a similar shift, but they varied the temperature and the thickness at the same time, so
that neither effect could be told from the other. Here both were varied by themselves. The mean
intensity rose with the temperature in all samples, and the variance between samples was small.
We discuss what this means for the theory, and propose an experiment that would tell the two
hypotheses apart. The data were fitted by a linear model; the residuals show no trend."""
KRANK = """Das Kind hat seit Sonntag Fieber und Husten. Die Lunge ist frei, der Hals ist rot, die
Behandlung mit Tropfen wurde begonnen, der Patient soll zur Kontrolle wieder kommen."""


@pytest.mark.parametrize(
    ("type_id", "text"),
    [("medical_record", ILL), ("scientific_paper", LIGHT), ("medical_record", KRANK)],
)
def test_the_shipped_head_knows_classes_in_other_words(type_id: str, text: str) -> None:
    """In English, and in languages whose words have the vectors of English ones."""
    head = TypeHead(load().head, lexicon.load().types)
    said = _said(text, head)
    assert said[TYPES[type_id]] == max(said)
    assert said[TYPES[type_id]] > 1.0
