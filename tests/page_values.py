"""Page results as tests need them, by hand and at random."""

from string import ascii_uppercase

from hypothesis import strategies as st

from docsort_server.engine.model import (
    Category,
    ConfidenceSource,
    CriterionMark,
    ModelTrace,
    ModelUsage,
    Outcome,
    Question,
    Suggestion,
)
from docsort_server.engine.packet.traits import LINE, NAME, WORD, Look, PageTraits, packed
from docsort_server.engine.result import PageResult, TextSource
from docsort_server.faults import Failure, Reason

CRITERIA = (("shows a total", "names a seller"), (), ("is signed",))
NAMES = ("Invoice", "Contract", "Letter")
QUESTION = Question(tuple(map(Category, NAMES, ("", "", ""), CRITERIA)))
# A category for each letter.
LETTERS = Question(tuple(map(Category, ascii_uppercase)))
SOURCES = (
    ConfidenceSource.LOCAL_MODEL,
    ConfidenceSource.TOKEN_PROBABILITIES,
    ConfidenceSource.VOTED,
)
SILENT = (Outcome.BLANK, Outcome.UNREADABLE, Outcome.FAILED)


def at(letter: str) -> int:
    """Return the place of a letter's category in `LETTERS`."""
    return ascii_uppercase.index(letter)


def voting(page: int, *scores: float, no_match: float = 0.0) -> PageResult:
    """Return a page that votes."""
    return PageResult(page, Outcome.MATCHED, scores, no_match_score=no_match)


def chosen(page: int, label: int | None) -> PageResult:
    """Return a page without scores for which a model chose a category, or none of them."""
    outcome = Outcome.NO_MATCH if label is None else Outcome.MATCHED
    trace = ModelTrace("default", "small", "tool", ModelUsage(1, 100, 8, 50))
    return PageResult(page, outcome, raw_result="A", chosen=label, trace=trace)


def silent(page: int, outcome: Outcome) -> PageResult:
    """Return a page that does not vote."""
    failure = Failure(Reason.PARSER_CRASHED, "gone") if outcome is Outcome.FAILED else None
    return PageResult(page, outcome, failure=failure)


def marked(page: int, *met: bool) -> PageResult:
    """Return a page that meets or misses the three criteria of `QUESTION`, in order."""
    marks = [CriterionMark(each, 0.75) for each in met]
    rows = (tuple(marks[:2]), (), tuple(marks[2:]))
    return PageResult(page, Outcome.MATCHED, (0.5, 0.3, 0.2), rows, no_match_score=0.1)


def texts(size: int = 40) -> st.SearchStrategy[str]:
    """Return strings that protobuf can hold: no lone surrogates."""
    return st.text(st.characters(codec="utf-8"), max_size=size)


def failures() -> st.SearchStrategy[Failure]:
    """Return failures of every reason."""
    names = texts(10)
    return st.builds(
        Failure, st.sampled_from(Reason), texts(), st.dictionaries(names, names, max_size=3)
    )


def shares() -> st.SearchStrategy[float]:
    """Return numbers from 0 to 1."""
    return st.floats(0.0, 1.0)


@st.composite
def scored_pages(draw: st.DrawFn, numbers: st.SearchStrategy[int]) -> PageResult:
    """Return a page that votes on `QUESTION`, with marks for its criteria."""
    raw = draw(st.lists(st.floats(0.01, 1.0), min_size=3, max_size=3))
    no_match = draw(shares())
    # Confidences are kept as 32-bit numbers of six decimals.
    confidence = st.none() | st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)
    marks = st.builds(CriterionMark, st.booleans(), confidence, texts())
    return PageResult(
        page=draw(numbers),
        outcome=draw(st.sampled_from([each for each in Outcome if each not in SILENT])),
        scores=tuple(each / sum(raw) * (1.0 - no_match) for each in raw),
        criteria=tuple(tuple(draw(marks) for _ in row) for row in CRITERIA),
        no_match_score=no_match,
        raw_result=draw(st.none() | texts()),
        text_source=draw(st.none() | st.sampled_from(TextSource)),
        confidence_source=draw(st.none() | st.sampled_from(SOURCES)),
        trace=draw(st.none() | traces()),
        unfamiliar=tuple(sorted(draw(st.sets(st.integers(0, 2))))),
        suggestion=draw(st.none() | suggestions()),
        traits=draw(st.none() | page_traits()),
        attachment=draw(texts(9)),
    )


def page_traits() -> st.SearchStrategy[PageTraits]:
    """Return what a page shows of where documents start and end; often like another's."""
    few, hashes = st.none() | st.integers(1, 4), st.lists(st.integers(1, 9), max_size=8).map(tuple)
    return st.builds(
        PageTraits,
        width=st.sampled_from([595, 612]),
        height=st.sampled_from([792, 842]),
        length=st.integers(0, 500),
        look=st.sampled_from(Look),
        number=few,
        total=few,
        loose=hashes,
        lines=hashes.map(lambda few: packed(few, LINE)),
        reference=st.integers(0, 3),
        names=hashes.map(lambda few: packed(few, NAME)),
        words=hashes.map(lambda few: packed(few, WORD)),
        language=st.sampled_from(["", "en", "de"]),
        form=st.integers(0, 3),
        font=st.integers(0, 40),
    )


def suggestions() -> st.SearchStrategy[Suggestion]:
    """Return what a page may look like."""
    return st.builds(Suggestion, texts(9).filter(bool), texts(9), shares())


def traces() -> st.SearchStrategy[ModelTrace]:
    """Return what a model was asked and what that cost."""
    counts = st.integers(0, 100_000)
    usage = st.builds(ModelUsage, counts, counts, counts, counts, st.none() | shares())
    absent = st.none()
    return st.builds(
        ModelTrace, texts(9), texts(9), texts(9), usage, absent | texts(9), absent | shares()
    )


@st.composite
def silent_pages(draw: st.DrawFn, numbers: st.SearchStrategy[int]) -> PageResult:
    """Return a page that does not vote."""
    outcome = draw(st.sampled_from(SILENT))
    failure = draw(failures()) if outcome is Outcome.FAILED else None
    return PageResult(draw(numbers), outcome, failure=failure)


def pages(numbers: st.SearchStrategy[int] | None = None) -> st.SearchStrategy[PageResult]:
    """Return any page result."""
    where = st.integers(1, 10_000) if numbers is None else numbers
    labels = st.builds(chosen, where, st.none() | st.integers(0, 2))
    return scored_pages(where) | silent_pages(where) | labels


def documents(most: int = 10) -> st.SearchStrategy[list[PageResult]]:
    """Return the pages of a document, each once, in any order."""
    weight = st.integers(1, 100)
    seeds = st.tuples(st.integers(1, 30), st.sampled_from((None, *SILENT)), weight, weight, weight)
    return st.lists(seeds.map(_grown), max_size=most, unique_by=lambda page: page.page)


def _grown(seed: tuple[int, Outcome | None, int, int, int]) -> PageResult:
    number, outcome, *weights = seed
    if outcome:
        return silent(number, outcome)
    first, second, third = (each / sum(weights) for each in weights)
    marks = [CriterionMark(each % 2 == 0, 0.75) for each in weights]
    rows = (tuple(marks[:2]), (), tuple(marks[2:]))
    no_match = first / 2
    scores = (first - no_match, second, third)
    traits = PageTraits(595, 842, 90, number=1 + number % 3, lines=bytes([0, 0, 0, weights[0] % 3]))
    return PageResult(number, Outcome.MATCHED, scores, rows, no_match_score=no_match, traits=traits)
