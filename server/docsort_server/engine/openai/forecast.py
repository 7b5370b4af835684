"""What a page will cost at a backend, from the words in which it would be asked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.forecast import Bounds, Forecast
from docsort_server.engine.local.legibility import unread
from docsort_server.engine.model import Outcome
from docsort_server.engine.openai.backend import Vision
from docsort_server.engine.openai.prompt import page_text, prompt_of
from docsort_server.engine.openai.request import IMAGE_TOKENS, most_tokens

if TYPE_CHECKING:
    from docsort_server.documents.model import PageContent
    from docsort_server.engine.model import Question
    from docsort_server.engine.openai.answer import Form
    from docsort_server.engine.openai.backend import Backend

# Bytes of text to a token, by common tokenizers: the fewest and the most over many languages.
_FEWEST_BYTES, _MOST_BYTES = 3.0, 5.0
# The shortest answer: braces and the category; then each criterion, and each quote that is empty.
_LEAST_ANSWER, _LEAST_PART = 6, 4

_REPAIRS = "Answers that have to be asked for again, because they have no valid form, come on top."
_CACHED = "Pages that a model answered before, with the same categories, cost nothing again."
_VOTES = "Whether the model is asked {votes} times a page shows with its first answer."


class ModelForecaster:
    """Forecast for one backend; `cached` tells that answers are kept to be used again."""

    def __init__(self, backend: Backend, *, cached: bool) -> None:
        self._backend = backend
        self._cached = cached

    @property
    def notes(self) -> tuple[str, ...]:
        """Tell what the bounds leave out."""
        votes = self._backend.votes
        told = [_VOTES.format(votes=votes)] if votes > 1 else []
        return (*told, _REPAIRS, *([_CACHED] if self._cached else []))

    def forecast(self, page: PageContent, question: Question) -> Forecast:
        """Return the bounds for one page; nothing for one that is blank."""
        empty = unread(page)
        if empty is Outcome.BLANK:
            return Forecast()
        sees = self._backend.vision is not Vision.NEVER
        text = empty is None
        # A scan is asked about where it can be read or shown, which the server tries first.
        least = 1 if text else 0
        calls = Bounds(least, max(1, self._backend.votes))
        read = self._words(page if text else None, question)
        shown = sees and (not text or self._backend.vision is Vision.ALWAYS)
        single = Bounds(read.least, read.most + (IMAGE_TOKENS if shown else 0))
        given = _answer(prompt_of(question).form)
        return self._priced(
            calls,
            Bounds(calls.least * single.least, calls.most * single.most),
            Bounds(calls.least * given.least, calls.most * given.most),
        )

    def _words(self, page: PageContent | None, question: Question) -> Bounds:
        """Return the tokens of one call's words; of a scan its text may turn out to be anything."""
        prompt = prompt_of(question)
        fixed = len(prompt.system.encode())
        schema = len(prompt.schema_text.encode())
        most = self._backend.text_chars
        shown = len(page_text(page, most).encode()) if page else 0
        return Bounds(
            (fixed + shown) / _MOST_BYTES,
            # Strict forms send the schema beside the words; some providers count it.
            (fixed + schema + (shown if page else most)) / _FEWEST_BYTES,
        )

    def _priced(self, calls: Bounds, given: Bounds, answered: Bounds) -> Forecast:
        prices = self._backend.prices
        if prices is None:
            return Forecast(calls, given, answered)
        # At the least all that can be is read from the provider's own cache.
        least = prices.cost(round(given.least), round(given.least), round(answered.least))
        most = prices.cost(round(given.most), 0, round(answered.most))
        return Forecast(calls, given, answered, Bounds(min(least, most), max(least, most)))


def _answer(form: Form) -> Bounds:
    parts = form.criteria * (2 if form.quoted else 1)
    return Bounds(_LEAST_ANSWER + _LEAST_PART * parts, most_tokens(form))
