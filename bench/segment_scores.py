"""How right the parts are that packets were taken into."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bench.scores import Share, share, total
from bench.truth import REJECT
from docsort import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from bench.batch import Answer
    from bench.truth import Item
    from docsort import PageResult, RevisedPage, Segment


@dataclass(frozen=True, slots=True)
class Parted:
    """A document's parts beside its truth; `classes` turns category names into classes."""

    item: Item
    answer: Answer
    classes: dict[str, str]

    @property
    def failed(self) -> bool:
        """Whether there is no result."""
        return self.answer.job is None or self.answer.job.result is None

    @property
    def segments(self) -> Sequence[Segment]:
        """The parts found."""
        result = self.answer.job.result if self.answer.job else None
        return result.segments if result else ()

    @property
    def borders(self) -> set[int]:
        """The first pages of all parts found but the first, which is no achievement."""
        return {each.first_page for each in self.segments[1:]}

    @property
    def true_borders(self) -> set[int]:
        """The first pages of all parts there are but the first."""
        return set(self.item.starts[1:])

    def right_pages(self) -> Share:
        """Count pages whose own class is right."""
        return self._right(dict(self._of_pages()))

    def right_among_neighbours(self) -> Share:
        """Count pages whose class is right once their neighbours have had their say."""
        return self._right(dict(self._of_pages()) | dict(self._of_revised()))

    def right_by_part(self) -> Share:
        """Count pages whose part's class is theirs."""
        return self._right(dict(self._of_parts()))

    def _right(self, found: Mapping[int, str | None]) -> Share:
        known = [pair for pair in self.item.pages if pair[0] not in self.item.ambiguous]
        return share(found.get(page) == label for page, label in known)

    def _of_pages(self) -> Iterator[tuple[int, str | None]]:
        for number, page in self.answer.pages.items():
            yield number, self._class(page)

    def _of_revised(self) -> Iterator[tuple[int, str | None]]:
        result = self.answer.job.result if self.answer.job else None
        for page in result.revised_pages if result else ():
            yield page.page, self._class(page)

    def _of_parts(self) -> Iterator[tuple[int, str | None]]:
        for part in self.segments:
            for number in range(part.first_page, part.last_page + 1):
                yield number, self._class(part)

    def _class(self, found: PageResult | RevisedPage | Segment) -> str | None:
        rejected = found.outcome is Outcome.NO_MATCH
        return REJECT if rejected else self.classes.get(found.classification or "")


def report(name: str, parted: Sequence[Parted]) -> str:
    """Return the figures of single documents or of packets, as text."""
    failed = sum(each.failed for each in parted)
    lines = [f"{name}: {len(parted)}" + (f", {failed} without a result" if failed else "")]
    packets = [each for each in parted if each.item.starts]
    if packets:
        lines += _of_packets(packets)
    else:
        several = [each for each in parted if len(each.answer.pages) > 1]
        lines += [
            _line("split", share(bool(each.borders) for each in parted)),
            _line("split, of several pages", share(bool(each.borders) for each in several)),
        ]
    return "\n".join(lines)


def _of_packets(packets: Sequence[Parted]) -> Iterator[str]:
    hits = sum(len(each.borders & each.true_borders) for each in packets)
    said = sum(len(each.borders) for each in packets)
    there = sum(len(each.true_borders) for each in packets)
    yield _line("page accuracy, alone", total(each.right_pages() for each in packets))
    yield _line("  among neighbours", total(each.right_among_neighbours() for each in packets))
    yield _line("  by parts", total(each.right_by_part() for each in packets))
    yield _line("border precision", Share(hits, said))
    yield _line("border recall", Share(hits, there))
    yield _line("border F1", Share(2 * hits, said + there))


def _line(name: str, value: Share) -> str:
    return f"  {name:26} {value}"
