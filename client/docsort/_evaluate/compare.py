"""What changed between two runs, document by document."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from docsort._evaluate import libraries
from docsort._evaluate.compare_packets import PacketComparison, compare_packets
from docsort._evaluate.estimate import Estimate, Resampler
from docsort._evaluate.graded import Graded, families, labelled
from docsort._evaluate.record import Earlier, Judged


@dataclass(frozen=True, slots=True)
class Change:
    """Name a document whose answer is another one now, with both confidences."""

    path: str
    truth: str
    before: str
    after: str
    confidence_before: float | None
    confidence_after: float | None
    outcome_before: str
    outcome_after: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """Compare documents of one class that both runs have, by their present truth.

    `difference` is that of accuracy, now less then, with an interval of pairs. `chance` is how
    likely at least as uneven a number of mended and broken documents is if neither run is better
    (McNemar's exact test). `new` and `gone` are documents of only one run.
    """

    name: str
    created: str
    accuracy_before: Estimate
    difference: Estimate
    chance: float
    mended: tuple[Change, ...]
    broken: tuple[Change, ...]
    other: tuple[Change, ...]
    new: tuple[str, ...]
    gone: tuple[str, ...]
    same_question: bool
    packets: PacketComparison | None = None


def compare(graded: Sequence[Graded], earlier: Earlier, *, same_question: bool) -> Comparison:
    """Return what changed since an earlier run."""
    documents = labelled(graded)
    both = [each for each in documents if each.truth.name in earlier.judged]
    before = [earlier.judged[each.truth.name].answer == each.label for each in both]
    after = [each.right for each in both]
    resampler = Resampler(families(both))
    steps = np.asarray(after, dtype=np.float64) - np.asarray(before, dtype=np.float64)
    mended = [each for each, was in zip(both, before, strict=True) if each.right and not was]
    broken = [each for each, was in zip(both, before, strict=True) if was and not each.right]
    names = {each.truth.name for each in graded}
    return Comparison(
        name=earlier.name,
        created=earlier.created,
        accuracy_before=resampler.share(before),
        difference=resampler.estimate(lambda weights: weights @ steps / weights.sum(axis=1)),
        chance=_chance(len(mended), len(broken)),
        mended=_changes(mended, earlier),
        broken=_changes(broken, earlier),
        other=_changes(_other(both, before, earlier), earlier),
        new=tuple(sorted(names - set(earlier.judged))),
        gone=tuple(sorted(set(earlier.judged) - names)),
        same_question=same_question,
        packets=compare_packets(graded, earlier),
    )


def _other(both: Sequence[Graded], before: Sequence[bool], earlier: Earlier) -> list[Graded]:
    return [
        each
        for each, was in zip(both, before, strict=True)
        if not was and not each.right and earlier.judged[each.truth.name].answer != each.chosen
    ]


def _chance(mended: int, broken: int) -> float:
    if not mended + broken:
        return 1.0
    return float(libraries.exact_test(mended, mended + broken).pvalue)


def _changes(documents: Sequence[Graded], earlier: Earlier) -> tuple[Change, ...]:
    return tuple(_change(each, earlier.judged[each.truth.name]) for each in documents)


def _change(each: Graded, was: Judged) -> Change:
    return Change(
        path=each.truth.name,
        truth=each.label or "",
        before=was.answer,
        after=each.chosen,
        confidence_before=was.confidence,
        confidence_after=each.answer.confidence,
        outcome_before=was.outcome,
        outcome_after=each.answer.outcome,
    )
