"""Documents in a packet, told apart by what their pages show."""

from dataclasses import replace

import pytest
from engine_pages import page
from page_values import LETTERS, at

from docsort_server.engine.labels import PageLabel
from docsort_server.engine.model import Outcome
from docsort_server.engine.packet import borders
from docsort_server.engine.packet.features import FEATURES, Neighbour, measure
from docsort_server.engine.packet.reading import traits_of
from docsort_server.engine.packet.traits import WORD, PageTraits, packed
from docsort_server.engine.result import BoundaryReason, Segment
from docsort_server.engine.segments import split

ITEMS = "\n".join(f"{n} oak beams, planed and delivered {n * 3}.50" for n in range(1, 20))
REPAIRS = "\n".join(f"{n} hours of roof repair by masons {n * 7}.25" for n in range(1, 20))
PROSE = """The tenant keeps the garden, the harbour wall and the boat house in good order, and tells
the landlord of any damage within a week of the day on which it was first seen by anyone there.
Repairs of the roof are for the landlord to pay, those of windows and doors are for the tenant."""


def first_page(number: int, body: str, seller: str = "Acme Timber Ltd") -> str:
    """Return the first page of an invoice of two."""
    return f"{seller}\nINVOICE\nInvoice no. AC-{number}\nDate: 3 May 2024\n{body}\nPage 1 of 2"


def last_page(number: int, body: str, seller: str = "Acme Timber Ltd") -> str:
    """Return its second page."""
    return f"{seller}\nInvoice no. AC-{number}, continued\n{body}\nTotal due 812.50\nPage 2 of 2"


def packet(*texts: str, labels: str = "") -> tuple[Segment, ...]:
    """Split pages of these texts; all of one category, or of one letter each."""
    marks = labels or "A" * len(texts)
    return split(
        [
            PageLabel(number, Outcome.MATCHED, at(mark), {at(mark): 0.9}, shown(text))
            for number, (text, mark) in enumerate(zip(texts, marks, strict=True), 1)
        ],
        LETTERS,
    )


def shown(text: str, width: float = 595.0) -> PageTraits:
    """Return the traits of a page of this text."""
    return traits_of(page(text, width=width))


def starts(segments: tuple[Segment, ...]) -> list[int]:
    """Return the first pages."""
    return [segment.first_page for segment in segments]


def test_documents_of_one_class_are_told_apart() -> None:
    """Page numbers that start again tell the second of two invoices of one category."""
    found = packet(
        first_page(7731, ITEMS),
        last_page(7731, ITEMS),
        first_page(9002, REPAIRS, "Holt Roofing"),
        last_page(9002, REPAIRS, "Holt Roofing"),
    )
    assert starts(found) == [1, 3]
    assert found[1].boundary_reason is not BoundaryReason.LABEL_CHANGE


def test_a_label_alone_does_not_split_a_counted_document() -> None:
    """Where page 2 of 2 follows on page 1 of 2, another category is taken for a mistake."""
    texts = first_page(7731, ITEMS), last_page(7731, ITEMS)
    (found,) = packet(*texts, labels="AB")
    assert (found.first_page, found.last_page) == (1, 2)


def test_a_mistaken_page_in_prose_does_not_split() -> None:
    """A page among others of one document, of other words but of its numbers, stays with them."""
    pages = [f"Lease of Quay House\n{PROSE}\n{number}" for number in (3, 4, 5)]
    assert starts(packet(*pages, labels="ABA")) == [1]


def test_a_new_label_on_a_new_letter_splits() -> None:
    """A letter behind a lease is a document of its own."""
    letter = "Ada Finch\nBristol, 3 May 2024\nDear Mr Holt,\nthank you for the plums.\nYours,\nAda"
    assert starts(packet(f"Lease\n{PROSE}\n3", letter, labels="AB")) == [1, 2]


@pytest.mark.parametrize(("opening", "goes_on"), [("", 1.0), ("Dear Mrs Harrow,\n", 0.0)])
def test_a_letter_that_begins_small_is_no_rest_of_a_sentence(opening: str, goes_on: float) -> None:
    """What stands before breaks off, as small print does; a salutation tells more."""
    bill = shown("Total due 40.00\nPlease pay within thirty days to the account named below")
    letter = shown(f"{opening}thank you for your kind letter of last week. We were glad of it.")
    found = dict(zip(FEATURES, measure([Neighbour(bill, 0), Neighbour(letter, 0)], 1), strict=True))
    assert found["sentence_goes_on"] == goes_on


@pytest.mark.parametrize(
    ("reason", "before", "after"),
    [
        (BoundaryReason.PAGE_NUMBER, {"number": 2, "total": 2}, {"number": 1, "total": 3}),
        (BoundaryReason.LAYOUT_CHANGE, {"width": 595}, {"width": 312}),
        (BoundaryReason.LANGUAGE_CHANGE, {"language": "en"}, {"language": "de"}),
        (BoundaryReason.REFERENCE_CHANGE, {"reference": 5}, {"reference": 6}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_the_strongest_sign_is_told(
    reason: BoundaryReason,
    before: dict[str, int],
    after: dict[str, int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A border tells the sign that speaks most for it."""
    weights = borders.load()
    eager = replace(weights, bias=0.1)
    monkeypatch.setattr(borders, "load", lambda: eager)
    known = PageTraits(595, 842, 90, words=packed(range(40), WORD))
    pages = [
        PageLabel(number, Outcome.MATCHED, 0, {0: 0.9}, replace(known, **traits))  # type: ignore[arg-type]
        for number, traits in enumerate((before, after), 1)
    ]
    assert [each.boundary_reason for each in split(pages, LETTERS)][1:] == [reason]


def test_pages_without_traits_are_split_by_their_labels() -> None:
    """Records of older servers, and pages that only a model has seen, have nothing else."""
    pages = [PageLabel(n, Outcome.MATCHED, label) for n, label in enumerate((0, 0, 1), 1)]
    assert starts(split(pages, LETTERS)) == [1, 3]


def test_a_smoothed_run_is_of_what_its_pages_believe() -> None:
    """Scores add up to the category, the first page's twice, and the odd page pulls them down."""
    texts = first_page(7731, ITEMS), last_page(7731, ITEMS)
    beliefs = {0: 0.9, 1: 0.1}, {0: 0.3, 1: 0.7}
    (found,) = split(
        [
            PageLabel(number, Outcome.MATCHED, label, belief, shown(text))
            for number, (label, belief, text) in enumerate(
                zip((0, 1), beliefs, texts, strict=True), 1
            )
        ],
        LETTERS,
    )
    assert found.label == 0
    assert found.confidence == pytest.approx(0.7)


def test_a_run_whose_pages_disagree_is_ambiguous() -> None:
    """Less than four fifths of the pages are of the category that is believed in most."""
    texts = first_page(1, ITEMS), last_page(1, ITEMS), last_page(1, ITEMS).replace("2 of", "3 of")
    labels = 0, 1, 2
    beliefs = {0: 1.0, 1: 0.0}, {0: 0.3, 1: 0.4}, {0: 0.3, 2: 0.4}
    seen = [
        PageLabel(n, Outcome.MATCHED, label, belief, replace(shown(text), total=3))
        for n, (label, belief, text) in enumerate(zip(labels, beliefs, texts, strict=True), 1)
    ]
    (found,) = split(seen, LETTERS)
    assert (found.label, found.outcome) == (0, Outcome.AMBIGUOUS)


def test_every_feature_has_its_weight() -> None:
    """The weights that are shipped are those of the features that are measured."""
    assert len(borders.load().values) == len(FEATURES)
    assert borders.load().bias < 0


def test_an_attachment_starts_whatever_its_pages_show() -> None:
    """Its next pages are told apart by evidence again; the first page of all starts anyway."""
    parts = (1, 2, 2, 4)
    pages = [
        PageLabel(n, Outcome.MATCHED, 1, {1: 0.9}, attached(PROSE, n, part))
        for n, part in enumerate(parts, 1)
    ]
    found = split(pages, LETTERS)
    assert starts(found) == [1, 2, 4]
    assert [each.boundary_reason for each in found[1:]] == [BoundaryReason.ATTACHMENT] * 2


def test_an_attachment_without_text_starts_too() -> None:
    """Models see pictures of pages."""
    texts = (("", 1), ("", 2))
    pages = [
        PageLabel(n, Outcome.MATCHED, 1, {1: 0.9}, attached(text, n, part))
        for n, (text, part) in enumerate(texts, 1)
    ]
    assert starts(split(pages, LETTERS)) == [1, 2]


def attached(text: str, number: int, part: int) -> PageTraits:
    """Return the traits of a page of an attachment that starts at page `part`."""
    return traits_of(replace(page(text), number=number, part=part))
