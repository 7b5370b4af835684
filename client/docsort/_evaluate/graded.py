"""One document's answer beside its truth."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from docsort._enums import Outcome
from docsort._evaluate.answer import Answer, PageAnswer, RevisedAnswer
from docsort._evaluate.choice import BLANK, Choice
from docsort._evaluate.labels import Truth

# Stands where a document has no class, in tables of answers.
NO_ANSWER: Final = "(no answer)"
_WITHOUT_CLASS: Final = {Outcome.BLANK, Outcome.UNREADABLE, Outcome.FAILED}


@dataclass(frozen=True, slots=True)
class Graded:
    """Judge one document; classes are those of the truth, never the names of categories."""

    truth: Truth
    answer: Answer
    choice: Choice

    @property
    def label(self) -> str | None:
        """The true class; None for a packet."""
        return self.choice.class_of(self.truth.label) if self.truth.label else None

    @property
    def chosen(self) -> str:
        """The class that was answered; the reject class where none fits."""
        if self.answer.failed:
            return NO_ANSWER
        return self._class(self.answer.category, self.answer.outcome)

    @property
    def nearest(self) -> str | None:
        """The class with the best score, whatever the outcome says of it."""
        return self.choice.classes.get(self.answer.category or "")

    @property
    def right(self) -> bool:
        """Whether the answer is the truth: the category, or for the reject class NO_MATCH."""
        return self.chosen == self.label

    @property
    def rejected(self) -> bool:
        """Whether the answer is that none of the categories fits."""
        return self.answer.outcome == Outcome.NO_MATCH

    @property
    def to_reject(self) -> bool:
        """Whether the truth is that none of the categories fits."""
        return self.label == self.choice.reject

    @property
    def score(self) -> float | None:
        """The confidence by which the document may go through unseen; None where it may not."""
        return self.answer.confidence if self.answer.outcome == Outcome.MATCHED else None

    @property
    def sureness(self) -> float:
        """How sure the answer is, whatever it is; -1 where nothing tells."""
        sure = self.answer.no_match_score if self.rejected else self.answer.confidence
        return -1.0 if sure is None else sure

    def page_class(self, page: PageAnswer | RevisedAnswer) -> str:
        """Return the class that was answered for a page, alone or among its neighbours."""
        if page.outcome == Outcome.BLANK:
            return BLANK
        return self._class(page.category, page.outcome)

    def _class(self, category: str | None, outcome: str) -> str:
        if outcome == Outcome.NO_MATCH:
            return self.choice.reject
        if outcome in _WITHOUT_CLASS:
            return NO_ANSWER
        return self.choice.classes.get(category or "", NO_ANSWER)


def labelled(graded: Iterable[Graded]) -> list[Graded]:
    """Return the documents that have one class."""
    return [each for each in graded if each.truth.label is not None]


def packets(graded: Iterable[Graded]) -> list[Graded]:
    """Return the documents that have a class per page."""
    return [each for each in graded if each.truth.label is None]


def families(graded: Sequence[Graded]) -> list[str]:
    """Return the family of each document."""
    return [each.truth.family for each in graded]
