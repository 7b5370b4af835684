"""Several runs' answers together, such as for the same documents under other wordings."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from docsort import __version__
from docsort._evaluate.graded import Graded
from docsort._evaluate.labels import LabelsError, Truth
from docsort._evaluate.record import Earlier, made_by

FORMAT: Final = "docsort-pool"
VERSION: Final = 1
# The column by which figures are split, and the word for what is counted.
RUN: Final = "run"
UNIT: Final = "answers"


@dataclass(frozen=True, slots=True)
class Pool:
    """Hold runs with what of them is judged: the answers for documents of one class.

    A document has one family in all runs, since its answers are no independent evidence. Packets
    are left out: a run does not hold what is true of their pages.
    """

    runs: tuple[Earlier, ...]
    graded: tuple[Graded, ...]

    @property
    def packets(self) -> int:
        """How many packets were left out."""
        return sum(each.truth is None for run in self.runs for each in run.judged.values())

    def repeated(self) -> Iterator[tuple[str, str]]:
        """Yield the names of runs that asked the same of the same engine: one tells as much."""
        seen: dict[str, str] = {}
        for run in self.runs:
            key = repr((run.labels, run.question, run.made_by))
            if key in seen:
                yield seen[key], run.name
            seen.setdefault(key, run.name)


def pool(runs: Sequence[Earlier]) -> Pool:
    """Return the runs' answers together. Raises LabelsError where there are none."""
    graded = tuple(each for run in runs for each in _graded(run))
    if not graded:
        raise LabelsError("the runs have no document with one class: there is nothing to pool")
    return Pool(tuple(runs), graded)


def compose(pooled: Pool, created: datetime) -> dict[str, Any]:
    """Return what a pool's file holds without its figures."""
    return {
        "format": FORMAT,
        "version": VERSION,
        "docsort": __version__,
        "labels": ", ".join(dict.fromkeys(run.labels for run in pooled.runs)),
        "created": created.isoformat(timespec="seconds"),
        "runs": [_run(run) for run in pooled.runs],
        "question": None,
        "made_by": made_by(pooled.graded),
        "documents": [_document(each) for each in pooled.graded],
    }


def _graded(run: Earlier) -> Iterator[Graded]:
    for name, judged in run.judged.items():
        if judged.truth is None:
            continue
        truth = Truth(
            f"{run.name}: {name}",
            Path(name),
            judged.truth,
            judged.family or name,
            {**judged.columns, RUN: run.name},
        )
        yield Graded(truth, run.answers[name], run.choice)


def _run(run: Earlier) -> dict[str, Any]:
    return {
        "name": run.name,
        "labels": run.labels,
        "created": run.created,
        "question": run.question,
        "made_by": run.made_by,
    }


def _document(each: Graded) -> dict[str, Any]:
    return {
        "run": each.truth.columns[RUN],
        "path": str(each.truth.path),
        "truth": each.label,
        "answer": each.chosen,
        "right": each.right,
        "family": each.truth.family,
        "confidence": each.answer.confidence,
        "outcome": each.answer.outcome,
    }
