"""What changed between two runs in packets, page by page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from docsort._evaluate.estimate import Estimate, Floats, Resampler
from docsort._evaluate.graded import NO_ANSWER, Graded, families, packets
from docsort._evaluate.packet import known_pages, packet_figures, ratio, right_pages, said_pages
from docsort._evaluate.record import Earlier


@dataclass(frozen=True, slots=True)
class PageChange:
    """Name a page of a packet whose class is another one now."""

    path: str
    page: int
    truth: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PacketComparison:
    """Compare the pages of packets that both runs have, by their present truth.

    `difference` is that of right pages, now less then; its interval draws packets as a whole, in
    pairs. Pages of one packet are no independent evidence, so there is no test that counts them.
    """

    packets: int
    accuracy_before: Estimate
    difference: Estimate
    border_f1_before: Estimate
    border_f1: Estimate
    mended: tuple[PageChange, ...]
    broken: tuple[PageChange, ...]
    other: tuple[PageChange, ...]


def compare_packets(graded: Sequence[Graded], earlier: Earlier) -> PacketComparison | None:
    """Return what changed since an earlier run; None where no packet is in both."""
    now = [each for each in packets(graded) if each.truth.name in earlier.answers]
    # Answers are meant in the classes that their own run's categories stood for.
    before = [Graded(each.truth, earlier.answers[each.truth.name], earlier.choice) for each in now]
    figures, figures_before = packet_figures(now), packet_figures(before)
    if figures is None or figures_before is None:
        return None
    changes = [
        change for then, each in zip(before, now, strict=True) for change in _changes(then, each)
    ]
    right, was_right = _counts(now), _counts(before)
    return PacketComparison(
        packets=len(now),
        accuracy_before=figures_before.page_accuracy,
        difference=ratio(Resampler(families(now)), right[:, 0] - was_right[:, 0], right[:, 1]),
        border_f1_before=figures_before.border_f1,
        border_f1=figures.border_f1,
        mended=tuple(each for each in changes if each.after == each.truth),
        broken=tuple(each for each in changes if each.before == each.truth),
        other=tuple(each for each in changes if each.truth not in (each.before, each.after)),
    )


def _changes(then: Graded, now: Graded) -> Iterator[PageChange]:
    before, after = said_pages(then), said_pages(now)
    for page, truth in known_pages(now).items():
        said, says = before.get(page, NO_ANSWER), after.get(page, NO_ANSWER)
        if said != says:
            yield PageChange(now.truth.name, page, truth, said, says)


def _counts(side: Sequence[Graded]) -> Floats:
    """Return right and known pages, a row a packet."""
    return np.asarray([right_pages(each) for each in side], dtype=np.float64)
