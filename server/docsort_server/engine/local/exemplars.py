"""Which types of documents the examples of a category look like, where its name does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.engine.local import evidence, mapping
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.type_model import TypeModel
    from docsort_server.engine.model import Category

# The mean belief under which a type is not what examples are of: one page in ten may look odd.
_LEAST = 0.1
# An A4 page in points: examples are texts that tell nothing of their paper.
_WIDTH, _HEIGHT = 595.0, 842.0


def linked(
    categories: Sequence[Category], links: Sequence[mapping.Links], least: float, types: TypeModel
) -> list[mapping.Links]:
    """Return links with those of examples, for categories whose own are all weaker than `least`.

    A type that examples are of is none of those that are left to a catch-all.
    """
    shown = [
        _shown(category.examples, types)
        if max(own.values(), default=0.0) < least and not mapping.is_rest(category.name)
        else {}
        for category, own in zip(categories, links, strict=True)
    ]
    claimed = {number for each in shown for number in each}
    found = []
    for category, own, more in zip(categories, links, shown, strict=True):
        rest = mapping.is_rest(category.name)
        kept = {n: power for n, power in own.items() if not (rest and n in claimed)}
        found.append({**kept, **more})
    return found


def _shown(texts: Sequence[str], types: TypeModel) -> mapping.Links:
    """Return how much examples are of each type (0..1), in the mean."""
    beliefs = [_believed(text, types) for text in texts]
    means = [sum(each) / len(beliefs) for each in zip(*beliefs, strict=True)]
    return {number: mean for number, mean in enumerate(means) if mean >= _LEAST}


def _believed(text: str, types: TypeModel) -> list[float]:
    page = PageContent(1, text, _WIDTH, _HEIGHT, len(text.split()), 0, 0, 0.0)
    reading = read(page)
    strengths = types.strengths(reading, facts(reading))
    some = 1.0 - evidence.none_fits(strengths)
    return [some * share for share in evidence.shares(strengths)]
