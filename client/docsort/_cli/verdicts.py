"""How criteria read for people: of the document, or of each segment, with the pages that tell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple, TypeAlias

from docsort._cli.texts import number, printable, run
from docsort._enums import Verdict
from docsort._models import ClassificationResult
from docsort._parts import CriterionConfidence, Segment

_NO_CONFIDENCE: Final = -1.0


class _Said(NamedTuple):
    """What a page says of a criterion."""

    page: int
    verdict: Verdict
    confidence: float | None


# What each page says, by category and criterion.
_Pages: TypeAlias = Mapping[int, Mapping[tuple[str, str], _Said]]


def criteria(result: ClassificationResult) -> Iterator[str]:
    """Yield a line for each criterion of the answer's category, of a packet for each segment's.

    What a document of several parts meets is met by one of them, which need not be the one that
    gave it its category.
    """
    pages = _counted(result)
    if len(result.segments) > 1 and any(each.criteria_confidence for each in result.segments):
        for segment in result.segments:
            yield from _of_segment(segment, pages)
        return
    for entry in result.response_confidence.categories if result.response_confidence else ():
        if entry.category == result.classification:
            paged = result.total_pages > 1
            for item in entry.criteria_confidence:
                yield _line(item, _said(pages.values(), entry.category, item), paged=paged)


def _of_segment(segment: Segment, pages: _Pages) -> Iterator[str]:
    numbers = range(segment.first_page, segment.last_page + 1)
    inside = [pages[number] for number in numbers if number in pages]
    where = run(segment)
    for item in segment.criteria_confidence:
        said = _said(inside, segment.classification or "", item)
        yield f"{where:<9} {_line(item, said, paged=len(numbers) > 1)}"
        where = ""


def _line(item: CriterionConfidence, said: Sequence[_Said], *, paged: bool) -> str:
    """Return the verdict, its confidence, the criterion, and the page that tells it."""
    verdict = "met" if item.confidence is Verdict.MET else "not met"
    told = _telling(item.confidence, said)
    confidence = number(told.confidence) if told else "-"
    where = f" (page {told.page})" if told and paged else ""
    return f"{verdict:<7} {confidence:<5} {printable(item.criterion)}{where}"


def _telling(verdict: Verdict, said: Sequence[_Said]) -> _Said | None:
    """Return what tells a verdict on several pages: the surest page that has it.

    Where no page meets a criterion the one that is least sure tells how much that is to be doubted.
    """
    agreeing = [each for each in said if each.verdict is verdict]
    if verdict is not Verdict.MET and len(agreeing) == len(said):
        return min(agreeing, key=_strength, default=None)
    return max(agreeing, key=_strength, default=None)


def _strength(said: _Said) -> float:
    return _NO_CONFIDENCE if said.confidence is None else said.confidence


def _said(
    pages: Iterable[Mapping[tuple[str, str], _Said]], category: str, item: CriterionConfidence
) -> list[_Said]:
    place = category, item.criterion
    return [page[place] for page in pages if place in page]


def _counted(result: ClassificationResult) -> _Pages:
    """Return what the pages say that count, in their order; all where no weights are told."""
    told = result.aggregation.pages if result.aggregation else ()
    silent = {each.page for each in told if not each.weight}
    return {
        page.page: {
            (item.category, item.criterion): _Said(page.page, item.verdict, item.confidence)
            for item in page.criteria
        }
        for page in sorted(result.page_results, key=lambda each: each.page)
        if page.page not in silent
    }
