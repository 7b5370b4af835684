"""Where a document's answer comes from: a fold over what its pages tell of that."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, TypeVar

from docsort_server.engine.model import ConfidenceSource, ModelUsage
from docsort_server.engine.result import ModelSummary

if TYPE_CHECKING:
    from docsort_server.engine.model import Fallback
    from docsort_server.engine.result import PageResult

_Key = TypeVar("_Key")


class Sources:
    """Count how pages got their answers: the document's are named after most of them.

    `cached` is how many of them were used again, `unfamiliar` holds the indices of the categories
    that an engine which answered knows nothing like.
    """

    def __init__(self) -> None:
        self._confidences: Counter[ConfidenceSource] = Counter()
        self._manners: Counter[tuple[str, str, str | None]] = Counter()
        self._usage = ModelUsage()
        self._fallbacks: Counter[Fallback] = Counter()
        self.cached = 0
        self.unfamiliar: set[int] = set()

    def add(self, page: PageResult) -> None:
        """Count a page."""
        if page.confidence_source:
            self._confidences[page.confidence_source] += 1
        self.cached += page.cached
        self.unfamiliar.update(page.unfamiliar)
        if page.fallback:
            self._fallbacks[page.fallback] += 1
        if trace := page.trace:
            self._manners[trace.model, trace.rung, trace.calibration] += 1
            self._usage = self._usage.plus(trace.usage)

    @property
    def confidence(self) -> ConfidenceSource | None:
        """Where most confidences come from; None without any."""
        return _most(self._confidences) if self._confidences else None

    @property
    def local(self) -> int:
        """How many pages the embedded engine answered."""
        return self._confidences[ConfidenceSource.LOCAL_MODEL]

    def fallbacks(self, reason: Fallback) -> int:
        """Return how many pages another engine answered for a reason."""
        return self._fallbacks[reason]

    def models(self) -> ModelSummary | None:
        """Return what was asked of models; None where nothing was."""
        if not self._manners:
            return None
        model, rung, calibration = _most(self._manners)
        return ModelSummary(self._usage, model, rung, calibration)


def _most(counts: Counter[_Key]) -> _Key:
    """Return the most frequent; of equals the same one whatever came first."""
    return min(counts, key=lambda each: (-counts[each], repr(each)))
