"""Which types of documents the examples of a category look like, where its name does not tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.documents.model import PageContent
from docsort_server.engine.local import evidence, mapping
from docsort_server.engine.local.layout import facts
from docsort_server.engine.local.reading import read

if TYPE_CHECKING:
    from collections.abc import Sequence

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.local.weights import TypeWeights
    from docsort_server.engine.model import Category

# The mean belief from which examples are of a type: it is likelier than all others together.
_LEAST = 0.5
# An A4 page in points: examples are texts that tell nothing of their paper.
_WIDTH, _HEIGHT = 595.0, 842.0


def linked(
    categories: Sequence[Category],
    links: Sequence[mapping.Links],
    least: float,
    lexicon: Lexicon,
    weights: TypeWeights,
) -> list[mapping.Links]:
    """Return links with those of examples, for categories whose own are all weaker than `least`.

    A type that examples are of is none of those that are left to a catch-all.
    """
    shown = [
        _shown(category.examples, lexicon, weights)
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


def _shown(texts: Sequence[str], lexicon: Lexicon, weights: TypeWeights) -> mapping.Links:
    beliefs = [_types(text, lexicon, weights) for text in texts]
    means = [sum(each) / len(beliefs) for each in zip(*beliefs, strict=True)]
    return {number: mean for number, mean in enumerate(means) if mean >= _LEAST}


def _types(text: str, lexicon: Lexicon, weights: TypeWeights) -> list[float]:
    page = PageContent(1, text, _WIDTH, _HEIGHT, len(text.split()), 0, 0, 0.0)
    reading = read(page)
    seen = evidence.gather(reading, facts(reading), lexicon)
    return evidence.posterior(seen, weights, lexicon.forms)
