"""Categories that say too little, each by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from docsort_server.engine.local import mapping
from docsort_server.engine.local.question import FAMILIAR
from docsort_server.engine.schema.findings import Finding, Kind, Place, Severity, quoted

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from docsort_server.engine.local.lexicon import Lexicon
    from docsort_server.engine.model import Category
    from docsort_server.engine.schema.categories import Profile

# Stems of a description and criteria that are enough to recognise pages by.
_TELLING_STEMS = 4
# The fewest letters of a word that may be a name rather than a code.
_LETTERS = 3


def judge(
    categories: Sequence[Category], found: Sequence[Profile], lexicon: Lexicon
) -> Iterator[Finding]:
    """Yield at most one finding for each category that is no catch-all and has no examples."""
    for number, (category, profile) in enumerate(zip(categories, found, strict=True)):
        if profile.rest or category.examples:
            # Pages are compared with examples, whatever the category is called.
            continue
        described = len(profile.described.parts) >= _TELLING_STEMS
        if not described and _says_little(category, profile, lexicon):
            yield _vague(number, category)
        elif max(profile.links.parts.values(), default=0.0) < FAMILIAR:
            yield _unfamiliar(number, category, described=described)
    if len(categories) == 1 and not found[0].rest:
        yield _lonely(categories[0])


def _says_little(category: Category, profile: Profile, lexicon: Lexicon) -> bool:
    if mapping.by_alias(category.name, lexicon):
        return False
    code = all(len(word) < _LETTERS or not word.isalpha() for word in profile.words)
    return code or not profile.stems - mapping.HEADS


def _vague(number: int, category: Category) -> Finding:
    reason = f"{quoted(category.name)} may mean any document, and hardly anything describes it."
    suggestion = "Give it a telling name, or a description and criteria that say what belongs here."
    return Finding(Kind.VAGUE_CATEGORY, Severity.WARNING, (Place(number),), reason, suggestion)


def _unfamiliar(number: int, category: Category, *, described: bool) -> Finding:
    reason = f"The embedded engine knows no type of document like {quoted(category.name)}"
    if described:
        return Finding(
            Kind.CATEGORY_UNFAMILIAR,
            Severity.NOTE,
            (Place(number),),
            f"{reason}, and finds it by the words of its description and criteria alone.",
            "Use the words that stand on such pages, give examples, or use a model.",
        )
    return Finding(
        Kind.CATEGORY_UNFAMILIAR,
        Severity.WARNING,
        (Place(number),),
        f"{reason}, and little describes it.",
        "Describe it in words that stand on such pages, give examples, or use a model.",
    )


def _lonely(category: Category) -> Finding:
    reason = (
        f"{quoted(category.name)} is the only category: in formats that know no outcome every "
        "document is one."
    )
    suggestion = "Add what else comes in, or a catch-all such as Other; or read the outcome."
    return Finding(Kind.MISSING_CATCH_ALL, Severity.NOTE, (), reason, suggestion)
