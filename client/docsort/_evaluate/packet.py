"""How well packets are taken apart: right pages, right borders, too many or too few parts."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from docsort._evaluate.choice import BLANK
from docsort._evaluate.estimate import Estimate, Floats, Resampler, doubted, share
from docsort._evaluate.graded import Graded, families, labelled, packets


@dataclass(frozen=True, slots=True)
class PacketFigures:
    """Hold the figures of packets.

    `page_accuracy` is of pages alone, as they were streamed, `revised_accuracy` of pages among
    their neighbours. Borders are the first pages of all parts but the first, which is no
    achievement. A part is right when both of its ends and its class are. `parts` counts those
    found, `true_parts` those there are.
    """

    packets: int
    page_accuracy: Estimate
    revised_accuracy: Estimate
    border_precision: Estimate
    border_recall: Estimate
    border_f1: Estimate
    part_precision: Estimate
    part_recall: Estimate
    parts: int
    true_parts: int
    over_split: Estimate
    under_split: Estimate


def packet_figures(graded: Sequence[Graded]) -> PacketFigures | None:
    """Return the figures; None where there are no packets. Intervals draw whole packets."""
    found = packets(graded)
    if not found:
        return None
    borders = [(_borders(each), _true_borders(each)) for each in found]
    parts = [(_parts(each), _true_parts(each)) for each in found]
    resampler = Resampler(families(found))
    hits, said, there = _counts(borders)
    part_hits, parts_said, parts_there = _counts(parts)
    right, pages = _pages(found, right_pages)
    revised, _ = _pages(found, right_revised)
    return PacketFigures(
        packets=len(found),
        page_accuracy=rate(resampler, right, pages),
        revised_accuracy=rate(resampler, revised, pages),
        border_precision=rate(resampler, hits, said),
        border_recall=rate(resampler, hits, there),
        border_f1=rate(resampler, 2 * hits, said + there),
        part_precision=rate(resampler, part_hits, parts_said),
        part_recall=rate(resampler, part_hits, parts_there),
        parts=int(parts_said.sum()),
        true_parts=int(parts_there.sum()),
        over_split=resampler.share([bool(a > b) for a, b in zip(said, there, strict=True)]),
        under_split=resampler.share([bool(a < b) for a, b in zip(said, there, strict=True)]),
    )


def split_singles(graded: Sequence[Graded]) -> Estimate:
    """Return how many documents of one class were split into more than one part."""
    single = [each for each in labelled(graded) if not each.answer.failed]
    return share([len(each.answer.parts) > 1 for each in single], families(single))


def right_pages(each: Graded) -> tuple[int, int]:
    """Return how many pages of a packet are right alone, and how many have a certain truth."""
    said, known = said_pages(each), known_pages(each)
    return sum(said.get(page) == label for page, label in known.items()), len(known)


def right_revised(each: Graded) -> tuple[int, int]:
    """Return how many pages are right among their neighbours, and how many have a certain truth.

    A page that is blank in truth is right where it was found blank: its neighbours tell whose back
    it is.
    """
    alone, known = said_pages(each), known_pages(each)
    said = alone | {page.page: each.page_class(page) for page in each.answer.revised}
    right = (
        (alone if label == BLANK else said).get(page) == label for page, label in known.items()
    )
    return sum(right), len(known)


def said_pages(each: Graded) -> dict[int, str]:
    """Return the class that was answered for each page."""
    return {page.page: each.page_class(page) for page in each.answer.pages}


def known_pages(each: Graded) -> dict[int, str]:
    """Return the true class of each page that has a certain one."""
    return {
        page: each.choice.class_of(label) or label
        for page, label in each.truth.pages.items()
        if page not in each.truth.unsure
    }


def rate(resampler: Resampler, part: Floats, whole: Floats) -> Estimate:
    """Return which part one sum is of another, as `ratio` has them."""
    return doubted(ratio(resampler, part, whole), resampler.families_of(list(whole > 0)))


def ratio(resampler: Resampler, part: Floats, whole: Floats) -> Estimate:
    """Return one sum in another, a term a packet; `n` is what is counted, not the packets."""

    def statistic(weights: Floats) -> Floats:
        of = weights @ whole
        rates: Floats = np.divide(weights @ part, of, out=np.full(len(of), np.nan), where=of > 0)
        return rates

    found = resampler.estimate(statistic)
    return Estimate(found.value, found.low, found.high, int(whole.sum()))


def _pages(
    found: Sequence[Graded], count: Callable[[Graded], tuple[int, int]]
) -> tuple[Floats, Floats]:
    counts = np.asarray([count(each) for each in found], dtype=np.float64)
    return counts[:, 0], counts[:, 1]


def _borders(each: Graded) -> set[object]:
    return {part.first for part in each.answer.parts[1:]}


def _true_borders(each: Graded) -> set[object]:
    return {part.first for part in each.truth.parts[1:]}


def _parts(each: Graded) -> set[object]:
    classes, reject = each.choice.classes, each.choice.reject
    return {
        (part.first, part.last, classes.get(part.category or "", reject))
        for part in each.answer.parts
    }


def _true_parts(each: Graded) -> set[object]:
    return {(part.first, part.last, each.choice.class_of(part.label)) for part in each.truth.parts}


def _counts(pairs: Sequence[tuple[set[object], set[object]]]) -> tuple[Floats, Floats, Floats]:
    counts = [(len(said & there), len(said), len(there)) for said, there in pairs]
    table = np.asarray(counts, dtype=np.float64)
    return table[:, 0], table[:, 1], table[:, 2]
