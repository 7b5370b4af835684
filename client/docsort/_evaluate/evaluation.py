"""All figures of a run."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

from docsort._evaluate.accuracy import (
    ClassFigures,
    Confusion,
    confusion,
    macro_f1,
    per_class,
)
from docsort._evaluate.auto_rate import WISHES, AutoRate, Coverage, Ranking, Review
from docsort._evaluate.calibration import Calibration, calibration
from docsort._evaluate.estimate import Estimate, share
from docsort._evaluate.graded import Graded, families, labelled
from docsort._evaluate.packet import PacketFigures, packet_figures, split_singles

KNOWN: Final = "known"
DEFAULT_SPLITS: Final = ("language", KNOWN)
_SLOWEST: Final = 10


@dataclass(frozen=True, slots=True)
class Slice:
    """Hold the figures of the documents that share a value."""

    value: str
    accuracy: Estimate
    macro_f1: Estimate
    auto: AutoRate


@dataclass(frozen=True, slots=True)
class Cost:
    """Add up what the documents used; `cost` is None where no server knew a price."""

    seconds: float
    pages: int
    model_calls: int
    input_tokens: int
    output_tokens: int
    cached_pages: int
    local_pages: int
    cost: float | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Hold the figures: of documents with one class, unless they are about packets or cost.

    A document that failed is a wrong one. `nearest` is the accuracy of the best category whatever
    the outcome; `rejected_rightly` is of documents that fit none, `rejected_wrongly` of others.
    """

    wish: float
    graded: tuple[Graded, ...]
    auto: AutoRate
    accuracy: Estimate
    macro_f1: Estimate
    nearest: Estimate
    rejected_rightly: Estimate
    rejected_wrongly: Estimate
    calibration: Calibration
    classes: tuple[ClassFigures, ...]
    confusion: Confusion
    thresholds: tuple[AutoRate, ...]
    coverage: tuple[Coverage, ...]
    review: tuple[Review, ...]
    splits: Mapping[str, tuple[Slice, ...]]
    split_singles: Estimate
    packets: PacketFigures | None
    slowest: tuple[Graded, ...]
    cost: Cost
    outcomes: Mapping[str, int]
    failures: Mapping[str, int]
    unit: str


def evaluate(
    graded: Sequence[Graded], wish: float, splits: Sequence[str] = (), unit: str = "documents"
) -> Evaluation:
    """Return all figures; `splits` names further columns of the labels to split by.

    `unit` is the word for what is counted.
    """
    documents = labelled(graded)
    ranking = Ranking(documents)
    true, none = _parted(documents)
    wishes = sorted({*WISHES, wish})
    return Evaluation(
        wish=wish,
        graded=tuple(graded),
        auto=ranking.auto_rate(wish),
        accuracy=_share(documents, lambda each: each.right),
        macro_f1=macro_f1(documents),
        nearest=_share(true, lambda each: each.nearest == each.label),
        rejected_rightly=_share(none, lambda each: each.rejected),
        rejected_wrongly=_share(true, lambda each: each.rejected),
        calibration=calibration_of(documents),
        classes=tuple(per_class(documents)),
        confusion=confusion(documents),
        thresholds=tuple(ranking.auto_rate(each) for each in wishes),
        coverage=tuple(ranking.coverage()),
        review=tuple(ranking.review()),
        splits=_splits(documents, wish, splits),
        split_singles=split_singles(graded),
        packets=packet_figures(graded),
        slowest=tuple(sorted(graded, key=lambda each: -each.answer.seconds)[:_SLOWEST]),
        cost=_cost(graded),
        outcomes=Counter(each.answer.outcome or "none" for each in graded),
        failures=Counter(each.answer.reason for each in graded if each.answer.failed),
        unit=unit,
    )


def calibration_of(documents: Sequence[Graded]) -> Calibration:
    """Return how honest the documents' confidences are, of those that have one."""
    said = [(each, each.answer.confidence) for each in documents]
    known = [(each, confidence) for each, confidence in said if confidence is not None]
    return calibration(
        [confidence for _, confidence in known],
        [each.nearest == each.label for each, _ in known],
        families([each for each, _ in known]),
    )


def _parted(documents: Sequence[Graded]) -> tuple[list[Graded], list[Graded]]:
    true = [each for each in documents if not each.to_reject]
    return true, [each for each in documents if each.to_reject]


def _share(documents: Sequence[Graded], is_so: Callable[[Graded], bool]) -> Estimate:
    return share([is_so(each) for each in documents], families(documents))


def _splits(
    documents: Sequence[Graded], wish: float, more: Sequence[str]
) -> dict[str, tuple[Slice, ...]]:
    """Split by where the text came from and by columns that tell documents apart."""
    found = {"text source": _slices(documents, wish, lambda each: each.answer.text_source)}
    for column in dict.fromkeys((*DEFAULT_SPLITS, *more)):
        if any(each.truth.columns.get(column) for each in documents):
            found[column] = _slices(documents, wish, partial(_in_column, column))
    unfamiliar = {name for each in documents for name in each.answer.unfamiliar}
    if unfamiliar and KNOWN not in found:
        found[KNOWN] = _slices(documents, wish, partial(_by_warning, unfamiliar))
    return {name: slices for name, slices in found.items() if slices}


def _by_warning(unfamiliar: Collection[str], each: Graded) -> str:
    """Tell whether the engine knows a document's class, as the server's warnings have it."""
    names = [name for name, kind in each.choice.classes.items() if kind == each.label]
    if not names:
        return "-"
    return "no" if any(name in unfamiliar for name in names) else "yes"


def _in_column(column: str, each: Graded) -> str:
    return each.truth.columns.get(column) or "-"


def _slices(
    documents: Sequence[Graded], wish: float, value_of: Callable[[Graded], str]
) -> tuple[Slice, ...]:
    values = Counter(value_of(each) for each in documents)
    found = []
    for value, _ in values.most_common():
        inside = [each for each in documents if value_of(each) == value]
        auto = Ranking(inside).auto_rate(wish)
        accuracy = _share(inside, lambda each: each.right)
        found.append(Slice(value, accuracy, macro_f1(inside), auto))
    return tuple(found)


def _cost(graded: Sequence[Graded]) -> Cost:
    spent = [each.answer.spent for each in graded]
    prices = [each.cost for each in spent if each.cost is not None]
    return Cost(
        seconds=round(sum(each.answer.seconds for each in graded), 3),
        pages=sum(each.answer.total_pages for each in graded),
        model_calls=sum(each.model_calls for each in spent),
        input_tokens=sum(each.input_tokens for each in spent),
        output_tokens=sum(each.output_tokens for each in spent),
        cached_pages=sum(each.cached_pages for each in spent),
        local_pages=sum(each.local_pages for each in spent),
        cost=sum(prices) if prices else None,
    )
