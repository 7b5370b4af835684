"""One number that makes confidence honest: it divides the logarithms of a page's scores.

Every document has the same say, however many pages it has. The errors reported are of documents
that the temperature was not fitted on: families are kept on one side of each split.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from docsort._evaluate import libraries
from docsort._evaluate.calibration import expected_calibration_error
from docsort._evaluate.choice import BLANK
from docsort._evaluate.estimate import Floats
from docsort._evaluate.graded import Graded
from docsort._evaluate.labels import LabelsError

# The embedded engine's name.
LOCAL: Final = "local"
# What the server takes.
LEAST: Final = 0.05
MOST: Final = 20.0
_FLOOR: Final = 1e-6
_FOLDS: Final = 5
_LEAST_PAGES: Final = 10
_FEW_PAGES: Final = 100


@dataclass(frozen=True, slots=True)
class Fit:
    """Hold a temperature for a model as a backend serves it, and what it is worth.

    Errors are expected calibration errors of pages; `before` is without any temperature, `after`
    with one fitted on other families. So are the Brier scores.
    """

    backend: str
    model: str
    temperature: float
    pages: int
    documents: int
    families: int
    before: float
    after: float
    brier_before: float
    brier_after: float

    def lines(self) -> Iterator[str]:
        """Yield what to tell people."""
        yield f"{self.backend}, {self.model}"
        sure = "more sure than it is right" if self.temperature > 1 else "less sure than it may be"
        yield f"  temperature         {self.temperature:.3f}: it is {sure}"
        yield f"  calibration error   {self.before:.3f} before, {self.after:.3f} after"
        yield f"  Brier score         {self.brier_before:.3f} before, {self.brier_after:.3f} after"
        yield (
            f"  fitted on           {self.pages} pages of {self.documents} documents in "
            f"{self.families} families; errors are of families left out"
        )
        if self.backend == LOCAL:
            yield "  The embedded engine reads no calibration file: this tells how honest it is."
            yield "  The file has this fit for the record: no server makes anything of it."
        if worse := self._worse():
            advice = "" if self.backend == LOCAL else ": leave it away"
            yield f"  It does not help the {worse} of documents left out{advice}."
        if self.pages < _FEW_PAGES:
            yield f"  Few pages: with {_FEW_PAGES} or more the number is worth more."

    def _worse(self) -> str:
        errors = {
            "calibration error": (self.before, self.after),
            "Brier score": (self.brier_before, self.brier_after),
        }
        return " and ".join(name for name, (before, after) in errors.items() if after >= before)

    def plain(self) -> dict[str, Any]:
        """Return it as JSON has it."""
        return {name: getattr(self, name) for name in self.__slots__}


@dataclass(frozen=True, slots=True)
class _Page:
    scores: tuple[float, ...]
    truth: int
    family: str
    document: str


def fit_all(graded: Iterable[Graded]) -> list[Fit]:
    """Return a fit for each backend and model that answered enough pages. Raises LabelsError."""
    parted: dict[tuple[str, str], list[_Page]] = {}
    for each in graded:
        made_by = each.answer.made_by or {}
        if made_by.get("calibration"):
            raise LabelsError(
                f"the server already uses the calibration '{made_by['calibration']}': start it "
                "without one to fit another"
            )
        for backend, page in _pages(each):
            key = (backend or made_by.get("engine", ""), made_by.get("model", ""))
            parted.setdefault(key, []).append(page)
    found = [fit(*key, pages) for key, pages in parted.items() if len(pages) >= _LEAST_PAGES]
    if not found:
        most = max(map(len, parted.values()), default=0)
        raise LabelsError(
            f"{most} pages have scores and a known class; at least {_LEAST_PAGES} are needed. An "
            "engine without confidence cannot be calibrated"
        )
    return found


def fit(backend: str, model: str, pages: Sequence[_Page]) -> Fit:
    """Return the fit on all pages, with its errors out of sample. Raises LabelsError."""
    logs = np.log(np.maximum(np.asarray([page.scores for page in pages]), _FLOOR))
    truth = np.asarray([page.truth for page in pages])
    families = [page.family for page in pages]
    folds = min(_FOLDS, len(set(families)))
    if folds < 2:
        raise LabelsError("all documents are of one family: there is none left to try a fit on")
    weights = _weights(pages)
    cooled = np.zeros_like(logs)
    splitter = libraries.family_folds(folds)
    for fitted, tried in splitter.split(logs, groups=families):
        found = _temperature(logs[fitted], truth[fitted], weights[fitted])
        cooled[tried] = _softmax(logs[tried], found)
    metrics = libraries.scores()
    before, right = _top(_softmax(logs, 1.0), truth)
    after, _ = _top(cooled, truth)
    return Fit(
        backend,
        model,
        round(_temperature(logs, truth, weights), 4),
        len(pages),
        len({page.document for page in pages}),
        len(set(families)),
        round(expected_calibration_error(before, right), 6),
        round(expected_calibration_error(after, right), 6),
        round(float(metrics.brier_score_loss(right, before, pos_label=1)), 6),
        round(float(metrics.brier_score_loss(right, after, pos_label=1)), 6),
    )


def _pages(each: Graded) -> Iterator[tuple[str, _Page]]:
    """Yield pages with scores and a truth, with the backend that answered."""
    kinds = [*(each.choice.classes[category.name] for category in each.choice.categories)]
    kinds.append(each.choice.reject)
    for page in each.answer.pages:
        told = each.truth.label or each.truth.pages.get(page.page)
        label = each.choice.class_of(told) if told else None
        unsure = page.page in each.truth.unsure
        if label is None or label == BLANK or unsure or not page.scores:
            continue
        scores = (*page.scores, page.no_match_score or 0.0)
        yield page.engine, _Page(scores, kinds.index(label), each.truth.family, each.truth.name)


def _weights(pages: Sequence[_Page]) -> Floats:
    """Return one part in a document's number of pages for each."""
    documents = [page.document for page in pages]
    counts = {name: documents.count(name) for name in set(documents)}
    return np.asarray([1.0 / counts[name] for name in documents])


def _temperature(logs: Floats, truth: npt.NDArray[np.intp], weights: Floats) -> float:
    """Return the temperature at which the truth is likeliest."""

    def loss(log_temperature: float) -> float:
        chances = _softmax(logs, float(np.exp(log_temperature)))
        picked = np.maximum(chances[np.arange(len(truth)), truth], 1e-300)
        return float(-(weights * np.log(picked)).sum() / weights.sum())

    bounds = (np.log(LEAST), np.log(MOST))
    found = libraries.optimize().minimize_scalar(loss, bounds=bounds, method="bounded")
    return float(np.exp(found.x))


def _softmax(logs: Floats, temperature: float) -> Floats:
    chances: Floats = libraries.special().softmax(logs / temperature, axis=1)
    return chances


def _top(chances: Floats, truth: npt.NDArray[np.intp]) -> tuple[Floats, Floats]:
    """Return the confidence in the best category, none-of-these left out, and if it is true."""
    named = chances[:, :-1]
    return named.max(axis=1), (named.argmax(axis=1) == truth).astype(np.float64)
