"""How criteria read on the command line: with their doubt, and the page that tells."""

import docsort
from docsort._cli.verdicts import criteria

MET, NOT_MET = docsort.Verdict.MET, docsort.Verdict.NOT_MET
SIGNED = "Is signed"


def page(
    number: int, verdict: docsort.Verdict, confidence: float | None, category: str = "Letter"
) -> docsort.PageResult:
    """Return a page that judges one criterion."""
    judged = docsort.CriterionResult(category, SIGNED, verdict, confidence)
    return docsort.PageResult(number, criteria=(judged,))


def document(verdict: docsort.Verdict, *pages: docsort.PageResult) -> docsort.ClassificationResult:
    """Return a letter with this verdict on its criterion."""
    told = docsort.CategoryConfidence(
        "Letter", 1.0, (docsort.CriterionConfidence(SIGNED, verdict),)
    )
    return docsort.ClassificationResult(
        classification="Letter",
        response_confidence=docsort.ResponseConfidence((told,)),
        total_pages=len(pages),
        page_results=pages,
    )


def test_what_is_met_names_the_surest_page() -> None:
    """Whatever the order in which pages came."""
    result = document(MET, page(3, MET, 0.58), page(1, NOT_MET, 0.9), page(2, MET, 0.51))
    assert list(criteria(result)) == ["met     0.58  Is signed (page 3)"]


def test_what_no_page_meets_tells_the_page_in_doubt() -> None:
    """The least sure one, since one page that met it would turn the verdict."""
    result = document(NOT_MET, page(1, NOT_MET, 0.9), page(2, NOT_MET, 0.55))
    assert list(criteria(result)) == ["not met 0.55  Is signed (page 2)"]


def test_what_has_to_be_met_throughout_names_the_page_that_does_not() -> None:
    """As of a criterion that denies."""
    result = document(NOT_MET, page(1, MET, 0.9), page(2, NOT_MET, 0.8), page(3, NOT_MET, 0.6))
    assert list(criteria(result)) == ["not met 0.80  Is signed (page 2)"]


def test_one_page_needs_no_number_and_a_criterion_no_confidence() -> None:
    """Some engines do not tell how sure they are, and page results may not be at hand."""
    assert list(criteria(document(MET, page(1, MET, None)))) == ["met     -     Is signed"]
    assert list(criteria(document(MET))) == ["met     -     Is signed"]


def test_pages_that_do_not_count_tell_nothing() -> None:
    """A signature alone on a page of two words does not vote."""
    weights = (docsort.PageWeight(1, 2.0), docsort.PageWeight(2, 0.0))
    told = document(NOT_MET, page(1, NOT_MET, 0.9), page(2, MET, 0.99))
    aggregation = docsort.Aggregation(weights)
    result = docsort.ClassificationResult(
        classification="Letter",
        response_confidence=told.response_confidence,
        total_pages=2,
        page_results=told.page_results,
        aggregation=aggregation,
    )
    assert list(criteria(result)) == ["not met 0.90  Is signed (page 1)"]


def test_in_a_packet_every_segment_has_its_own() -> None:
    """That the letter is signed says nothing of the invoice before it."""
    missed = docsort.CriterionConfidence(SIGNED, NOT_MET)
    met = docsort.CriterionConfidence(SIGNED, MET)
    result = docsort.ClassificationResult(
        classification="Invoice",
        response_confidence=docsort.ResponseConfidence(
            (docsort.CategoryConfidence("Invoice", 1.0, (met,)),)
        ),
        total_pages=3,
        page_results=(
            page(1, NOT_MET, 0.9, "Invoice"),
            page(2, NOT_MET, 0.7, "Invoice"),
            page(3, MET, 0.6),
        ),
        segments=(
            docsort.Segment(1, 2, "Invoice", 0.9, criteria_confidence=(missed,)),
            docsort.Segment(3, 3, "Letter", 0.9, criteria_confidence=(met,)),
        ),
    )
    assert list(criteria(result)) == [
        "1-2       not met 0.70  Is signed (page 2)",
        "3         met     0.60  Is signed",
    ]
