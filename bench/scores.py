"""How right the answers for a folder are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.truth import REJECT
from docsort import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bench.batch import Answer
    from bench.truth import Item
    from docsort import ClassificationResult, PageResult


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    right: int
    of: int

    def __str__(self) -> str:
        """Return both numbers and the share."""
        return f"{self.right}/{self.of}" + (f" = {self.right / self.of:.3f}" if self.of else "")


@dataclass(frozen=True, slots=True)
class Graded:
    """One document's answer beside its truth; `classes` turns category names into classes."""

    item: Item
    answer: Answer
    classes: dict[str, str]

    @property
    def result(self) -> ClassificationResult | None:
        """The result, None where the document failed."""
        return self.answer.job.result if self.answer.job else None

    @property
    def chosen(self) -> str | None:
        """The class that was answered; the reject class where nothing fits."""
        return self._class(self.result) if self.result else None

    @property
    def right(self) -> bool:
        """Whether the document's class is the one with the best score, or was rejected rightly."""
        return self.result is not None and self._fits(self.result, self.item.label)

    def right_pages(self, *, text_only: bool = False) -> Share:
        """Count right pages, of those whose truth is certain."""
        known = [(page, label) for page, label in self.item.pages if self._counts(page, text_only)]
        found = self.answer.pages
        right = sum(page in found and self._fits(found[page], label) for page, label in known)
        return Share(right, len(known))

    @property
    def starts(self) -> tuple[int, ...]:
        """The first pages of the segments found."""
        return tuple(each.first_page for each in self.result.segments) if self.result else ()

    def _counts(self, page: int, text_only: bool) -> bool:
        if page in self.item.ambiguous:
            return False
        return not text_only or self.item.text_pages is None or page in self.item.text_pages

    def _fits(self, found: ClassificationResult | PageResult, label: str | None) -> bool:
        if label == REJECT:
            return found.outcome is Outcome.NO_MATCH
        return self.classes.get(found.classification or "") == label

    def _class(self, found: ClassificationResult) -> str | None:
        if found.outcome is Outcome.NO_MATCH:
            return REJECT
        return self.classes.get(found.classification or "")


def share(flags: Iterable[bool]) -> Share:
    """Count the true ones."""
    values = list(flags)
    return Share(sum(values), len(values))


def total(shares: Iterable[Share]) -> Share:
    """Add shares up."""
    values = list(shares)
    return Share(sum(each.right for each in values), sum(each.of for each in values))


def summary(graded: Sequence[Graded]) -> dict[str, Any]:
    """Return every figure of a folder: shares, numbers and counts by kind."""
    answers = [each.answer for each in graded]
    told: dict[str, Any] = {
        "documents": len(graded),
        "pages": sum(len(answer.pages) for answer in answers),
        "complete": share(answer.whole for answer in answers),
        "outcomes": dict(Counter(answer.kind for answer in answers).most_common()),
        "failed pages": dict(_page_failures(answers)),
    }
    labelled = [each for each in graded if each.item.label is not None]
    packets = [each for each in graded if each.item.label is None]
    return (
        told
        | (_of_labelled(labelled) if labelled else {})
        | (_of_packets(packets) if packets else {})
    )


def _of_labelled(graded: Sequence[Graded]) -> dict[str, Any]:
    text = [each for each in graded if each.item.text]
    rejects = [each for each in text if each.item.label == REJECT]
    named = [each for each in text if each.item.label != REJECT]
    return {
        "accuracy": share(each.right for each in graded),
        "accuracy with text layer": share(each.right for each in text),
        "  of documents of a category": share(each.right for each in named),
        "  of documents of none": share(each.right for each in rejects),
        "matched and right": share(each.right for each in text if _kind(each) == "matched"),
        "ambiguous and right": share(each.right for each in text if _kind(each) == "ambiguous"),
        "rejected wrongly": share(_kind(each) == "no_match" for each in named),
    }


def _of_packets(graded: Sequence[Graded]) -> dict[str, Any]:
    true = {each.item.path: set(each.item.starts) for each in graded}
    return {
        "page accuracy": total(each.right_pages() for each in graded),
        "page accuracy with text layer": total(each.right_pages(text_only=True) for each in graded),
        "parts found": Share(
            sum(len(each.starts) for each in graded), sum(map(len, true.values()))
        ),
        "packets with the right number": share(
            len(each.starts) == len(true[each.item.path]) for each in graded
        ),
        "true first pages found": Share(
            sum(len(true[each.item.path] & set(each.starts)) for each in graded),
            sum(map(len, true.values())),
        ),
    }


def _kind(each: Graded) -> str:
    return each.answer.kind


def _page_failures(answers: Iterable[Answer]) -> Counter[str]:
    pages = (page for answer in answers for page in answer.failed_pages)
    return Counter(str(page.failure.reason) if page.failure else "unnamed" for page in pages)
