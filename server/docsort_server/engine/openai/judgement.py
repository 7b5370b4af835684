"""From valid answers to a verdict: which category, how sure, which criteria are met."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from docsort_server.engine.model import ConfidenceSource, CriterionMark, Outcome, PageVerdict
from docsort_server.engine.openai.confidence import option_chances, truth_chances
from docsort_server.engine.openai.evidence import searchable, verified
from docsort_server.engine.outcome import decide

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.model import Question
    from docsort_server.engine.openai.answer import Answer, Form
    from docsort_server.engine.openai.reply import Reply


@dataclass(frozen=True, slots=True)
class Given:
    """A valid answer with the reply that held it."""

    answer: Answer
    reply: Reply


def judge(
    given: Sequence[Given], question: Question, form: Form, page: str, temperature: float = 1.0
) -> tuple[PageVerdict, float | None]:
    """Return the verdict of one answer, or of several that vote, and the mass behind the scores.

    Without token probabilities and votes nothing tells how sure the model is: there are no
    scores then, and the verdict has the label alone.
    """
    first = given[0]
    if len(given) > 1:
        return _voted(given, question, form, page), None
    chances = option_chances(first.reply.tokens, form.codes, temperature)
    sure = truth_chances(first.reply.tokens)
    confidences = [
        None if key not in sure else sure[key] if met else 1.0 - sure[key]
        for key, met in zip(form.met_keys, first.answer.met, strict=True)
    ]
    criteria = _marks(question, first.answer, first.answer.met, confidences, page)
    if chances is None:
        return _unscored(first, question, form, criteria), None
    scores, no_match = chances.options[:-1], chances.options[-1]
    verdict = PageVerdict(
        outcome=decide(scores, no_match, question),
        scores=scores,
        criteria=criteria,
        no_match_score=no_match,
        raw_result=_said(first, form),
        confidence_source=ConfidenceSource.TOKEN_PROBABILITIES,
    )
    return verdict, chances.mass


def _unscored(
    given: Given, question: Question, form: Form, criteria: tuple[tuple[CriterionMark, ...], ...]
) -> PageVerdict:
    matched = given.answer.option < len(question.categories)
    return PageVerdict(
        outcome=Outcome.MATCHED if matched else Outcome.NO_MATCH,
        criteria=criteria,
        raw_result=_said(given, form),
        label=given.answer.option if matched else None,
    )


def _voted(given: Sequence[Given], question: Question, form: Form, page: str) -> PageVerdict:
    votes = Counter(each.answer.option for each in given)
    scores = tuple(votes[option] / len(given) for option in range(len(question.categories)))
    no_match = votes[len(question.categories)] / len(given)
    winner = votes.most_common(1)[0][0]
    spoken = next(each for each in given if each.answer.option == winner)
    shares = [
        sum(each.answer.met[index] for each in given) / len(given)
        for index in range(len(spoken.answer.met))
    ]
    met = tuple(share >= 0.5 for share in shares)
    confidences = [max(share, 1.0 - share) for share in shares]
    return PageVerdict(
        outcome=decide(scores, no_match, question),
        scores=scores,
        criteria=_marks(question, spoken.answer, met, confidences, page),
        no_match_score=no_match,
        raw_result=_said(spoken, form),
        confidence_source=ConfidenceSource.VOTED,
    )


def _said(given: Given, form: Form) -> str:
    """Return the category as the model said it: its code."""
    return form.codes[given.answer.option]


def _marks(
    question: Question,
    answer: Answer,
    met: Sequence[bool],
    confidences: Sequence[float | None],
    page: str,
) -> tuple[tuple[CriterionMark, ...], ...]:
    """Return the marks by category; a quote stands beside a criterion that is met."""
    text = searchable(page) if any(answer.quotes) else ""
    quotes = answer.quotes or ("",) * len(met)
    marks = (
        CriterionMark(yes, confidence, verified(quote, text) if yes else "")
        for yes, confidence, quote in zip(met, confidences, quotes, strict=True)
    )
    return tuple(tuple(islice(marks, len(each.criteria))) for each in question.categories)
