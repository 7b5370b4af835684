"""The document's answer from its pages."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from page_values import QUESTION, chosen, documents, marked, silent, voting

from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.model import ConfidenceSource, EngineIdentity, ModelUsage, Outcome
from docsort_server.engine.outcome import Bound, Shortfall
from docsort_server.engine.packet.traits import UNSPACED, PageTraits
from docsort_server.engine.result import (
    BoundaryReason,
    DocumentResult,
    Exclusion,
    PageResult,
    TextSource,
    WarningCode,
)

BLANK = Outcome.BLANK
IDENTITY = EngineIdentity("scripted", "scripted/1", "", "")


def result(*pages: PageResult, total: int = 0, segments: bool = True) -> DocumentResult:
    """Aggregate pages of a document of `total` pages, or just these."""
    aggregate = Aggregate(QUESTION)
    for page in pages:
        aggregate.add(page)
    selected = range(1, total + 1) if total else sorted(page.page for page in pages)
    return aggregate.result(
        selected=selected, total_pages=total or len(pages), segments=segments, identity=IDENTITY
    )


@settings(max_examples=50)
@given(documents(), st.randoms(use_true_random=False))
def test_the_order_does_not_matter(pages: list[PageResult], random: Random) -> None:
    """Pages arrive in the order in which they finish: the answer is the same for all of them."""
    one, other = result(*pages), result(*random.sample(pages, len(pages)))
    assert one.scores == pytest.approx(other.scores, abs=1e-12)
    assert (one.segments, one.weights, one.warnings, one.criteria_met) == (
        other.segments,
        other.weights,
        other.warnings,
        other.criteria_met,
    )


def test_silent_pages_do_not_vote() -> None:
    """Blank, unreadable and failed pages leave the scores as they are."""
    votes = (voting(1, 0.7, 0.2, 0.1), voting(2, 0.1, 0.8, 0.1))
    others = [silent(number, outcome) for number, outcome in enumerate(silent_kinds(), 3)]
    assert result(*votes, *others).scores == result(*votes).scores


def worded(page: PageResult, words: int, language: str = "") -> PageResult:
    """Return a page that fits nothing and has so many words."""
    return replace(
        page, outcome=Outcome.NO_MATCH, traits=PageTraits(length=words, language=language)
    )


def test_a_divider_does_not_decide_what_the_document_is() -> None:
    """A page of a few words that fits none does not vote; with more, or as a picture, it does."""
    nothing = voting(1, 0.0, 0.0, 0.0, no_match=1.0)
    document = voting(2, 0.9, 0.1, 0.0)
    divided = result(worded(nothing, 2), document)
    assert (divided.outcome, divided.scores) == (Outcome.MATCHED, document.scores)
    assert [each.exclusion for each in divided.weights] == [Exclusion.FEW_WORDS, None]
    seen = replace(worded(nothing, 2), text_source=TextSource.IMAGE)
    for voter in (worded(nothing, 4), worded(nothing, 1, UNSPACED), worded(nothing, 0), seen):
        assert result(voter, document).outcome is Outcome.NO_MATCH


def silent_kinds() -> list[Outcome]:
    """Return the outcomes that do not vote."""
    return [Outcome.BLANK, Outcome.UNREADABLE, Outcome.FAILED]


def test_weights_name_each_page_and_why_it_is_left_out() -> None:
    """The first voting page weighs 2, others 1; the rest weigh 0 with the reason."""
    found = result(
        silent(1, Outcome.BLANK),
        voting(2, 0.7, 0.2, 0.1),
        silent(3, Outcome.UNREADABLE),
        voting(4, 0.7, 0.2, 0.1),
        silent(5, Outcome.FAILED),
        total=6,
    )
    assert [(page.page, page.weight, page.exclusion) for page in found.weights] == [
        (1, 0.0, Exclusion.BLANK),
        (2, 2.0, None),
        (3, 0.0, Exclusion.UNREADABLE),
        (4, 1.0, None),
        (5, 0.0, Exclusion.FAILED),
        (6, 0.0, Exclusion.NOT_PROCESSED),
    ]


def test_pages_are_counted() -> None:
    """Processed: read and judged. Engine pages: all that were given to the engine."""
    found = result(
        voting(1, 0.7, 0.2, 0.1), *(silent(n, o) for n, o in enumerate(silent_kinds(), 2)), total=9
    )
    assert (found.total_pages, found.processed_pages, found.engine_pages) == (9, 2, 3)


def test_a_document_is_bound_by_its_category_s_threshold() -> None:
    """As its pages are."""
    strict = [replace(QUESTION.categories[0], threshold=0.8), *QUESTION.categories[1:]]
    for question, outcome in (
        (QUESTION, Outcome.MATCHED),
        (replace(QUESTION, categories=tuple(strict)), Outcome.AMBIGUOUS),
    ):
        aggregate = Aggregate(question)
        aggregate.add(voting(1, 0.7, 0.2, 0.1))
        standing = aggregate.standing()
        assert standing
        assert standing.outcome is outcome


@pytest.mark.parametrize(
    ("pages", "missed"),
    [
        ([voting(1, 0.7, 0.2, 0.1), voting(2, 0.7, 0.2, 0.1)], None),
        (
            [voting(1, 0.9, 0.1, 0.0), voting(2, 0.9, 0.1, 0.0), voting(3, 0.1, 0.8, 0.1)],
            Shortfall(Bound.AGREEMENT, 0.8, 0.75),
        ),
        ([voting(1, 0.35, 0.33, 0.32)], Shortfall(Bound.MIN_CONFIDENCE, 0.4, 0.35)),
        ([chosen(1, 0), chosen(2, 1)], Shortfall(Bound.AGREEMENT, 0.8, 2 / 3)),
    ],
)
def test_a_document_tells_which_bound_it_misses(
    pages: list[PageResult], missed: Shortfall | None
) -> None:
    """Of its scores, or of how many of its pages agree, the first counted twice."""
    assert result(*pages, silent(9, Outcome.BLANK)).shortfall == missed


def test_unfamiliar_categories_are_told_of_once_and_by_name() -> None:
    """However many pages tell of them; a page of a model knows nothing of the lexicon."""
    local = [replace(voting(n, 0.7, 0.2, 0.1), unfamiliar=(2, 0)) for n in (1, 2)]
    found = result(*local, chosen(3, 0))
    (warning,) = found.warnings
    assert warning.code is WarningCode.CATEGORY_UNFAMILIAR
    assert warning.categories == ("Invoice", "Letter")
    assert "“Invoice”, “Letter”" in warning.message
    assert result(chosen(1, 0)).warnings == ()


def test_warnings_count_failed_and_unreadable_pages() -> None:
    """Both kinds are warned of with their number; blank pages are not."""
    found = result(
        voting(1, 0.7, 0.2, 0.1),
        silent(2, Outcome.FAILED),
        silent(3, Outcome.UNREADABLE),
        silent(4, Outcome.UNREADABLE),
        silent(5, Outcome.BLANK),
    )
    assert [warning.code for warning in found.warnings] == [
        WarningCode.PAGES_FAILED,
        WarningCode.PAGES_UNREADABLE,
    ]
    assert found.warnings[0].message.startswith("1 page failed")
    assert found.warnings[1].message.startswith("2 pages")


def test_a_criterion_is_met_on_any_page() -> None:
    """One page that meets a criterion is enough; others may miss it."""
    found = result(
        marked(1, False, False, False), marked(2, True, False, False), marked(3, False, False, True)
    )
    assert found.criteria_met == ((True, False), (), (True,))


def test_without_pages_criteria_are_not_met() -> None:
    """Every criterion is listed even where no page tells."""
    assert result(silent(1, Outcome.BLANK)).criteria_met == ((False, False), (), (False,))


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Outcome.BLANK], Outcome.BLANK),
        ([Outcome.BLANK, Outcome.NO_MATCH], Outcome.NO_MATCH),
        ([Outcome.BLANK, Outcome.UNREADABLE], Outcome.UNREADABLE),
        ([Outcome.BLANK, Outcome.FAILED], Outcome.FAILED),
        ([Outcome.FAILED, Outcome.UNREADABLE, Outcome.BLANK], Outcome.UNREADABLE),
        ([], Outcome.FAILED),
    ],
)
def test_a_document_without_votes(outcomes: list[Outcome], expected: Outcome) -> None:
    """Without a vote there is no category, and the outcome says what the pages were."""
    pages = [silent(number, outcome) for number, outcome in enumerate(outcomes, 1)]
    words = [worded(each, 3) if each.outcome is Outcome.NO_MATCH else each for each in pages]
    found = result(*words)
    assert (found.outcome, found.label, found.scores) == (expected, None, ())


def test_all_failed() -> None:
    """Only pages that failed, and at least one."""
    aggregate = Aggregate(QUESTION)
    assert not aggregate.all_failed
    aggregate.add(silent(1, Outcome.FAILED))
    assert aggregate.all_failed
    aggregate.add(silent(2, Outcome.BLANK))
    assert not aggregate.all_failed


def test_an_attachment_that_failed_is_of_no_other_file() -> None:
    """Its neighbours in the mail tell nothing of it; a failed page of theirs they do."""
    lost, torn = silent(3, Outcome.FAILED), silent(4, Outcome.FAILED)
    found = result(
        voting(1, 0.7, 0.2, 0.1),
        replace(voting(2, 0.2, 0.7, 0.1), attachment="a.pdf"),
        replace(lost, attachment="b.pdf"),
        replace(torn, attachment="c.pdf"),
        replace(voting(5, 0.2, 0.7, 0.1), attachment="c.pdf"),
    )
    told = [(each.first_page, each.last_page, each.attachment) for each in found.segments]
    assert told == [(1, 1, ""), (2, 2, "a.pdf"), (3, 3, "b.pdf"), (4, 5, "c.pdf")]
    assert {each.boundary_reason for each in found.segments[1:]} == {BoundaryReason.ATTACHMENT}
    assert found.segments[2].outcome is Outcome.FAILED
    assert [each.page for each in found.revised] == [4]


@settings(max_examples=50)
@given(documents())
def test_a_document_that_is_one_segment_has_its_answer(pages: list[PageResult]) -> None:
    """The same pages do not tell one thing as a document and another as a segment."""
    found = result(*pages)
    if len(found.segments) != 1:
        return
    (segment,) = found.segments
    assert segment.outcome is found.outcome
    if segment.label is not None and found.scores:
        assert segment.confidence == pytest.approx(found.scores[segment.label])
        assert segment.confidence == pytest.approx(max(found.scores))


def test_segments_can_be_left_out() -> None:
    """Without the wish for segments there are none."""
    page = voting(1, 0.7, 0.2, 0.1)
    assert result(page, segments=False).segments == ()
    assert len(result(page).segments) == 1


def test_a_document_of_labels_alone() -> None:
    """Segments, weights and the answer follow the labels, and nothing claims a confidence."""
    found = result(chosen(1, 0), chosen(2, 0), chosen(3, 1), chosen(4, None), silent(5, BLANK))
    assert (found.label, found.scores, found.no_match_score) == (0, (), None)
    assert found.confidence_source is None
    assert [(each.first_page, each.label, each.confidence) for each in found.segments] == [
        (1, 0, None),
        (3, 1, None),
        (4, None, None),
    ]
    assert [each.weight for each in found.weights] == [2.0, 1.0, 1.0, 1.0, 0.0]
    assert found.models is not None
    assert found.models.usage == ModelUsage(4, 400, 32, 200)
    assert (found.models.model, found.models.rung) == ("small", "tool")


def test_a_document_that_fits_nothing_has_no_label() -> None:
    """A model's none of these, on every page, is the document's answer and no failure."""
    found = result(chosen(1, None), chosen(2, None))
    assert (found.outcome, found.label) == (Outcome.NO_MATCH, None)
    assert [each.exclusion for each in found.weights] == [None, None]


def test_the_source_of_most_confidences_is_the_documents() -> None:
    """Pages may differ, as after a backend lost its token probabilities."""
    voted, likely = ConfidenceSource.VOTED, ConfidenceSource.TOKEN_PROBABILITIES
    sources = (voted, likely, likely)
    pages = [
        replace(voting(number, 0.7, 0.2, 0.1), confidence_source=source)
        for number, source in enumerate(sources, 1)
    ]
    assert result(*pages).confidence_source is likely
    assert result(silent(1, BLANK)).confidence_source is None
