"""What a page looks like that fits none of the categories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.model import Outcome, Suggestion
from docsort_server.engine.suggestions import LEAST

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.question import CompiledQuestion


def suggest(
    outcome: Outcome, types: Sequence[float], question: CompiledQuestion, lexicon: Lexicon
) -> Suggestion | None:
    """Return the type of a page with NO_MATCH; None where no one type is likelier than all others.

    `types` is the type posterior. What a category is about is no suggestion, however likely.
    """
    if outcome is not Outcome.NO_MATCH or not question.unclaimed:
        return None
    belief, number = max((types[number] * part, number) for number, part in question.unclaimed)
    if belief < LEAST:
        return None
    entry = lexicon.types[number]
    return Suggestion(entry.id, entry.name, belief)
