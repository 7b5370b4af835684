"""What pages are among their neighbours."""

import tracemalloc
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st
from page_values import QUESTION

from docsort_server.engine.aggregate import Aggregate
from docsort_server.engine.labels import NONE_FITS, PageLabel
from docsort_server.engine.model import Category, EngineIdentity, Outcome, Question
from docsort_server.engine.outcome import Bound, Shortfall, decide
from docsort_server.engine.packet.borders import INSIDE, Border
from docsort_server.engine.packet.traits import NOTHING as NOTHING_SEEN
from docsort_server.engine.packet.traits import WORD, Look, PageTraits, packed
from docsort_server.engine.result import BoundaryReason, PageResult, RevisedPage
from docsort_server.engine.smoothing import OPENING_WEIGHT, OWN_WEIGHT, revised

START = Border(1.0, BoundaryReason.DOCUMENT_START)
INVOICE, CONTRACT = (0.9, 0.05, 0.0), (0.3, 0.45, 0.2)
NOTHING = (0.05, 0.05, 0.05)
IDENTITY = EngineIdentity("scripted", "scripted/1", "", "")


def page(number: int, scores: Sequence[float]) -> PageLabel:
    """Return a page with its own answer; blank without scores."""
    if not scores:
        return PageLabel(number, Outcome.BLANK, None)
    no_match = 1.0 - sum(scores)
    belief = {**dict(enumerate(scores)), NONE_FITS: no_match}
    label = max(range(len(scores)), key=scores.__getitem__)
    return PageLabel(number, decide(scores, no_match, QUESTION), label, belief)


def among(*scores: Sequence[float], borders: Sequence[float] = ()) -> dict[int, RevisedPage]:
    """Return the revised pages; `borders` are the chances that a document starts at each page."""
    chances = borders or (1.0, *(0.02 for _ in scores[1:]))
    found = revised(
        [page(number, each) for number, each in enumerate(scores, 1)],
        [Border(each, None) for each in chances],
        QUESTION,
    )
    return {each.page: each for each in found}


def test_an_odd_page_is_of_its_document() -> None:
    """Three pages of an invoice, of which one alone looks like a contract."""
    found = among(INVOICE, CONTRACT, INVOICE)
    assert list(found) == [2]
    assert (found[2].label, found[2].outcome) == (0, Outcome.MATCHED)
    assert CONTRACT[0] < found[2].confidence < INVOICE[0]


def test_a_cover_that_fits_nothing_is_of_its_document() -> None:
    """Unless there is a border behind it."""
    assert among(NOTHING, INVOICE, INVOICE, INVOICE, INVOICE, INVOICE)[1].label == 0
    assert not among(NOTHING, INVOICE, INVOICE, borders=(1.0, 1.0, 0.02))


def test_a_surer_page_is_left_as_it_is() -> None:
    """Evidence of its own weighs more than that of a neighbour who is not sure."""
    assert 1 not in among(INVOICE, CONTRACT)


@pytest.mark.parametrize(("own", "stays"), [(0.97, True), (0.85, False)])
def test_what_is_certain_alone_is_not_made_doubtful(own: float, stays: bool) -> None:
    """A receipt inside a report: neighbours that only speak against it leave it as it is."""
    found = among(INVOICE, (0.01, own, 0.0), INVOICE, borders=(1.0, 0.47, 0.47))
    assert (2 not in found) is stays
    assert stays or found[2].outcome is Outcome.AMBIGUOUS


def test_what_is_certain_alone_may_be_of_another_document() -> None:
    """Where its neighbours are as certain, and nothing parts it from them."""
    found = among(INVOICE, INVOICE, (0.01, 0.97, 0.0), INVOICE, INVOICE)
    assert (found[3].label, found[3].outcome) == (0, Outcome.MATCHED)


@pytest.mark.parametrize("chance", [0.0, 0.3, 0.6, 1.0])
def test_the_likelier_a_border_the_less_a_neighbour_counts(chance: float) -> None:
    """A page among two that a border may part from it."""
    near = among(INVOICE, CONTRACT, borders=(1.0, chance)).get(2)
    weight, own = OPENING_WEIGHT * (1.0 - chance), 2.0 * chance + OWN_WEIGHT
    expected = (weight * INVOICE[0] + own * CONTRACT[0]) / (weight + own)
    other = (weight * INVOICE[1] + own * CONTRACT[1]) / (weight + own)
    if expected > other:
        assert near
        assert near.confidence == pytest.approx(expected)
    else:
        assert near is None or near.label == 1


def test_a_blank_page_is_its_document_s() -> None:
    """The back of a page before it; of the first page where it leads."""
    found = among((), INVOICE, (), CONTRACT, borders=(1.0, 0.0, 0.0, 1.0))
    assert [(each.page, each.label) for each in found.values()] == [(1, 0), (3, 0)]
    assert not among((), ())


def test_pages_without_scores_stay_and_count_nothing() -> None:
    """A model chose, and nothing tells how sure it was."""
    chosen = PageLabel(2, Outcome.MATCHED, 1)
    labels = [page(1, INVOICE), chosen, page(3, INVOICE)]
    assert revised(labels, [START, INSIDE, INSIDE], QUESTION) == ()


@given(st.lists(st.integers(0, 6), min_size=3, max_size=3), st.integers(1, 5))
def test_pages_that_are_alike_change_nothing(tenths: list[int], count: int) -> None:
    """Nor are they another document together: a bound that is just reached stays reached."""
    scores = tuple(each / 10 / max(1.0, sum(tenths) / 10) for each in tenths)
    lead = max(scores) - sorted(scores)[-2]
    question = replace(QUESTION, min_confidence=max(scores), min_margin=lead)
    no_match = 1.0 - sum(scores)
    outcome = decide(scores, no_match, question)
    found = Aggregate(question)
    for number in range(1, count + 1):
        found.add(PageResult(number, outcome, scores, no_match_score=no_match))
    result = found.result(
        selected=range(1, count + 1), total_pages=count, segments=True, identity=IDENTITY
    )
    assert not result.revised
    assert {result.outcome, *(each.outcome for each in result.segments)} == {outcome}


def test_memory_is_a_few_bytes_for_each_score() -> None:
    """Of long documents and many categories: not that of all numbers as objects, several times."""
    many = Question(tuple(Category(f"C{number}") for number in range(200)))
    belief = dict.fromkeys(range(200), 0.004) | {NONE_FITS: 0.2}
    labels = [PageLabel(number, Outcome.AMBIGUOUS, 0, belief) for number in range(1, 501)]
    borders = [Border(0.1, None) for _ in labels]
    tracemalloc.start()
    revised(labels, borders, many)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 500 * 201 * 20


def test_the_bounds_of_the_request_hold() -> None:
    """A threshold of the category that the neighbours tell."""
    strict = replace(QUESTION.categories[0], threshold=0.95)
    asked = replace(QUESTION, categories=(strict, *QUESTION.categories[1:]))
    labels = [page(n, each) for n, each in enumerate((INVOICE, CONTRACT, INVOICE), 1)]
    (_, odd, _) = revised(labels, [START, INSIDE, INSIDE], asked)
    assert (odd.label, odd.outcome) == (0, Outcome.AMBIGUOUS)
    assert odd.shortfall == Shortfall(Bound.THRESHOLD, 0.95, odd.confidence)


def test_what_fits_nothing_among_its_neighbours_is_told() -> None:
    """Of such a page the nearest category is named, as of a page alone."""
    found = among(NOTHING, CONTRACT, NOTHING)
    assert found[2].outcome is Outcome.NO_MATCH
    assert found[2].no_match_score >= 0.5


def test_a_page_among_neighbours_does_not_match_what_none_fits_leads() -> None:
    """The belief that none fits is below a half, and above that in the category."""
    labels = [page(1, (0.8, 0.1, 0.05)), page(2, (0.35, 0.0, 0.0))]
    (second,) = revised(labels, [START, Border(0.66, None)], QUESTION)
    assert second.page == 2
    assert 0.4 < second.confidence < second.no_match_score < 0.5
    assert second.outcome is Outcome.AMBIGUOUS


@given(
    st.lists(
        st.tuples(st.sampled_from([INVOICE, CONTRACT, NOTHING, ()]), st.floats(0, 1)), max_size=9
    )
)
def test_two_passes_are_the_sum_over_all_pages(pages: list[tuple[Sequence[float], float]]) -> None:
    """Each page counts with the chance that no document starts between."""
    labels = [page(number, scores) for number, (scores, _) in enumerate(pages, 1)]
    chances = [chance if number else 1.0 for number, (_, chance) in enumerate(pages)]
    found = {
        each.page: each for each in revised(labels, [Border(c, None) for c in chances], QUESTION)
    }
    opens = _opens(labels, chances)
    for place, here in enumerate(labels):
        weights = [
            (1.0 + (OPENING_WEIGHT - 1.0) * opens[other])
            * prod(1.0 - c for c in chances[min(place, other) + 1 : max(place, other) + 1])
            + (OWN_WEIGHT - 1.0) * (place == other)
            for other in range(len(labels))
        ]
        scored = [(w, each.belief) for w, each in zip(weights, labels, strict=True) if each.belief]
        total = sum(w for w, _ in scored)
        if here.page in found:
            answer = found[here.page]
            mean = sum(w * belief[answer.label] for w, belief in scored) / total
            assert answer.confidence == pytest.approx(mean)


def _opens(labels: Sequence[PageLabel], chances: Sequence[float]) -> list[float]:
    """Return the chance that a document starts at each page, or at blank ones before it."""
    pending = list(
        accumulate(
            range(len(labels)),
            lambda before, n: max(chances[n], 0.0 if labels[n - 1].key is not None else before),
            initial=0.0,
        )
    )[1:]
    return [chances[0], *pending[1:]] if labels else []


def results(*scores: Sequence[float], gap: int = 0, look: Look = NOTHING_SEEN) -> Aggregate:
    """Return pages that nothing parts, in one aggregate; from `gap` on they are a page further."""
    traits = PageTraits(595, 842, 90, names=b"same", words=packed(range(40), WORD))
    aggregate = Aggregate(QUESTION)
    for number, each in enumerate(scores, 1):
        later = number + (0 < gap <= number)
        shown = replace(traits, look=look) if number == len(scores) else traits
        outcome = decide(each, 1.0 - sum(each), QUESTION)
        aggregate.add(
            PageResult(later, outcome, tuple(each), no_match_score=1.0 - sum(each), traits=shown)
        )
    return aggregate


def told(aggregate: Aggregate, *, segments: bool = True) -> list[int]:
    """Return the pages that are revised in the document's result."""
    found = aggregate.result(selected=(), total_pages=9, segments=segments, identity=IDENTITY)
    return [each.page for each in found.revised]


def test_a_result_tells_of_revised_pages() -> None:
    """Not across pages that were not selected, nor into an attachment, nor where nobody asks."""
    assert told(results(INVOICE, INVOICE, CONTRACT)) == [3]
    assert told(results(INVOICE, INVOICE, CONTRACT), segments=False) == []
    assert told(results(INVOICE, INVOICE, CONTRACT, gap=3)) == []
    assert told(results(INVOICE, INVOICE, CONTRACT, look=Look.ATTACHED)) == []


def test_a_page_of_a_document_that_fits_nothing_is_given_no_category() -> None:
    """A border that is likely, not certain, parts it from the invoice before it."""
    traits = PageTraits(595, 842, 90, names=b"same", words=packed(range(40), WORD))
    other = replace(traits, names=b"othr", words=packed(range(40, 80), WORD), look=Look.DATE)
    found = Aggregate(QUESTION)
    pages = (INVOICE, traits, Outcome.MATCHED), ((0.35, 0.0, 0.0), other, Outcome.NO_MATCH)
    for number, (scores, shown, outcome) in enumerate(pages, 1):
        none = 1.0 - sum(scores)
        found.add(PageResult(number, outcome, scores, no_match_score=none, traits=shown))
    result = found.result(selected=(), total_pages=2, segments=True, identity=IDENTITY)
    assert [each.label for each in result.segments] == [0, None]
    assert not result.revised


def settled(aggregate: Aggregate, *, segments: bool = True) -> tuple[Outcome, Shortfall | None]:
    """Return the document's outcome and what it misses."""
    found = aggregate.result(selected=(), total_pages=9, segments=segments, identity=IDENTITY)
    return found.outcome, found.shortfall


@pytest.mark.parametrize("segments", [True, False])
def test_a_page_that_its_neighbours_tell_is_no_dissent(segments: bool) -> None:
    """The document is of its category: nothing says that a second one starts, whoever asks."""
    held = results(INVOICE, INVOICE, CONTRACT)
    standing = held.standing()
    assert standing
    assert standing.shortfall == Shortfall(Bound.AGREEMENT, 0.8, 0.75)
    assert settled(held, segments=segments) == (Outcome.MATCHED, None)
    assert held.settled() == replace(standing, outcome=Outcome.MATCHED, shortfall=None)


@pytest.mark.parametrize("segments", [True, False])
def test_a_second_document_is_dissent(segments: bool) -> None:
    """A file of an invoice and a contract is neither, however sure its pages are."""
    parted = results(INVOICE, INVOICE, CONTRACT, look=Look.ATTACHED)
    missed = Shortfall(Bound.AGREEMENT, 0.8, 0.75)
    assert settled(parted, segments=segments) == (Outcome.AMBIGUOUS, missed)
    assert parted.settled() == parted.standing()


def test_a_part_whose_pages_hold_together_misses_nothing() -> None:
    """Its pages count as what they are among their neighbours, as those of documents do."""
    result = results(INVOICE, INVOICE, CONTRACT).result(
        selected=(), total_pages=9, segments=True, identity=IDENTITY
    )
    (part,) = result.segments
    assert (part.label, part.outcome, part.shortfall) == (0, Outcome.MATCHED, None)
