"""What is found in sets of categories, and that nothing is found in good ones."""

from __future__ import annotations

import pytest
import yaml
from category_sets import GOOD
from source_tree import ROOT

from docsort_server.engine.local import lexicon, mapping
from docsort_server.engine.model import Category, Terms
from docsort_server.engine.schema.check import check
from docsort_server.engine.schema.findings import Kind, Severity


def kinds(*categories: Category) -> list[Kind]:
    """Return what is found."""
    return [finding.kind for finding in check(categories)]


def criteria(*texts: str, terms: tuple[Terms, ...] = ()) -> list[Kind]:
    """Return what is found in the criteria of a category that is well known."""
    return kinds(Category("Invoice", criteria=texts, terms=terms), Category("Letter"))


@pytest.mark.parametrize("name", GOOD)
def test_well_made_sets_have_no_warning(name: str) -> None:
    """What people have set apart is not said to overlap; at most a note is left."""
    assert [each for each in check(GOOD[name]) if each.severity > Severity.NOTE] == []


def test_the_example_has_no_finding() -> None:
    """The categories of the repository are as the check wants them."""
    entries = yaml.safe_load((ROOT / "examples/categories.yaml").read_text())["categories"]
    categories = [
        Category(each["name"], each["description"], tuple(each["criteria"])) for each in entries
    ]
    assert check(categories) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Invoice", "Bill"),
        ("Resume", "Curriculum vitae"),
        ("Rechnung", "Invoice"),
        ("Minutes of meeting", "Meeting minutes"),
        ("Invoices", "Invoice document"),
        ("Other", "Misc"),
    ],
)
def test_other_words_for_the_same_are_duplicates(one: str, other: str) -> None:
    """Synonyms of the lexicon, other forms and orders of words, and two catch-alls."""
    (finding,) = check([Category(one), Category(other)])
    assert finding.kind is Kind.DUPLICATE_CATEGORIES
    assert finding.severity > Severity.NOTE
    assert [place.category for place in finding.places] == [0, 1]
    assert one in finding.reason
    assert other in finding.reason


def test_names_of_one_type_that_descriptions_set_apart_are_a_note() -> None:
    """The embedded engine still takes both for the same type, which is worth knowing."""
    dispatch = Category("Dispatch note", "Leaves the warehouse with a lorry: pallets and seals.")
    received = Category("Goods received note", "Written at arrival: quantities missing or broken.")
    assert [(each.kind, each.severity) for each in check([dispatch, received])] == [
        (Kind.DUPLICATE_CATEGORIES, Severity.NOTE)
    ]


def test_kinds_of_one_type_are_types_of_their_own() -> None:
    """A packing list is no other name for a delivery note."""
    assert check(GOOD["logistics"]) == []


def test_all_names_of_one_type_are_told_together() -> None:
    """Three papers of a court are one note, not one for each pair."""
    found = check(
        [
            Category("Legal complaint", "Opens a lawsuit.", ("Names plaintiff and defendant",)),
            Category("Appeal", "Asks a higher court to decide again.", ("Attacks a ruling",)),
            Category("Indictment", "A prosecutor accuses somebody of a crime."),
        ]
    )
    assert [(each.kind, each.severity) for each in found] == [
        (Kind.DUPLICATE_CATEGORIES, Severity.NOTE)
    ]
    assert [place.category for place in found[0].places] == [0, 1, 2]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            Category("Damage notification", "Tells the insurer of damage to a car in an accident."),
            Category("Claim report", "Reports damage of a car to the insurer after an accident."),
        ),
        (
            Category("Supplier contract", "Agreement with a supplier about goods"),
            Category("Vendor agreement", "Contract with a vendor about goods"),
        ),
        (
            Category("Complaint", "A customer is unhappy with a product."),
            Category("Negative feedback", "An unhappy customer tells about a product."),
        ),
    ],
)
def test_descriptions_in_the_same_words_overlap(one: Category, other: Category) -> None:
    """Names may share nothing; agreement and contract are one word to the lexicon."""
    assert Kind.OVERLAPPING_CATEGORIES in kinds(one, other)


def test_a_special_case_is_told_until_the_wider_one_leaves_it_out() -> None:
    """A description, or a negative criterion, that names the narrower one is enough."""
    narrow = Category("Personal letter", "Comes from a friend.")
    open_end = Category("Letter", "Correspondence of any kind.")
    closed = Category(
        "Letter", "Correspondence.", ("Is a personal letter",), (Terms(negative=True),)
    )
    assert kinds(open_end, narrow) == [Kind.NESTED_CATEGORIES]
    assert kinds(closed, narrow) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("Report", "Report card"), ("Bank statement savings", "Bank statement current")],
)
def test_names_that_begin_alike_are_a_note(one: str, other: str) -> None:
    """A model judged by the first words of its answer would mix them up."""
    (finding,) = check([Category(one), Category(other)])
    assert (finding.kind, finding.severity) == (Kind.SHARED_PREFIX, Severity.NOTE)


@pytest.mark.parametrize("name", ["Documents", "A1", "Annual summary"])
def test_a_name_that_says_nothing_is_vague(name: str) -> None:
    """A description makes up for it."""
    described = Category(name, "Electricity used by a household, with a meter reading.")
    assert kinds(Category(name), Category("Letter")) == [Kind.VAGUE_CATEGORY]
    assert Kind.VAGUE_CATEGORY not in kinds(described, Category("Letter"))


def test_an_unfamiliar_category_weighs_less_when_it_is_described() -> None:
    """Words that stand on its pages are something to go by."""
    bare = Category("Zorblax")
    told = Category("Zorblax", "Chess diagrams with kings, rooks, bishops and pawns.")
    severities = [check([each, Category("Letter")])[0].severity for each in (bare, told)]
    assert severities == [Severity.WARNING, Severity.NOTE]


@pytest.mark.parametrize(
    ("threshold", "severity"),
    [
        (1.0, Severity.WARNING),
        (0.9999, Severity.WARNING),
        (0.25, Severity.NOTE),
        (0.0, Severity.NOTE),
        (0.26, None),
        (0.99, None),
    ],
)
def test_thresholds_that_hold_back_all_or_nothing_are_told(
    threshold: float, severity: Severity | None
) -> None:
    """One of two categories has at least a quarter where none is no answer."""
    found = check([Category("Invoice", threshold=threshold), Category("Letter")])
    told = [(each.kind, each.severity) for each in found]
    assert told == ([(Kind.EXTREME_THRESHOLD, severity)] if severity else [])


@pytest.mark.parametrize("name", ["Zorblax", "-", "XR-7", "Documents"])
def test_a_category_with_examples_is_neither_vague_nor_unfamiliar(name: str) -> None:
    """Pages are compared with them."""
    shown = Category(name, examples=("Chess diagrams with kings and rooks.",))
    assert kinds(shown, Category("Letter")) == []


def test_the_lexicon_knows_its_own_names() -> None:
    """No type of the lexicon is unfamiliar by any name that it gives for it."""
    words = lexicon.load()
    for kind in words.types:
        links = [mapping.by_alias(alias, words) for alias in kind.aliases]
        assert all(links), kind.id


@pytest.mark.parametrize(
    ("texts", "kind"),
    [
        (("States a total amount", "Has the total amount"), Kind.DUPLICATE_CRITERIA),
        (("Is signed", "Is not signed"), Kind.CONTRADICTING_CRITERIA),
        (("Looks important",), Kind.UNTESTABLE_CRITERION),
        (("Usually has a date",), Kind.UNTESTABLE_CRITERION),
        (("Is authentic",), Kind.UNTESTABLE_CRITERION),
        (("Contains information",), Kind.VAGUE_CRITERION),
    ],
)
def test_criteria_that_do_not_work(texts: tuple[str, ...], kind: Kind) -> None:
    """The same twice, the opposite, what no page can show, and what holds for all."""
    assert criteria(*texts) == [kind]


@pytest.mark.parametrize(
    "texts",
    [
        ("Is dated before the delivery", "Is dated after the delivery"),
        ("Is sent in May", "States a total amount"),
        ("Names the seller", "Names the buyer"),
        ("Describes a good or service", "Lists professional experience"),
        ("Follows generally accepted accounting principles", "Is a certified true copy"),
        ("Has more than 3 pages", "Has more than 5 pages"),
    ],
)
def test_criteria_that_differ_in_a_small_word(texts: tuple[str, ...]) -> None:
    """What turns a statement counts, though it carries no meaning of its own."""
    assert criteria(*texts) == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Contains a handwritten date", "handwritten"),
        ("The due date is in the future", "in the future"),
        ("The total is larger than the limit", "larger than the limit"),
        ("The total is larger than the subtotal", ""),
        ("The due date is within 30 days of the invoice date", ""),
        ("Enthält ein handschriftliches Datum", "handschriftliches"),
        ("The total is above 1,000 EUR", ""),
        ("Contains a German IBAN", ""),
        ("Is dated before 2020", ""),
        ("Lists more than five line items", ""),
    ],
)
def test_what_the_embedded_engine_cannot_test_is_a_note(text: str, told: str) -> None:
    """The words are named; what can be tested is not told of."""
    found = check([Category("Invoice", criteria=(text,)), Category("Letter")])
    notes = [each for each in found if each.kind is Kind.QUALIFIER_NOT_TESTED]
    assert [each.severity for each in notes] == ([Severity.NOTE] if told else [])
    assert all(told in each.reason for each in notes)


def test_criteria_that_differ_in_what_they_compare_with_are_two() -> None:
    """Neither is said to count twice."""
    assert criteria("The total is above 1,000 EUR", "The total is above 2,000 EUR") == []
    assert criteria("The total is above 1,000 EUR", "The total is above EUR 1.000,00") == [
        Kind.DUPLICATE_CRITERIA
    ]


def test_a_pattern_is_not_judged_by_its_name() -> None:
    """The expression decides, whatever the criterion is called."""
    terms = (Terms(pattern="a"), Terms(pattern="b"))
    assert criteria("Information", "Informations", terms=terms) == []


def test_a_negative_criterion_contradicts_its_statement() -> None:
    """One of the two fails on every page."""
    negative = (Terms(negative=True), Terms())
    assert criteria("Is signed", "is signed", terms=negative) == [Kind.CONTRADICTING_CRITERIA]


def test_a_criterion_of_two_categories_does_not_tell_them_apart() -> None:
    """It is a note with both places, since the answer itself may be wanted."""
    one = Category("Invoice", criteria=("States a due date",))
    other = Category("Letter", criteria=("states the due date",))
    (finding,) = check([one, other])
    assert (finding.kind, finding.severity) == (Kind.SHARED_CRITERION, Severity.NOTE)
    assert [(each.category, each.criterion) for each in finding.places] == [(0, 0), (1, 0)]


def test_the_gravest_come_first() -> None:
    """Errors, then warnings, then notes."""
    found = check([Category("Invoices"), Category("Invoice"), Category("Report"), Category("A1")])
    severities = [finding.severity for finding in found]
    assert severities == sorted(severities, reverse=True)
    assert len(set(severities)) > 1
