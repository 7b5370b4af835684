"""What criteria mean beyond their statements, whichever engine judged those."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_values import voting

from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.criteria import (
    CriteriaTally,
    PatternError,
    asked,
    bits,
    compiled,
    fraction,
    judged,
    met_together,
)
from docsort_server.engine.digest import categories_digest
from docsort_server.engine.model import (
    Category,
    CriterionMark,
    EngineIdentity,
    Outcome,
    PageVerdict,
    Question,
    Terms,
)
from docsort_server.engine.result import DocumentResult, PageResult
from docsort_server.engine.tally import Tally

PLAIN = Question((Category("a", "", ("x", "y")), Category("b")))
RICH = Question(
    (
        Category(
            "a",
            "",
            ("is signed", "number", "mentions a due date"),
            (Terms(required=True), Terms(pattern=r"No\. \d+", weight=3.0), Terms(negative=True)),
        ),
        Category("b", "", ("dated",), (Terms(pattern=r"(?i)date", negative=True),)),
    )
)
TEXT = "ACME Ltd\nInvoice No. 417 of March\nThanks"
IDENTITY = EngineIdentity("e", "m", "", "")
# As it was before criteria had terms.
PLAIN_DIGEST = "5b4af8d1fb42deac4b34b522d422edfe7cd8311d0dc64c8413685c8642967eed"


def said(*met: bool) -> PageVerdict:
    """Return what an engine says of the statements that it is asked about in `RICH`."""
    row = tuple(CriterionMark(each, 0.9, "a line" if each else "") for each in met)
    return PageVerdict(Outcome.MATCHED, (0.7, 0.2), (row, ()), no_match_score=0.1)


def test_plain_questions_are_asked_as_they_are() -> None:
    """The very same one, so that nothing that was prepared for it is made anew."""
    assert asked(PLAIN) is PLAIN


def test_engines_are_asked_statements_alone() -> None:
    """Without patterns; what speaks against a category does not describe it."""
    first, second = asked(RICH).categories
    assert first.criteria == ("is signed", "mentions a due date")
    assert first.describing == ("is signed",)
    assert (second.criteria, second.terms) == ((), ())


async def test_a_verdict_is_completed() -> None:
    """Patterns are found in the text, and what is unwanted is met where it is not stated."""
    first, second = (await judged(RICH, TEXT, said(True, True))).criteria
    assert [mark.met for mark in first] == [True, True, False]
    assert first[1] == CriterionMark(met=True, confidence=1.0, evidence="Invoice No. 417 of March")
    assert (first[2].confidence, first[2].evidence) == (0.9, "a line")
    assert second == (CriterionMark(met=True, confidence=1.0),)


async def test_without_evidence_no_line_is_quoted() -> None:
    """A pattern decides all the same."""
    question = Question(RICH.categories, evidence=False)
    first, _ = (await judged(question, TEXT, said(True, False))).criteria
    assert (first[1].met, first[1].evidence) == (True, "")


async def test_what_did_not_vote_stays_without_marks() -> None:
    """A blank page meets nothing, be it wanted or not."""
    blank = PageVerdict(Outcome.BLANK)
    assert await judged(RICH, "", blank) is blank


async def test_a_long_line_is_quoted_from_what_was_found() -> None:
    """At most two hundred characters of it."""
    question = Question((Category("a", "", ("n",), (Terms(pattern="needle"),)),))
    verdict = PageVerdict(Outcome.MATCHED, (1.0,), ((),), no_match_score=0.0)
    ((mark,),) = (await judged(question, "x" * 500 + "needle" + "y" * 500, verdict)).criteria
    assert mark.evidence.startswith("needleyy")
    assert len(mark.evidence) == 200


@pytest.mark.parametrize("pattern", ["(", "a{2000}", "(?=x)", r"\1", "[z-a]"])
def test_a_pattern_that_is_none_says_why(pattern: str) -> None:
    """In RE2's words."""
    with pytest.raises(PatternError, match=r"\w"):
        compiled(pattern)


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(?:a?){100}a{100}b", "(.*)*x"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    """These would take a backtracking engine longer than the age of the universe."""
    assert compiled(pattern).search("a" * 32_768 + "!") is None


def test_weights_make_the_fraction() -> None:
    """Each criterion has its share; plain ones have equal shares."""
    assert fraction(RICH.categories[0], (False, True, False)) == pytest.approx(0.6)
    assert fraction(PLAIN.categories[0], (True, False)) == 0.5


def result(question: Question, *pages: PageResult) -> DocumentResult:
    """Return the answer for a document."""
    aggregate = Aggregate(question)
    for page in pages:
        aggregate.add(page)
    return aggregate.result(
        selected=range(1, len(pages) + 1), total_pages=len(pages), segments=True, identity=IDENTITY
    )


def page(number: int, *met: bool) -> PageResult:
    """Return a page of `RICH` that is of its first category, with marks for its criteria."""
    marks = [CriterionMark(each, 0.9) for each in met]
    rows = (tuple(marks[:3]), tuple(marks[3:]))
    return PageResult(number, Outcome.MATCHED, (0.8, 0.1), rows, no_match_score=0.1)


def test_a_document_meets_what_any_page_does_and_avoids_what_none_does() -> None:
    """In whatever order the pages come."""
    pages = (page(1, True, False, True, True), page(2, False, True, False, True))
    for order in itertools.permutations(pages):
        assert result(RICH, *order).criteria_met == ((True, True, False), (True,))


DENYING = Question(
    (Category("a", "", ("has no date", "is not signed"), (Terms(), Terms(negative=True))),)
)


def test_a_statement_that_denies_holds_for_a_document_on_all_pages() -> None:
    """A negative one that denies asks for what is there, on any page."""
    for first, second, met in (
        ((True, True), (False, False), (False, True)),
        ((True, False), (True, False), (True, False)),
    ):
        pages = [
            PageResult(
                number,
                Outcome.MATCHED,
                (0.9,),
                (tuple(CriterionMark(each, 0.9) for each in row),),
                no_match_score=0.1,
            )
            for number, row in enumerate((first, second), 1)
        ]
        assert result(DENYING, *pages).criteria_met == (met,)


def test_what_nothing_meets_too_holds_for_a_document_on_all_pages() -> None:
    """At most one date on a page is no more than any page without dates has."""
    question = Question((Category("a", "", ("has at most one date", "has a passport no")),))
    pages = [
        PageResult(
            number, Outcome.MATCHED, (0.9,), ((CriterionMark(met, 0.9),) * 2,), no_match_score=0.1
        )
        for number, met in enumerate((True, False), 1)
    ]
    assert result(question, *pages).criteria_met == ((False, True),)


@given(st.lists(st.lists(st.booleans(), min_size=4, max_size=4), max_size=5))
def test_pages_meet_together_what_a_document_of_them_does(pages: list[list[bool]]) -> None:
    """Segments go by the rule of documents, negative criteria included."""
    tally, kept = CriteriaTally(RICH), []
    for first, second, third, other in pages:
        rows = [[first, second, third], [other]]
        marks = [tuple(CriterionMark(each, 0.5) for each in row) for row in rows]
        tally.add(marks)
        kept.append(bits(marks))
    assert tuple(met_together(RICH, label, kept) for label in (0, 1)) == tally.met()


def test_statements_are_read_once_for_all_watchers(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many criteria a question has."""
    question = Question((Category("a", "", tuple(f"has no date {n}" for n in range(50))),))
    read: list[str] = []
    throughout = Terms.throughout

    def counted(terms: Terms, text: str) -> bool:
        read.append(text)
        return throughout(terms, text)

    monkeypatch.setattr(Terms, "throughout", counted)
    for _ in range(3):
        Tally(question)
    assert read == list(question.categories[0].criteria)


def test_what_is_not_to_be_there_describes_nothing() -> None:
    """Be it denied by the statement or negative; both together describe."""
    assert Category("a", "", ("has no date", "is signed")).describing == ("is signed",)
    assert DENYING.categories[0].describing == ("is not signed",)


def test_nothing_is_avoided_by_a_document_without_pages_that_count() -> None:
    """It meets no criterion, be it wanted or not."""
    blank = PageResult(1, Outcome.BLANK)
    assert result(RICH, blank).criteria_met == ((False, False, False), (False,))


def test_what_is_required_bars_a_category() -> None:
    """What spoke for it speaks for none; the scores add up to 1 as before."""
    lacking = page(1, False, True, True, True)
    document = result(RICH, lacking)
    assert document.scores == pytest.approx((0.0, 0.1))
    assert document.no_match_score == pytest.approx(0.9)
    assert document.outcome is Outcome.NO_MATCH
    complete = result(RICH, lacking, page(2, True, True, True, True))
    assert (complete.label, complete.outcome) == (0, Outcome.MATCHED)


def test_what_is_required_bars_a_category_without_scores() -> None:
    """The same where pages have labels alone."""
    row = (CriterionMark(False, None), CriterionMark(True, 1.0), CriterionMark(True, None))
    chosen = PageResult(1, Outcome.MATCHED, criteria=(row, ()), chosen=0)
    document = result(RICH, chosen)
    assert (document.label, document.outcome) == (None, Outcome.NO_MATCH)


def test_nothing_is_decided_early_where_something_is_required() -> None:
    """The last page may be the one that meets it."""
    aggregate = Aggregate(RICH)
    for number in range(1, 4):
        aggregate.add(page(number, True, True, True, True))
    assert not aggregate.decided(range(1, 5), 1)
    plain = Aggregate(PLAIN)
    for number in range(1, 4):
        plain.add(voting(number, 0.9, 0.0))
    assert plain.decided(range(1, 5), 1)


def test_terms_are_in_the_digest_where_there_are_any() -> None:
    """Digests of plain categories are what they always were."""
    stripped = [Category(c.name, c.description, c.criteria) for c in RICH.categories]
    assert categories_digest(RICH.categories) != categories_digest(stripped)
    assert categories_digest(PLAIN.categories) == PLAIN_DIGEST


def test_thresholds_and_examples_are_in_the_digest() -> None:
    """Zero is one too."""
    shown = [replace(each, examples=("Please pay",)) for each in PLAIN.categories]
    assert categories_digest(shown) != PLAIN_DIGEST
    bound = [replace(each, threshold=0.0) for each in PLAIN.categories]
    assert categories_digest(bound) != PLAIN_DIGEST
